/** Where answers to commands are others than Kea 2.6.3's on purpose. Every entry has a reason; one that no longer differs fails. */

export interface CommandDifference {
  /** All of the line of the call. */
  readonly line: RegExp;
  /** All of the way to what differs. */
  readonly path: RegExp;
  readonly reason: string;
}

export const deliberateCommands: readonly CommandDifference[] = [
  {
    line: /lease[46]-get.*/,
    path: /arguments\.(leases\[\d\]\.)?pool-id/,
    reason:
      "A lease says which pool it counts in, whoever has given it. Kea counts it there, and says so of its clients' only.",
  },
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
    line: /statistic-get .*/,
    path: /arguments\.assigned-.*/,
    reason: "What later versions of Kea count is told to who asks for it by its name.",
  },
  {
    line: /stat-lease[46]-get.*/,
    path: /arguments\.result-set\.rows\[\d\]\[[26]\]/,
    reason: "A lease that a command gives is one given: it counts in what has been given since the start.",
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
];
