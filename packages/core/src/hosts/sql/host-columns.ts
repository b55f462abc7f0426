/** Kea's tables of reservations, and what we read and write in them. */
import type { SchemaVersion } from "../../leases/database/kea-schema.ts";

/** Of `ipv6_reservations`. */
const EXCLUDED_SINCE: SchemaVersion = 25;
/** Of the tables of options. */
const OPTION_CLASSES_SINCE: SchemaVersion = 26;

/** What a database of some version has columns for. */
export interface HostColumns {
  readonly hasExcludedPrefixes: boolean;
  readonly hasOptionClasses: boolean;
}

export function hostColumns(version: SchemaVersion): HostColumns {
  return { hasExcludedPrefixes: version >= EXCLUDED_SINCE, hasOptionClasses: version >= OPTION_CLASSES_SINCE };
}

export interface HostTable {
  readonly name: string;
  readonly columns: readonly string[];
}

export function hostTables(version: SchemaVersion): readonly HostTable[] {
  const { hasExcludedPrefixes, hasOptionClasses } = hostColumns(version);
  const options = (name: string): HostTable => ({
    name,
    columns: [
      ...["option_id", "code", "value", "formatted_value", "space", "persistent", "cancelled", "user_context"],
      ...["host_id", "scope_id", ...(hasOptionClasses ? ["client_classes"] : [])],
    ],
  });
  const excluded = hasExcludedPrefixes ? ["excluded_prefix", "excluded_prefix_len"] : [];
  return [
    {
      name: "hosts",
      columns: [
        ...["host_id", "dhcp_identifier", "dhcp_identifier_type", "dhcp4_subnet_id", "dhcp6_subnet_id", "ipv4_address"],
        ...["hostname", "dhcp4_client_classes", "dhcp6_client_classes", "dhcp4_next_server", "dhcp4_server_hostname"],
        ...["dhcp4_boot_file_name", "user_context"],
      ],
    },
    { name: "ipv6_reservations", columns: ["reservation_id", "address", "prefix_len", "type", "host_id", ...excluded] },
    options("dhcp4_options"),
    options("dhcp6_options"),
  ];
}
