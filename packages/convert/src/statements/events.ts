/** `on commit { … }`: what takes the place of statements that run at an event of a lease. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";

/** dhcpd's events by the words with which libdhcp_run_script.so calls its script. */
const EVENTS: Readonly<Record<string, string>> = {
  commit: "leases%_committed",
  release: "lease%_release",
  expiry: "lease%_expire",
};

/** @returns what to do, as an imperative */
export function adviceOnEvents(clause: Clause, family: 4 | 6): string {
  const programs = [...new Set(programsIn(clause.block ?? []))];
  if (programs.length === 0)
    return "leave it out if it is for the log: libdhcp_legal_log.so, which Kotare and Kea 3 have, logs leases";
  const events = clause.head.slice(1).flatMap(({ text }) => EVENTS[text.toLowerCase()] ?? []);
  const names = events.map((event) => event.replace("%", String(family)));
  const lease = events.includes("leases%_committed") ? `LEASES${family}_AT0_` : `LEASE${family}_`;
  const parts = ["ADDRESS", family === 4 ? "HWADDR" : "DUID", "HOSTNAME"].map((part) => `$${lease}${part}`);
  return `write a script that runs ${programs.join(" and ")} when $1 is ${names.join(" or ")}, with ${parts.join(", ")}, and add { "library": "libdhcp_run_script.so", "parameters": { "name": "SCRIPT", "sync": false } } to hooks-libraries`;
}

function programsIn(clauses: readonly Clause[]): string[] {
  return clauses.flatMap(({ head, block = [] }) => {
    const inside = programsIn(block);
    const program = head.find(({ kind }) => kind === "string");
    return keywordOf({ head }) === "execute" && program !== undefined ? [program.text, ...inside] : inside;
  });
}
