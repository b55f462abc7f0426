/** Keys that older versions of Kea had, or that belong elsewhere: what to write instead. */

interface RemovedKey {
  readonly key: string;
  /** Only inside this map; anywhere when not given. */
  readonly inside?: string;
  readonly fix: string;
}

const REMOVED_KEYS: readonly RemovedKey[] = [
  {
    key: "reservation-mode",
    fix: 'write "reservations-global", "reservations-in-subnet" and "reservations-out-of-pool" instead',
  },
  { key: "ip-address", inside: "relay", fix: 'write "ip-addresses": [ … ] instead' },
  { key: "Logging", fix: 'put its "loggers" into "Dhcp4"' },
  { key: "Dhcp6", fix: "put it into a file of its own" },
  { key: "DhcpDdns", fix: "put it into a file of its own" },
  { key: "Control-agent", fix: 'remove it and write "control-sockets" in "Dhcp4"' },
  ...[
    "override-no-update",
    "override-client-update",
    "replace-client-name",
    "generated-prefix",
    "qualifying-suffix",
  ].map((key) => ({ key, inside: "dhcp-ddns", fix: `write "ddns-${key}" in "Dhcp4" instead` })),
  { key: "hostname-char-set", inside: "dhcp-ddns", fix: 'write it in "Dhcp4" instead' },
  { key: "hostname-char-replacement", inside: "dhcp-ddns", fix: 'write it in "Dhcp4" instead' },
  ...[
    "contact-points",
    "keyspace",
    "consistency",
    "serial-consistency",
    "request-timeout",
    "tcp-keepalive",
    "tcp-nodelay",
  ].map((key) => ({ key, fix: "Cassandra is no longer a back-end; use memfile, mysql or postgresql" })),
  ...["preferred-lifetime", "rapid-commit", "pd-pools", "interface-id", "subnet6", "server-id", "mac-sources"].map(
    (key) => ({
      key,
      fix: "it belongs to DHCPv6; remove it",
    }),
  ),
];

/** @param inside the key of the map around it, when it has one */
export function findRemovedKey(key: string, inside: string | undefined): RemovedKey | undefined {
  return REMOVED_KEYS.find((removed) => removed.key === key && (removed.inside ?? inside) === inside);
}
