/** What goes in and out of the DHCPv4 sockets: UDP payloads in batches, whatever the transport. */

/** One received UDP payload: `buffer[offset, offset + length)`. Valid until the batch's `release()`. */
export interface Datagram {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
  /** The interface it came in on. */
  readonly ifindex: number;
  /** IPv4 addresses as unsigned 32-bit numbers. */
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  /** Where `buffer` holds the 6 bytes of the frame's source MAC address; -1 when the transport does not know it. */
  readonly macOffset: number;
  /** When the kernel took the frame in, in milliseconds of `performance.now()`. */
  readonly received: number;
}

export interface Batch {
  readonly datagrams: readonly Datagram[];
  /** Gives the memory back; the datagrams must not be looked at any more. */
  release(): void;
}

/** Where a reply goes. */
export interface Destination {
  readonly ifindex: number;
  /** Source address of the reply: one of the interface's own. */
  readonly source: number;
  readonly address: number;
  readonly port: number;
  /** MAC address for `raw`; `undefined` lets the transport choose: broadcast MAC for 255.255.255.255 */
  readonly mac: Uint8Array | undefined;
}

/** Replies of one batch, encoded in place behind each other and sent with as few system calls as possible. */
export interface SendBatch {
  /** Room for one more payload of at most `capacity` bytes: write it at `buffer[offset…]`, then call `add`. */
  reserve(capacity: number): { readonly buffer: Uint8Array; readonly offset: number };
  /** Puts the headers around the `length` bytes just written. */
  add(length: number, to: Destination): void;
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

export interface Transport extends Disposable {
  /** Starts delivery, once: `onReadable` is called when something is waiting; the owner then calls `receive`. */
  start(onReadable: () => void): void;
  /** Takes what is waiting now, at most `limit`; `undefined` when nothing is. Never blocks. */
  receive(limit: number): Batch | undefined;
  /** While paused `onReadable` is not called; frames wait in the kernel. Used to gather batches. */
  pause(): void;
  resume(): void;
  newSendBatch(): SendBatch;
  readonly stats: TransportStats;
}
