/** Names of loggers and of where they write. Kea accepts any name and logs nothing for those that do not exist. */
import type { LoggerConfig } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import { findNearest } from "../known-keys.ts";
import { listAlternatives } from "../load/explain-issue.ts";
import type { Report } from "./report.ts";

/** Parts that every daemon may have; each has one more, of its own name. */
const PARTS = [
  "alloc-engine",
  "asiolink",
  "auth",
  "bad-packets",
  "callouts",
  "commands",
  "database",
  "dctl",
  "ddns",
  "dhcpsrv",
  "eval",
  "hooks",
  "hosts",
  "http",
  "leases",
  "options",
  "packets",
  "tcp",
];

const FACILITIES = [
  "auth",
  "authpriv",
  "cron",
  "daemon",
  "ftp",
  "kern",
  "lpr",
  "mail",
  "news",
  "syslog",
  "user",
  "uucp",
  ...Array.from({ length: 8 }, (_, i) => `local${i}`),
];

/** Parts that only the DNS updater has. */
const DDNS_PARTS = ["d2-to-dns", "dhcp-to-d2", "dhcpddns", "libdhcp-ddns"];

/** @param daemon as loggers call it */
export function checkLoggers(
  loggers: readonly LoggerConfig[],
  daemon: "dhcp4" | "dhcp6" | "dhcp-ddns",
  pointer: Pointer,
  report: Report,
): void {
  const root = `kea-${daemon}`;
  const known = [
    root,
    ...[...PARTS, ...(daemon === "dhcp-ddns" ? DDNS_PARTS : [daemon])].map((part) => `${root}.${part}`),
  ];
  const seen = new Set<string>();
  loggers.forEach((logger, i) => {
    const fault = { pointer: [...pointer, i, "name"], value: logger.name, severity: "warning" } as const;
    if (seen.has(logger.name)) report({ ...fault, message: "is configured twice; the last one counts" });
    seen.add(logger.name);
    const isHook = logger.name.startsWith(`${root}.`) && logger.name.endsWith("-hooks");
    if (!isHook && !known.includes(logger.name)) {
      const nearest = findNearest(logger.name, known);
      const fix =
        nearest === undefined ? `names are "${root}" and "${root}.leases" and such` : `did you mean "${nearest}"?`;
      report({ ...fault, message: "is no logger of this daemon", fix });
    }
    logger["output-options"].forEach(({ output }, j) => {
      const place = {
        pointer: [...pointer, i, "output-options", j, "output"],
        value: output,
        severity: "error",
      } as const;
      const facility = /^syslog:(.*)$/.exec(output)?.[1];
      if (output === "") report({ ...place, message: "is no place to write to", fix: 'write "stdout" or a file' });
      if (facility === undefined || FACILITIES.includes(facility)) return;
      report({ ...place, message: "names no syslog facility", fix: `write one of ${listAlternatives(FACILITIES)}` });
    });
  });
}
