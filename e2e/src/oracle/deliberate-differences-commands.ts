/** Where answers to commands are others than Kea's on purpose. Every entry has a reason; one that no longer differs fails. */

export interface CommandDifference {
  /** All of the line of the call. */
  readonly line: RegExp;
  /** All of the way to what differs. */
  readonly path: RegExp;
  readonly reason: string;
}

/** From every Kea's. */
const always: readonly CommandDifference[] = [
  {
    line: /version-get( null)?/,
    path: /text/,
    reason: "It is another program.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.(stat-)?lease[46]-.*/,
    reason: "Each daemon has the commands of its own leases; some are of later versions of Kea.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.(extended-info[46]|class|remote|reservation|(subnet|network)[46])-.*/,
    reason: "They are built in, whether a library is named or not.",
  },
  {
    line: /stat-lease[46]-get.*/,
    path: /arguments\.result-set\.rows\[\d\]\[[26]\]/,
    reason: "A lease that a command gives is one given: it counts in what has been given since the start.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.(interface-.*|kea-lfc-start|statistic-global-get-all)/,
    reason: "They are of versions after 3.0.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.sflq-pool[46]-.*/,
    reason: "They are of versions after 3.0; each daemon has those of its own pools.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.event-get/,
    reason: "It is ours: the web page asks for it.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.packet-(explain|record-.*)/,
    reason: "They are ours: they say why a client gets what it gets.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.(forcerenew|reconfigure)/,
    reason: "They are ours: no Kea calls its clients.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.ddns-resend/,
    reason: "It is ours: Kea sends the names of one lease at a time.",
  },
  {
    line: /list-commands/,
    path: /arguments\.ha-sync-begin-notify/,
    reason: "It is ours: while one of ours fetches all leases, the other goes on serving.",
  },
  {
    line: /ha-heartbeat.*/,
    path: /arguments\.healing.*/,
    reason: "It is ours: a partner that has it heals.",
  },
  {
    line: /ha-maintenance-start \{"server-name":"nosuch"\}/,
    path: /result|text/,
    reason: "A name that is nobody's is an error in every command.",
  },
  {
    line: /status-get.*/,
    path: /arguments\.lease-database/,
    reason: "Kea says no more than whether it serves.",
  },
  {
    line: /status-get( null)?/,
    path: /arguments\.csv-lease-file/,
    reason: "Kea has it since 3.1.2; Stork follows the leases of that file.",
  },
];

/** From Kea 2.6.3's. */
export const deliberateCommands: readonly CommandDifference[] = [
  ...always,
  {
    line: /status-get/,
    path: /arguments\.high-availability\[0\]\.ha-servers\.(local\.system-time|remote\.(system-time|clock-skew))/,
    reason: "They are of Kea 3: an operator sees when the clocks go apart.",
  },
  {
    line: /ha-maintenance-notify \{"cancel":true,.*\}/,
    path: /arguments/,
    reason: "It is of Kea 3: the partner learns the state that this server is in.",
  },
  {
    line: /list-commands( .*)?/,
    path: /arguments\.subnet4o6-select-test/,
    reason: "It is of a later version.",
  },
  {
    line: /lease[46]-get.*/,
    path: /arguments\.(leases\[\d\]\.)?pool-id/,
    reason:
      "A lease says which pool it counts in, whoever has given it. Kea counts it there, and says so of its clients' only.",
  },
  {
    line: /statistic-get .*/,
    path: /arguments\.assigned-.*/,
    reason: "What later versions of Kea count is told to who asks for it by its name.",
  },
  {
    line: /lease4-get-all \{("foo":1)?\}/,
    path: /result|text|arguments/,
    reason: "No subnets are all subnets, whether there are no arguments or none that says otherwise.",
  },
  {
    line: /lease4-get.*"1a1b1c1d1e1f".*/,
    path: /result|text|arguments/,
    reason: "A hardware address may be written in digits alone, as other identifiers may in Kea.",
  },
  {
    line: /lease[46]-write .*"(leases[46]\.csv\.2|dhcp[46]\.json)"\}/,
    path: /result|text/,
    reason: "Only a list of leases is replaced by one. Kea replaces its own files, too, and its socket.",
  },
  {
    line: /lease6-get .*"type":"(IA_TA|V4)"\}/,
    path: /result|text/,
    reason: "There are no such leases: an error that says which there are.",
  },
  {
    line: /statistic-sample-count-set .*"max-samples":0\}/,
    path: /result|text/,
    reason: "A statistic has at least the value of now.",
  },
  {
    line: /lease[46]-wipe.*/,
    path: /text/,
    reason: "As Kea 3, which no longer calls it deprecated.",
  },
];

/** From Kea 3.0's. */
export const deliberateCommands3: readonly CommandDifference[] = [
  ...always,
  {
    line: /lease[46]-get-by-state .*/,
    path: /result|text|arguments/,
    reason: "It is of a later version; Stork asks for it.",
  },
  {
    line: /lease4-get-by-hw-address .*/,
    path: /arguments\.leases\[\d\]\.pool-id/,
    reason:
      "A lease says which pool it counts in, whoever has given it. Kea counts it there, and says so of its clients' only.",
  },
  {
    line: /config-get/,
    path: /arguments\.Dhcp[46]\.(subnet[46]\[\d\]\.)?cache-threshold/,
    reason: "Leases are not cached unless the configuration says so, as in Kea before 3.0.",
  },
  {
    line: /(subnet|network)[46]-get .*/,
    path: /arguments\.(shared-networks|subnet[46])\[\d\]\.(subnet[46]\[\d\]\.)?cache-threshold/,
    reason: "The same.",
  },
  {
    line: /subnet6-get \{"id":(11|99)\}|network6-get \{"name":"(campus|floor|bar)"\}/,
    path: /arguments\..*subnet6\[0\]\.rapid-commit/,
    reason: "A subnet has from its network what it does not say itself. Kea keeps what held before it was there.",
  },
  {
    line: /class-update .*"test":"member\('KNOWN'\)".*/,
    path: /result|text/,
    reason: "All classes are made anew: whether one waits for reservations may change.",
  },
  {
    line: /subnet[46]-(add|update) .*"reservations":\[\].*/,
    path: /result|text|arguments/,
    reason: "Reservations may come with their subnet, as in the file.",
  },
  {
    line: /subnet[46]-delta-add .*"valid-lifetime":500.*/,
    path: /result|text|arguments/,
    reason: "Kea compares it with limits that nobody has set: it has filled them in when it read the subnet.",
  },
  {
    line: /network[46]-add .*"name":"".*/,
    path: /result|text|arguments/,
    reason: "A network without a name is an error in the file, too.",
  },
  {
    line: /subnet(4|6|4o6)-select-test/,
    path: /result|text/,
    reason: "No arguments are none given, as with {}.",
  },
  {
    line: /subnet4o6-select-test .*"remote":"2001:db8:4:[^"]*"\}/,
    path: /text/,
    reason: "A subnet that is for some classes is for nobody else, over DHCPv6 either.",
  },
  {
    line: /config-test .*"4o6-subnet":"(192\.0\.2\.0\/24|2001:db8::\/129)".*/,
    path: /result|text/,
    reason: "That is no prefix of IPv6, and no query would ever come from it.",
  },
  {
    line: /subnet4-select-test \{"interface":"lo"\}/,
    path: /result|text/,
    reason: "No client comes by the loopback interface: it is none of ours.",
  },
  {
    line: /statistic-get-all/,
    path: /arguments\.(pkt6-addr-reg-.*|.*registered-nas)/,
    reason: "Readers fail at names in the list that Kea 2.6.3 does not have; who asks for one by its name is told.",
  },
  {
    line: /config-test .*"(foo":1|authentication":\{\}|authentication":\{"clients").*/,
    path: /result|text/,
    reason: "What a file may not say a command may not say either. Kea checks which keys there are in files only.",
  },
  {
    line: /config-test .*"X Some:".*/,
    path: /result|text/,
    reason: "No header can have such a name: Kea sends it, and who reads the answer stumbles.",
  },
  {
    line: /config-test .*"password-file":"\/nosuch".*/,
    path: /result|text/,
    reason: "A file that cannot be read keeps out whom it is about, and is told; all others may log in.",
  },
];

/** From the answers that tools have of Kea 2.6.3. */
export const deliberateTools: readonly CommandDifference[] = [
  {
    line: /dhcp[46]: lease[46]-wipe.*/,
    path: /text/,
    reason: "As Kea 3, which no longer calls it deprecated.",
  },
  {
    line: /(dhcp6,dhcp4: )?version-get/,
    path: /text/,
    reason: "It is another program.",
  },
  {
    line: /status-get/,
    path: /arguments\.(dhcp-state|multi-threading-enabled|sockets)/,
    reason: "There is no agent that could be asked: the daemon tells of itself, and all that an agent tells.",
  },
  {
    line: /(dhcp6,dhcp4: |dhcp4: )?status-get/,
    path: /arguments\.(csv-lease-file|lease-database)/,
    reason: "It says where the leases are, as later versions of Kea do, and whether they can be written.",
  },
  {
    line: /dhcp4: config-get/,
    path: /arguments\.Dhcp4\.control-sockets?/,
    reason: "It has an HTTP socket of its own beside the UNIX socket, and Kea has the agent.",
  },
  {
    line: /dhcp[46]: stat-lease[46]-get.*/,
    path: /arguments\.result-set\.rows\[\d\]\[[26]\]/,
    reason: "A lease that a command gives is one given: it counts in what has been given since the start.",
  },
];

/** From the answers that terraform-provider-kea has of Kea 3.0, where reservations are in a database. */
export const deliberateTerraform: readonly CommandDifference[] = [
  {
    line: /reservation-get .*/,
    path: /arguments\.option-data\[3\]\.client-classes/,
    reason: "Kea's database has no classes of a reservation's options: Kea gives the option to clients of all classes.",
  },
];
