/** The whole of a DHCPv4 server's configuration: `{ "Dhcp4": { … } }`. */
import { z } from "zod";
import { ClientClass4 } from "./client-classes.ts";
import { ControlSocket } from "./control-sockets.ts";
import { ConfigControl, HostsDatabase, LeaseDatabase } from "./databases.ts";
import { DhcpDdns } from "./ddns.ts";
import { count, flag, freeMap, port, remarks, seconds, text } from "./field.ts";
import { inheritedDefaults4, inheritedNames4 } from "./inherited4.ts";
import { InterfacesConfig4 } from "./interfaces-config.ts";
import { Logger } from "./loggers.ts";
import { OptionDef4, optionData4 } from "./option-data.ts";
import { renamed } from "./renamed.ts";
import { IDENTIFIER_TYPES, reservations4 } from "./reservation4.ts";
import { SharedNetwork4, Subnet4 } from "./subnet4.ts";
import { Compatibility4, ExpiredLeasesProcessing, MultiThreading, QueueControl, SanityChecks } from "./upkeep.ts";

const HooksLibrary = z.strictObject({
  library: text("The library's name or path."),
  parameters: freeMap("The library's own settings.").optional(),
  ...remarks,
});

const Dhcp4 = renamed(
  z.strictObject({
    "interfaces-config": InterfacesConfig4.prefault({}),
    "lease-database": LeaseDatabase.prefault({ type: "memfile" }),
    ...inheritedDefaults4,
    "decline-probation-period": seconds("How long an address that a client declined is kept out of use.").default(
      86400,
    ),
    "echo-client-id": flag("Send the client identifier back (RFC 6842).").default(true),
    "stash-agent-options": flag(
      "Use the relay information kept with the lease when a client renews by itself.",
    ).default(false),
    "early-global-reservations-lookup": flag("Look for global reservations before the subnet is chosen.").default(
      false,
    ),
    "ip-reservations-unique": flag("Refuse two reservations of one address in a subnet.").default(true),
    "reservations-lookup-first": flag("Kea: look for reservations before leases; makes no difference here.").default(
      false,
    ),
    "host-reservation-identifiers": z
      .array(z.enum(IDENTIFIER_TYPES))
      .default(["hw-address", "duid", "circuit-id", "client-id"])
      .describe("By what reservations are looked up, and in which order."),
    "option-def": z.array(OptionDef4).default([]).describe("Definitions of options of the operator's own."),
    ...optionData4,
    ...reservations4,
    subnet4: z.array(Subnet4).default([]).describe("The subnets outside of shared networks."),
    "shared-networks": z.array(SharedNetwork4).default([]).describe("Groups of subnets on one link."),
    "client-classes": z.array(ClientClass4).default([]).describe("Classes of clients."),
    "expired-leases-processing": ExpiredLeasesProcessing.prefault({}),
    "sanity-checks": SanityChecks.prefault({}),
    compatibility: Compatibility4.prefault({}),
    "multi-threading": MultiThreading.optional(),
    "dhcp-queue-control": QueueControl.optional(),
    "parked-packet-limit": count("Kea: how many packets may wait for hooks; 0 is no limit.").default(256),
    "dhcp-ddns": DhcpDdns.prefault({ "enable-updates": false }),
    "dhcp4o6-port": port("DHCPv4 over DHCPv6: the port shared with the DHCPv6 server; 0 is off.").default(0),
    "control-sockets": z.array(ControlSocket).optional().describe("Where commands come in."),
    "control-socket": ControlSocket.transform((socket) => [socket])
      .optional()
      .describe("Old spelling of `control-sockets` with one socket."),
    "hosts-databases": z.array(HostsDatabase).optional().describe("Databases of reservations."),
    "hosts-database": HostsDatabase.transform((database) => [database])
      .optional()
      .describe("Old spelling of `hosts-databases` with one database."),
    "config-control": ConfigControl.optional(),
    "hooks-libraries": z.array(HooksLibrary).default([]).describe("Extensions."),
    loggers: z.array(Logger).default([]).describe("What is logged, and where to."),
    "server-tag": text("The name under which configuration databases know this server.").default(""),
    "statistic-default-sample-count": count("How many samples of a statistic are kept.").default(20),
    "statistic-default-sample-age": seconds("How long samples of a statistic are kept; 0 is not by age.").default(0),
    ...remarks,
  }),
  { ...inheritedNames4, "control-socket": "control-sockets", "hosts-database": "hosts-databases" },
  { "ddns-conflict-resolution-mode": "check-with-dhcid", "control-sockets": [], "hosts-databases": [] },
);

/** The file: nothing may stand beside `Dhcp4`. */
export const Dhcp4File = z.strictObject({ Dhcp4: Dhcp4.describe("The DHCPv4 server.") });
