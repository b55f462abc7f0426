/** What makes a configuration of another server's, and reads its leases. */
import type { Lease } from "../../leases/model/lease.ts";

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

/** A lease as another server has it; in which subnet it is, the configuration has to say. */
export interface ForeignLease<L extends Lease> {
  readonly lease: L;
  /** Whether it is somebody's, or has been; otherwise what was told of the address before is void. */
  readonly isSomebodys: boolean;
}

/** Is told how reading goes. */
export interface ReadReports {
  /** What cannot be read, or cannot be kept, in words. */
  remark(what: string): void;
  /** In bytes. */
  progress(done: number, total: number): void;
}

/** Files of leases of another server. */
export interface ForeignLeases<L extends Lease> {
  /**
   * In the order of the file: of an address the last one counts.
   * @throws when the file cannot be read
   */
  read(server: ConvertedServer, file: string, reports: ReadReports): Iterable<ForeignLease<L>>;
  /**
   * Leases as a file of the server's.
   * @param duid the server's, by which clients of DHCPv6 know it
   */
  write(
    server: ConvertedServer,
    leases: AsyncIterable<readonly L[]>,
    duid: Uint8Array | undefined,
  ): AsyncIterable<string>;
}
