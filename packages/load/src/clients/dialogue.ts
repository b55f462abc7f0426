/** What a family's clients say, and what they read in the replies. */
import type { Datagram } from "@kotare/netio/transports/datagram";

/** What an exchange asks for: `offer` ends with the first reply, `rapid` asks for the lease at once. */
export const exchangeKinds = ["four-way", "offer", "rapid", "renew"] as const;
export type ExchangeKind = (typeof exchangeKinds)[number];

export const askKinds = ["address", "prefix", "both"] as const;
export type AskKind = (typeof askKinds)[number];

/** A code and its payload. */
export type OptionBytes = readonly [code: number, payload: Uint8Array];

/** A message and its reply, in the order of an exchange. */
export interface Leg {
  readonly message: "discover" | "request" | "renew" | "release";
  /** `DISCOVER-OFFER`, as perfdhcp calls them. */
  readonly name: string;
  readonly isAnswered: boolean;
}

/** What a datagram is to these clients. */
export type Reading =
  /** It is in `reply` then. */
  | "reply"
  /** For others. */
  | "foreign"
  /** For nobody can say whom: cut short, or without what every reply has. */
  | "malformed";

/** Which exchange a reply belongs to, and whether it gives what was asked for. */
export interface Reply {
  number: number;
  leg: number;
  isGranted: boolean;
}

export interface Dialogue<Address> {
  readonly legs: readonly Leg[];
  /** Of one reply at a time, filled anew by each `read`. */
  readonly reply: Reply;
  /** Bytes of its longest message. */
  readonly capacity: number;
  /** Writes the message of a leg. @returns its length */
  write(leg: number, client: number, number: number, buffer: Uint8Array, at: number): number;
  read(datagram: Datagram<Address>): Reading;
  /** Whether `reply` says that it is for this client. */
  isFor(client: number): boolean;
  /**
   * The client keeps what `reply` gives it, for its next message.
   * @returns whether it had another lease before
   */
  keep(client: number): boolean;
  hasLease(client: number): boolean;
  /** `MAC or DUID,address,prefix` of a client that has a lease. */
  formatLease(client: number): string;
}
