/**
 * What goes in and out of the sockets: UDP payloads in batches, whatever the transport. `Address` is an unsigned 32-bit number
 * for DHCPv4, an `Address6` for DHCPv6.
 */

import type { Address6 } from "../frames/address6.ts";

/** One received UDP payload: `buffer[offset, offset + length)`. Valid until the batch's `release()`. */
export interface Datagram<Address = number> {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
  /** The interface it came in on. */
  readonly ifindex: number;
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  /** Where `buffer` holds the 6 bytes of the frame's source MAC address; -1 when the transport does not know it. */
  readonly macOffset: number;
  /** When the kernel took the frame in, in milliseconds of `performance.now()`. */
  readonly received: number;
}

export interface Batch<Address = number> {
  readonly datagrams: readonly Datagram<Address>[];
  /** Gives the memory back; the datagrams must not be looked at any more. */
  release(): void;
}

/** Where a reply goes. */
export interface Destination<Address = number> {
  /** The interface it leaves by; 0 lets the kernel's routes choose, over UDP sockets of DHCPv4. */
  readonly ifindex: number;
  /** Source address of the reply: one of the interface's own; in DHCPv6, and without `mac`, :: lets the kernel choose. */
  readonly source: Address;
  readonly address: Address;
  readonly port: number;
  /**
   * MAC address for `raw`. `undefined` lets the transport choose: in DHCPv4 the broadcast MAC for 255.255.255.255; in DHCPv6
   * the kernel finds the neighbour.
   */
  readonly mac?: Uint8Array | undefined;
}

export type Destination6 = Destination<Address6>;

/** Replies of one batch, encoded in place behind each other and sent with as few system calls as possible. */
export interface SendBatch<Address = number> {
  /**
   * Room for one more payload of at most `capacity` bytes: write it at `buffer[offset…]`, then call `add`. What was added can be
   * read there when the batch has ended, until another one reserves room.
   */
  reserve(capacity: number): { readonly buffer: Uint8Array; readonly offset: number };
  /** Puts the headers around the `length` bytes just written. */
  add(length: number, to: Destination<Address>): void;
  readonly size: number;
  /** Sends all, and ends the batch. What the kernel refuses is counted in `Transport.stats` and returned, for the log. */
  send(): readonly SendFailure[];
  /** Ends the batch without sending anything. */
  discard(): void;
}

/** A reply that could not be sent. */
export interface SendFailure {
  /** Which: the first `add` of the batch is 0. */
  readonly index: number;
  /** The errno's name, such as `ENETDOWN`. */
  readonly code: string;
}

export interface TransportStats {
  /** Lost before we saw them: the kernel's own count of frames that found no room. */
  kernelDrops: number;
  fragments: number;
  badFrames: number;
  otherVlan: number;
  sendErrors: number;
}

export interface Transport<Address = number> extends Disposable {
  /** Starts delivery, once: `onReadable` is called when something is waiting; the owner then calls `receive`. */
  start(onReadable: () => void): void;
  /** Takes what is waiting now, at most `limit`; `undefined` when nothing is. Never blocks. */
  receive(limit: number): Batch<Address> | undefined;
  /** While paused `onReadable` is not called; frames wait in the kernel. Used to gather batches. */
  pause(): void;
  resume(): void;
  newSendBatch(): SendBatch<Address>;
  readonly stats: TransportStats;
}
