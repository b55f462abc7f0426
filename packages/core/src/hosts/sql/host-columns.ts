/** Kea's tables of reservations, and what we read and write in them. */

const options = (name: string) => ({
  name,
  columns: [
    ...["option_id", "code", "value", "formatted_value", "space", "persistent", "cancelled", "user_context"],
    ...["host_id", "scope_id"],
  ],
});

export const HOST_TABLES: readonly { readonly name: string; readonly columns: readonly string[] }[] = [
  {
    name: "hosts",
    columns: [
      ...["host_id", "dhcp_identifier", "dhcp_identifier_type", "dhcp4_subnet_id", "dhcp6_subnet_id", "ipv4_address"],
      ...["hostname", "dhcp4_client_classes", "dhcp6_client_classes", "dhcp4_next_server", "dhcp4_server_hostname"],
      ...["dhcp4_boot_file_name", "user_context"],
    ],
  },
  { name: "ipv6_reservations", columns: ["reservation_id", "address", "prefix_len", "type", "host_id"] },
  options("dhcp4_options"),
  options("dhcp6_options"),
];
