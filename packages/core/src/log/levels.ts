/** Severities and the tree of loggers, as Kea's configuration names them. */

/** Most severe first. */
export const severities = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG"] as const;
export type Severity = (typeof severities)[number];

/** What `loggers[].severity` may be. */
export type Threshold = Severity | "NONE";

/**
 * Kea's child loggers: `""` is the root, `kea-dhcp4`, and `leases` is `kea-dhcp4.leases`. Messages carry their
 * position in this table, so that the level check is one array read.
 */
export const loggerNames = [
  "",
  "alloc-engine",
  "auth",
  "bad-packets",
  "callouts",
  "commands",
  "d2-to-dns",
  "database",
  "dctl",
  "ddns",
  "dhcp4",
  "dhcp-to-d2",
  "dhcp6",
  "dhcpddns",
  "dhcpsrv",
  "eval",
  "ha-hooks",
  "hooks",
  "hosts",
  "lease-query-hooks",
  "leases",
  "legal-log",
  "options",
  "packets",
  "perfmon-hooks",
  "tcp",
] as const;
export type LoggerName = (typeof loggerNames)[number];

/** Debug levels by purpose; a logger at `debuglevel` n shows all levels up to n. */
export const DebugLevel = {
  /** Start, stop, reload. */
  start: 0,
  command: 10,
  /** Why a packet was dropped. */
  drop: 15,
  trace: 40,
  detail: 45,
  /** One line a packet. */
  packet: 50,
  /** Whole packets. */
  packetData: 55,
} as const;

/** Severity and debug level as one number: a message is written when its rank is at most its logger's. */
export function rankOf(severity: Threshold, debugLevel = 0): number {
  if (severity === "NONE") return 0;
  return 1 + severities.indexOf(severity) + (severity === "DEBUG" ? debugLevel : 0);
}
