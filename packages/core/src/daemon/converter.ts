/** What makes a configuration of another server's. */

/** Servers whose configuration can be read. */
export const convertedServers = ["dhcpd", "dnsmasq"] as const;
export type ConvertedServer = (typeof convertedServers)[number];

export interface Conversion {
  /** The document: `{ "Dhcp4": … }`. */
  readonly config: object;
  /** The updater's document, `{ "DhcpDdns": … }`, where the other server kept names in the DNS. */
  readonly ddns: object | undefined;
  /** A line for each statement that is not carried over exactly, in the order of the file. */
  readonly findings: readonly string[];
  /** How many of them are losses. */
  readonly losses: number;
}

export interface Converter {
  /** @throws when the file cannot be read */
  convert(server: ConvertedServer, file: string): Promise<Conversion>;
}
