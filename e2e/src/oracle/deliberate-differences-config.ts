/** Where `config-get` gives something else than Kea 2.6.3's on purpose. Every entry has a reason; one that no longer differs fails. */

export interface ConfigDifference {
  /** All of the way to what differs. */
  readonly path: RegExp;
  readonly reason: string;
}

export const deliberateConfig: readonly ConfigDifference[] = [
  {
    path: /Dhcp[46]\.interfaces-config\.re-detect/,
    reason: "Without an `interfaces-config` Kea says that it does not look for new interfaces; we always do.",
  },
  {
    path: /Dhcp[46]\.dhcp-queue-control\.enable-queue/,
    reason: "Kea takes it back where it has several threads; what the operator wrote is kept.",
  },
  {
    path: /Dhcp4\.client-classes\[\d+\]\.option-data\[\d+\]\.name/,
    reason:
      "An option that a class defines has the name that the class gives it. Kea looks among the global definitions only, " +
      "and may find another's name, with which nobody reads the file again.",
  },
  {
    path: /DhcpDdns\.tsig-keys\[\d+\]\.algorithm/,
    reason: "Names of algorithms are given in capitals, as the manual has them.",
  },
];
