/** Names of loggers and of where they write. Kea accepts any name and logs nothing for those that do not exist. */
import type { LoggerConfig } from "../dhcp4-config.ts";
import { listAlternatives } from "../explain-issue.ts";
import type { Pointer } from "../fault.ts";
import { findNearest } from "../known-keys.ts";
import type { Report } from "./report.ts";

const ROOT = "kea-dhcp4";
const CHILDREN = [
  "alloc-engine",
  "asiolink",
  "auth",
  "bad-packets",
  "callouts",
  "commands",
  "database",
  "dctl",
  "ddns",
  "dhcp4",
  "dhcpsrv",
  "eval",
  "hooks",
  "hosts",
  "http",
  "leases",
  "options",
  "packets",
  "tcp",
].map((child) => `${ROOT}.${child}`);

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

export function checkLoggers(loggers: readonly LoggerConfig[], pointer: Pointer, report: Report): void {
  const seen = new Set<string>();
  loggers.forEach((logger, i) => {
    const fault = { pointer: [...pointer, i, "name"], value: logger.name, severity: "warning" } as const;
    if (seen.has(logger.name)) report({ ...fault, message: "is configured twice; the last one counts" });
    seen.add(logger.name);
    const isKnown = logger.name === ROOT || CHILDREN.includes(logger.name) || /^kea-dhcp4\..+-hooks$/.test(logger.name);
    if (!isKnown) {
      const nearest = findNearest(logger.name, [ROOT, ...CHILDREN]);
      const fix =
        nearest === undefined ? `names are "${ROOT}" and "${ROOT}.leases" and such` : `did you mean "${nearest}"?`;
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
