/** DHCPv4 reservations in Kea's tables. */
import type { Reservation4Config } from "../../config/dhcp4-config.ts";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { hostTable4 } from "../file/host-table4.ts";
import type { HostIdentifierType4 } from "../model/host4.ts";
import {
  field,
  give,
  type HostRows,
  readClasses,
  readContext,
  readIdentifier,
  readOptions,
  writeContext,
  writeIdentifier,
  writeOption,
} from "./host-rows.ts";
import type { SqlFamily } from "./sql-family.ts";

export const sqlFamily4: SqlFamily<HostIdentifierType4, Ipv4, Reservation4Config> = {
  ...hostTable4,
  family: 4,
  columns: [
    "ipv4_address",
    "hostname",
    "dhcp4_client_classes",
    "dhcp4_next_server",
    "dhcp4_server_hostname",
    "dhcp4_boot_file_name",
    "user_context",
  ],
  addressKind: "number",
  columnOf: (address) => address,
  addressOf: Number,
  read: ([
    type,
    identifier,
    address,
    hostname,
    classes,
    nextServer,
    serverHostname,
    bootFileName,
    context,
    options,
  ]) => {
    const entry = readIdentifier(type, identifier);
    give(entry, "ip-address", readAddress(address));
    give(entry, "hostname", hostname);
    give(entry, "client-classes", readClasses(classes));
    give(entry, "next-server", readAddress(nextServer));
    give(entry, "server-hostname", serverHostname);
    give(entry, "boot-file-name", bootFileName);
    give(entry, "user-context", readContext(context));
    give(entry, "option-data", readOptions(options, "dhcp4_options"));
    return entry;
  },
  write: (reservation, columns): HostRows => ({
    host: [
      ...writeIdentifier(hostTable4.identifierOf(reservation)),
      field("ipv4_address", "number", writeAddress(reservation["ip-address"]) || null),
      field("hostname", "text", reservation.hostname),
      field("dhcp4_client_classes", "text", reservation["client-classes"].join(",")),
      field("dhcp4_next_server", "number", writeAddress(reservation["next-server"])),
      field("dhcp4_server_hostname", "text", reservation["server-hostname"] ?? ""),
      field("dhcp4_boot_file_name", "text", reservation["boot-file-name"] ?? ""),
      writeContext(reservation),
    ],
    options: reservation["option-data"].map((entry) => writeOption(entry, "dhcp4", columns)),
    leases: [],
  }),
};

/** In Kea's tables 0 is none, as NULL is. */
function readAddress(value: unknown): string | null {
  const address = Number(value ?? 0);
  return address === 0 ? null : formatIpv4(address);
}

function writeAddress(text: string | undefined): Ipv4 {
  return text === undefined || text === "" ? 0 : parseIpv4(text)!;
}
