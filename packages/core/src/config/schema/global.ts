/** Keys of the global scope that both families have. */
import { z } from "zod";
import { ConfigControl, HostsDatabase, LeaseDatabase } from "./databases.ts";
import { DhcpDdns } from "./ddns.ts";
import { count, flag, freeMap, remarks, seconds, text } from "./field.ts";
import { inheritedNames } from "./inherited.ts";
import { asKea, isEmpty } from "./kea-form.ts";
import { loggers } from "./loggers.ts";
import { ExpiredLeasesProcessing, MultiThreading, SanityChecks } from "./upkeep.ts";

export const HooksLibrary = z.strictObject({
  library: text("The library's name or path."),
  parameters: freeMap("The library's own settings.").optional(),
  ...remarks,
});

export const globalKeys = {
  "lease-database": LeaseDatabase.prefault({ type: "memfile" }),
  "decline-probation-period": seconds("How long an address that a client declined is kept out of use.").default(86400),
  "early-global-reservations-lookup": flag("Look for global reservations before the subnet is chosen.").default(false),
  "ip-reservations-unique": flag("Whether an address may be reserved only once in a subnet.").default(true),
  "reservations-lookup-first": flag(
    "Kea: whether reservations are looked for before leases. It has no effect here.",
  ).default(false),
  "expired-leases-processing": ExpiredLeasesProcessing.prefault({}),
  "sanity-checks": SanityChecks.prefault({}),
  "multi-threading": asKea(MultiThreading.optional(), { complete: () => ({}) }),
  "parked-packet-limit": count("How many packets may wait for extensions; 0 is no limit.").default(256),
  "dhcp-ddns": DhcpDdns.prefault({ "enable-updates": false }),
  "dhcp4o6-port": z
    .int()
    .min(0)
    .max(65534)
    .default(0)
    .describe("DHCPv4 over DHCPv6: the port of dhcp6d on ::1; dhcp4d has the next one. 0 is off."),
  "hosts-databases": asKea(z.array(HostsDatabase).optional().describe("Databases of reservations."), {
    single: "hosts-database",
    isSilent: isEmpty,
  }),
  "hosts-database": HostsDatabase.transform((database) => [database])
    .optional()
    .describe("The older form of `hosts-databases`, with one database."),
  "config-control": ConfigControl.optional(),
  "hooks-libraries": z.array(HooksLibrary).default([]).describe("Extensions."),
  ...loggers,
  "server-tag": text("The name under which configuration databases know this server.").default(""),
  "statistic-default-sample-count": count(
    "How many samples of each statistic are kept; with 0 their age decides.",
  ).default(20),
  "statistic-default-sample-age": seconds(
    "How long samples of each statistic are kept, if `statistic-default-sample-count` is 0.",
  ).default(0),
};

/** For `renamed`. */
export const globalNames = {
  ...inheritedNames,
  "control-socket": "control-sockets",
  "hosts-database": "hosts-databases",
} as const;

export const globalDefaults = {
  "ddns-conflict-resolution-mode": "check-with-dhcid",
  "control-sockets": [],
  "hosts-databases": [],
} as const;
