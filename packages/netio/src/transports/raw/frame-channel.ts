/** Whole Ethernet frames in and out: through one ring for all interfaces on Linux, a BPF device for each elsewhere. */

import type { FrameKind } from "../../frames/frame4.ts";
import type { Batch, TransportStats } from "../datagram.ts";

/** Finds the datagram in the frame `buffer[start, start + size)`. */
export type FrameDecoder<Received> = (
  buffer: Uint8Array,
  start: number,
  size: number,
  verifyUdp: boolean,
  datagram: Received,
) => FrameKind;

/** As a `Transport`, but for sending. */
export interface FrameChannel<Address> extends Disposable {
  readonly stats: TransportStats;
  start(onReadable: () => void): void;
  pause(): void;
  resume(): void;
  receive(limit: number): Batch<Address> | undefined;
  /**
   * Receives on the interface until the result is disposed of, and sends through it. A ring does so on every interface that has
   * Ethernet frames.
   * @throws a system error where it cannot be had
   */
  attach(ifindex: number, interfaceName: string): Disposable;
  /** Bytes that `writeLinkHeader` wants before each packet. */
  readonly headroom: number;
  /** Says whom the packet at `offset` goes to; the kernel adds the source. */
  writeLinkHeader(buffer: Uint8Array, offset: number, mac: Uint8Array): void;
  /** As `Wire.transmit`, for packets from their IP header on, behind what `writeLinkHeader` has written. */
  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number;
}

/** Counts a frame that is no datagram for us. */
export function countFrame(kind: FrameKind, stats: TransportStats): void {
  if (kind === "fragment") stats.fragments++;
  else if (kind === "otherVlan") stats.otherVlan++;
  else if (kind === "bad") stats.badFrames++;
}
