/** What the server tells of packets. */
import type { Datagram } from "@kotare/netio/transports/datagram";
import type { DecodeError } from "../../../base/decode-error.ts";
import type { ExtensionError } from "../../../extensions/extension-error.ts";
import type { Attempt } from "../attempt.ts";
import type { Ingress, PathTypes } from "../packet-path.ts";

/** Counts and logs what became of packets: each call is made once for a packet, however often it was decided about. */
export interface PathReporter<T extends PathTypes> {
  /** Once for each batch, before anything about it is reported. */
  beginBatch(): void;
  /** Whether nothing of a packet that gets no answer is told but its numbers: no line, no event. */
  readonly onlyCounts: boolean;
  /** A packet was not looked at but for its type. */
  turnedAway(type: number, drop: T["drop"]): void;
  received(message: T["message"], ingress: Ingress<T["address"]>): void;
  /** What the attempt that counts has come to on its way. What becomes of the packet is told next. */
  attempted(attempt: Attempt<T>): void;
  /**
   * An answer is carried out: its leases are durable and its reply, if it has one, sent.
   * @param error why the kernel did not take the reply, if so
   */
  answered(query: T["query"], answer: T["answer"], error: string | undefined): void;
  dropped(message: T["message"], ingress: Ingress<T["address"]>, drop: T["drop"]): void;
  undecodable(
    datagram: Datagram<T["address"]>,
    ingress: Ingress<T["address"]>,
    message: T["message"] | undefined,
    error: DecodeError,
  ): void;
  /** An extension has a fault. */
  extensionFailed(message: T["message"], ingress: Ingress<T["address"]>, drop: T["drop"], error: ExtensionError): void;
  /** A fault of ours while serving one packet: the next one is served all the same. */
  bug(ingress: Ingress<T["address"]>, packet: Uint8Array, error: unknown): void;
  /** A packet that came in on an interface that we do not serve: not ours to count. */
  notServed(datagram: Datagram<T["address"]>): void;
  /** A packet that gave way to newer ones. */
  stale(): void;
  commitFailed(error: Error, count: number): void;
}
