/** Keys that older versions of Kea had, or that belong elsewhere: what to write instead. */
import type { ConfigRoot } from "../config-family.ts";

interface RemovedKey {
  readonly key: string;
  /** Only inside this map; anywhere when not given. */
  readonly inside?: string;
  /** Only in files of this family, by their one key; in all when not given. */
  readonly root?: ConfigRoot;
  /** `{root}` in it stands for the file's one key. */
  readonly fix: string;
}

const ELSEWHERE = "put it into a file of its own";
const OF_DHCPV4 = "it belongs to DHCPv4; remove it";
const OF_DHCPV6 = "it belongs to DHCPv6; remove it";
const CASSANDRA = "Cassandra is no longer a back-end; use memfile, mysql or postgresql";

const REMOVED_KEYS: readonly RemovedKey[] = [
  {
    key: "reservation-mode",
    fix: 'write "reservations-global", "reservations-in-subnet" and "reservations-out-of-pool" instead',
  },
  { key: "ip-address", inside: "relay", fix: 'write "ip-addresses": [ … ] instead' },
  { key: "ip-address", inside: "reservations", root: "Dhcp6", fix: 'write "ip-addresses": [ … ] instead' },
  { key: "Logging", fix: 'put its "loggers" into "{root}"' },
  ...["Dhcp4", "Dhcp6", "DhcpDdns"].map((key) => ({ key, fix: ELSEWHERE })),
  { key: "Control-agent", fix: 'remove it and write "control-sockets" in "{root}"' },
  ...[
    "override-no-update",
    "override-client-update",
    "replace-client-name",
    "generated-prefix",
    "qualifying-suffix",
  ].map((key) => ({ key, inside: "dhcp-ddns", fix: `write "ddns-${key}" in "{root}" instead` })),
  { key: "hostname-char-set", inside: "dhcp-ddns", fix: 'write it in "{root}" instead' },
  { key: "hostname-char-replacement", inside: "dhcp-ddns", fix: 'write it in "{root}" instead' },
  ...[
    "contact-points",
    "keyspace",
    "consistency",
    "serial-consistency",
    "request-timeout",
    "tcp-keepalive",
    "tcp-nodelay",
  ].map((key) => ({ key, fix: CASSANDRA })),
  ...["preferred-lifetime", "rapid-commit", "pd-pools", "interface-id", "subnet6", "server-id", "mac-sources"].map(
    (key) => ({ key, root: "Dhcp4" as const, fix: OF_DHCPV6 }),
  ),
  ...[
    "subnet4",
    "dhcp-socket-type",
    "outbound-interface",
    "authoritative",
    "match-client-id",
    "echo-client-id",
    "next-server",
    "server-hostname",
    "boot-file-name",
    "offer-lifetime",
    "stash-agent-options",
    "client-id",
    "circuit-id",
  ].map((key) => ({ key, root: "Dhcp6" as const, fix: OF_DHCPV4 })),
];

/**
 * @param inside the key of the map around it, when it has one
 * @param root the file's one key
 * @returns what to do about the key
 */
export function findRemovedKey(key: string, inside: string | undefined, root: string | undefined): string | undefined {
  const found = REMOVED_KEYS.find(
    (removed) =>
      removed.key === key && (removed.inside ?? inside) === inside && (removed.root ?? root) === root && key !== root,
  );
  return found?.fix.replace("{root}", root ?? "");
}
