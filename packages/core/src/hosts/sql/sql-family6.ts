/** DHCPv6 reservations in Kea's tables. */
import type { Reservation6Config } from "../../config/dhcp6-config.ts";
import { type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { LeaseType6 } from "../../leases/model/lease6.ts";
import { hostTable6 } from "../file/host-table6.ts";
import type { HostIdentifierType6 } from "../model/host6.ts";
import type { HostColumns } from "./host-columns.ts";
import {
  field,
  give,
  noColumnFor,
  RowFault,
  readClasses,
  readContext,
  readIdentifier,
  readOptions,
  type SqlField,
  writeContext,
  writeIdentifier,
  writeOption,
} from "./host-rows.ts";
import type { SqlFamily } from "./sql-family.ts";

export const sqlFamily6: SqlFamily<HostIdentifierType6, Ipv6Key, Reservation6Config> = {
  ...hostTable6,
  family: 6,
  columns: ["hostname", "dhcp6_client_classes", "user_context"],
  addressKind: "address6",
  columnOf: (address) => address,
  addressOf: (shown) => parseIpv6Key(String(shown))!,
  read: ([type, identifier, hostname, classes, context, options, leases]) => {
    const entry = { ...readIdentifier(type, identifier), ...readLeases(leases) };
    give(entry, "hostname", hostname);
    give(entry, "client-classes", readClasses(classes));
    give(entry, "user-context", readContext(context));
    give(entry, "option-data", readOptions(options, "dhcp6_options"));
    return entry;
  },
  write: (reservation, columns) => ({
    host: [
      ...writeIdentifier(hostTable6.identifierOf(reservation)),
      field("hostname", "text", reservation.hostname),
      field("dhcp6_client_classes", "text", reservation["client-classes"].join(",")),
      writeContext(reservation),
    ],
    options: reservation["option-data"].map((entry) => writeOption(entry, "dhcp6", columns)),
    leases: writeLeases(reservation, columns),
  }),
};

/** Columns of a row of `ipv6_reservations`. */
type LeaseRow = readonly [
  id: number,
  address: string,
  length: number,
  type: number,
  excluded: string | null,
  excludedLength: number | null,
];

/** @throws RowFault */
function readLeases(rows: unknown): object {
  const addresses: string[] = [];
  const prefixes: string[] = [];
  const excludedPrefixes: string[] = [];
  for (const [id, address, length, type, excluded, excludedLength] of rows as readonly LeaseRow[]) {
    if (type === LeaseType6.address) addresses.push(address);
    else if (type === LeaseType6.prefix) {
      prefixes.push(`${address}/${length}`);
      excludedPrefixes.push(excluded === null || Number(excludedLength) === 0 ? "" : `${excluded}/${excludedLength}`);
    } else
      throw new RowFault(
        `ipv6_reservations.reservation_id ${id}: type`,
        type,
        "is neither 0 for an address nor 2 for a prefix",
      );
  }
  return {
    ...(addresses.length > 0 && { "ip-addresses": addresses }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(excludedPrefixes.some((text) => text !== "") && { "excluded-prefixes": excludedPrefixes }),
  };
}

function writeLeases(
  { "ip-addresses": addresses, prefixes, "excluded-prefixes": excluded }: Reservation6Config,
  { hasExcludedPrefixes }: HostColumns,
) {
  if (excluded.some((text) => text !== "") && !hasExcludedPrefixes) throw noColumnFor("excluded-prefixes");
  const row = (address: Ipv6Key, length: number, type: LeaseType6): readonly SqlField[] => [
    field("address", "address6", address),
    field("prefix_len", "number", length),
    field("type", "number", type),
  ];
  return [
    ...addresses.map((text) => row(parseIpv6Key(text)!, 128, LeaseType6.address)),
    ...prefixes.map((text, i) => {
      const { address, length } = parsePrefix(text);
      return [...row(address, length, LeaseType6.prefix), ...(hasExcludedPrefixes ? writeExcluded(excluded[i]) : [])];
    }),
  ];
}

function writeExcluded(text = ""): readonly SqlField[] {
  const { address, length } = text === "" ? { address: null, length: 0 } : parsePrefix(text);
  return [field("excluded_prefix", "address6", address), field("excluded_prefix_len", "number", length)];
}

function parsePrefix(text: string): { readonly address: Ipv6Key; readonly length: number } {
  const [address, length] = text.split("/");
  return { address: parseIpv6Key(address!)!, length: Number(length) };
}
