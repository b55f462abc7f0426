/** What the benchmarks must know of a family: subnets for millions of clients, and how dhcp-load plays these. */
import type { Family } from "../subject/server.ts";

/** As it stands in `subnet4` or `subnet6`. */
export type Subnet = Readonly<Record<string, unknown>> & { readonly id: number };

/** Clients as dhcp-load plays them. */
export interface Crowd {
  /** What they ask for, in the plural. */
  readonly asks: string;
  /** Ends the names of the rows about them; empty for the usual crowd of a family. */
  readonly suffix: string;
  /** dhcp-load's arguments that say so, where they are, and the server. */
  readonly arguments: readonly string[];
}

/** ` for prefixes`; nothing for the usual crowd. */
export function purpose({ asks, suffix }: Crowd): string {
  return suffix === "" ? "" : ` for ${asks}`;
}

/** A subnet with a pool, and the clients who get theirs from it. */
export interface Ground {
  readonly subnet: Subnet;
  readonly crowd: Crowd;
  /** How the reader knows it: `a /16`. */
  readonly pool: string;
  /** Address or prefix number `index` of the pool, as text. */
  member(index: number): string;
}

/** A pool small enough to be full. */
export interface SmallGround extends Ground {
  /** The row about its last free members. */
  readonly row: string;
  readonly size: number;
  /** Clients of the large subnet who ask alike: they warm the server up. */
  readonly alike: Crowd;
}

/** A lease as it stands in a lease file. */
export interface WrittenLease {
  readonly address: string;
  readonly hwaddr: string;
  readonly lifetime: number;
  readonly expire: number;
  readonly subnetId: number;
  readonly hostname: string;
}

/** Classes as operators write them, and clients about whom they have something to say. */
export interface Classed {
  /** dhcp-load's arguments for options that the clients send. */
  readonly options: readonly string[];
  /** The test of class number `index`, of every kind in turn; some ask for the classes before. */
  test(index: number): string;
  /** One of many tests that compare one option with a value. */
  constant(index: number): string;
}

export interface BenchFamily {
  readonly family: Family;
  /** The statistic of replies that end an exchange. */
  readonly lastReply: string;
  /** What makes Kea fastest in `interfaces-config`. */
  readonly keaSockets: Readonly<Record<string, unknown>>;
  /** With prefix lengths; the clients' host also has those of the relays that it plays. */
  readonly serverAddress: string;
  readonly clientAddresses: readonly [string, ...string[]];
  /** One subnet for millions of clients: what an operator who wants speed would write. */
  readonly large: Ground;
  /** Clients of the large subnet; those of `large` are the first. */
  readonly crowds: readonly Crowd[];
  /** The usual crowd, where a relay's address tells the subnet. */
  readonly relayed: Crowd;
  readonly small: readonly SmallGround[];
  /** Subnet number `index` of up to 10,000 in which no client is. */
  otherSubnet(index: number): Subnet;
  /** Reservation number `index` of up to 10 of such a subnet. */
  reservation(subnet: number, index: number): Readonly<Record<string, unknown>>;
  readonly classed: Classed;
  /** First line of a lease file. */
  readonly header: string;
  formatLease(lease: WrittenLease): string;
}
