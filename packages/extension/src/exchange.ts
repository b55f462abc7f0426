/** What extensions see: a message, its answer, and what becomes of leases by them or otherwise. */

/**
 * A message as a client or a relay sent it. Bytes are views of the packet, whose memory is used again: copy what you keep.
 */
export interface Query {
  readonly family: 4 | 6;
  /** As the RFC has it: `DHCPDISCOVER`, `SOLICIT`. */
  readonly type: string;
  /** The name of the interface that it came in on. */
  readonly interface: string;
  /** The relay that an answer goes to: DHCPv4's giaddr, in DHCPv6 the source of the message; `undefined` without a relay. */
  readonly relay: string | undefined;
  /** The address that it came from; DHCPv4's `0.0.0.0` of a client without one. */
  readonly source: string;
  /** How the log names the message and its client. */
  readonly label: string;
  /** The client's hardware address as `1a:1b:1c:1d:1e:1f`; empty where it is not known. */
  readonly mac: string;
  /** Option 61, or the DUID; `undefined` where there is none. */
  readonly clientId: Uint8Array | undefined;
  /** The classes that it is in so far: none while clients are identified. */
  readonly classes: ReadonlySet<string>;
  /** The number of the subnet that it belongs to by itself, without what extensions say of its client. */
  readonly subnetId: number | undefined;
  /** Milliseconds that the client has been trying, as it says itself: `secs`, or option 8. */
  readonly elapsed: number;
  /** The first option with that code, without its header. */
  option(code: number): Uint8Array | undefined;
}

/** What the server is going to answer. */
export interface Answer {
  /** As the RFC has it: `DHCPOFFER`, `REPLY`; empty where no answer goes back, as to a RELEASE. */
  readonly type: string;
  /** Addresses and prefixes that the client is given, or has given back. */
  readonly leases: readonly string[];
  /** The number of the subnet that the client is served from. */
  readonly subnetId: number | undefined;
  /** The same subnet as it is configured: `192.0.2.0/24`. */
  readonly subnet: string | undefined;
  /** The client's name; empty for none. */
  readonly hostname: string;
  /** In `shape`: the reply as expressions see it, with the options that it is going to have by then. It is made when it is looked at. */
  readonly reply?: Query | undefined;
  /** DHCPv4, in `shape`: what is known of the address that an OFFER has. */
  readonly offered?: Offered | undefined;
  /** The first option with that code of the reply, as it is going to be, or was, sent; without its header. */
  option(code: number): Uint8Array | undefined;
}

export interface Offered {
  /** For this client. */
  readonly isReserved: boolean;
  /** The client has it, and its time is not over. */
  readonly isHeld: boolean;
  /** For so many seconds nothing has been heard of the client that had it last, which is this one; else `undefined`. */
  readonly silence: number | undefined;
}

/**
 * A lease, with Kea's keys, as `lease4-get` and `lease6-get` give it. Times are in seconds. A key that the family or the lease
 * does not have is absent or `undefined`.
 */
export type Lease = {
  readonly "ip-address": string;
  readonly "subnet-id": number;
  readonly "pool-id"?: number | undefined;
  /** Of the client's last transmission, Unix time. */
  readonly cltt: number;
  readonly "valid-lft": number;
  /** 0 assigned, 1 declined, 2 given back or expired, and remembered, 4 registered by its host (DHCPv6). */
  readonly state: number;
  readonly hostname: string;
  readonly "fqdn-fwd": boolean;
  readonly "fqdn-rev": boolean;
  /** `1a:1b:1c:1d:1e:1f`; empty, or absent in DHCPv6, where it is not known. */
  readonly "hw-address"?: string | undefined;
  /** DHCPv6: the type of the hardware address, and where it is known from, by Kea's numbers in the lease file. */
  readonly hwtype?: number | undefined;
  readonly "hwaddr-source"?: number | undefined;
  /** DHCPv4. */
  readonly "client-id"?: string | undefined;
  /** DHCPv6. */
  readonly duid?: string | undefined;
  readonly iaid?: number | undefined;
  readonly type?: "IA_NA" | "IA_PD" | undefined;
  /** Of a prefix. */
  readonly "prefix-len"?: number | undefined;
  readonly "preferred-lft"?: number | undefined;
  /** JSON. */
  readonly "user-context"?: unknown;
};

export interface LeaseChange {
  /**
   * `put`: the lease becomes what `lease` says. `remove`: it is no more. `rely`: it does not change, and the client is told of it
   * as it stands.
   */
  readonly kind: "put" | "remove" | "rely";
  /** Made when it is looked at. */
  readonly lease: Lease;
  /** The row of Kea's lease file that says so, with its newline, in ASCII; where nothing changes, that of the lease. Made when it is looked at. */
  readonly row: string;
  /** What the same client had there before. Of an address that its host has registered (RFC 9686), what anybody had. */
  readonly before: Lease | undefined;
}

/** In milliseconds, of a clock that no one sets. */
export interface Times {
  /** When the kernel had the message. */
  readonly received: number;
  /** When it was first looked at. */
  readonly started: number;
  /** When the answer had left. */
  readonly completed: number;
}

/** What comes of a packet. Each of its parts is made when it is looked at. */
export interface Exchange {
  readonly kind: "exchange";
  readonly query: Query;
  readonly answer: Answer;
  /** The message that goes back, as expressions see it; `undefined` for none. */
  readonly reply: Query | undefined;
  /** Without offers, which are in memory only. */
  readonly changes: readonly LeaseChange[];
  /** For `observe`, where an extension wants them. */
  readonly times?: Times | undefined;
}

/** What has come about. Each is told once. */
export type Event =
  | Exchange
  /** The time of a lease is over. @property lease as it was @property isRemoved whether leases are not remembered */
  | { readonly kind: "expired"; readonly lease: Lease; readonly isRemoved: boolean }
  /** The time is over for which nobody gets a declined address. */
  | { readonly kind: "recovered"; readonly lease: Lease; readonly isRemoved: boolean }
  /**
   * By a command, a lease was removed, or added or replaced.
   * @property from where it was another server's with the same leases: it has `told` of it as it happened, or all leases were `fetched`
   */
  | { readonly kind: "written" | "removed"; readonly lease: Lease; readonly from?: "told" | "fetched" | undefined }
  /** A command was carried out that changes something; what has become of leases is told for itself. Both are JSON. @property answer the arguments of the answer */
  | { readonly kind: "command"; readonly name: string; readonly arguments: unknown; readonly answer: unknown };
