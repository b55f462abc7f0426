/** What requesters ask for by TCP, and what they are told, whatever the family. */
import type { Seconds } from "../../base/clock.ts";
import type { Lease } from "../../leases/model/lease.ts";

export type Asked<L extends Lease> =
  /** Leases as they are (RFC 6926, RFC 5460). */
  | { readonly kind: "bulk"; readonly leases: AsyncIterable<readonly L[]>; readonly answers: AnswerWriter<L> }
  /** Changes as they come, before them those since a time (RFC 7724, RFC 7653). */
  | {
      readonly kind: "active";
      readonly since: Seconds | undefined;
      /** Which leases it is about. */
      isWanted(lease: L): boolean;
      readonly answers: AnswerWriter<L>;
    }
  /** Nothing that can be answered with leases; of an active query it is the connection's last word. */
  | { readonly kind: "refused"; readonly answer: Uint8Array; readonly isLast: boolean }
  | { readonly kind: "tls"; readonly accepted: Uint8Array; readonly refused: Uint8Array }
  /** No message of leasequery: the connection ends (RFC 7724 §8.1.1). */
  | { readonly kind: "foreign"; readonly type: number };

/** Why an active query is at its end. */
export type Refusal = "not-supported" | "not-allowed" | "terminated";
export type FeedStatus = "begun" | "data-missing" | "caught-up" | "alive";

/** Writes the answers of one query, framed. */
export interface AnswerWriter<L extends Lease> {
  leases(leases: readonly L[], now: Seconds): Uint8Array;
  /** The end of a bulk query. @param isWhole whether all is told */
  done(isWhole: boolean, now: Seconds): Uint8Array;
  /** The end of an active query, and of its connection. */
  refuse(refusal: Refusal, now: Seconds): Uint8Array;
  /** How an active query goes on; nothing where the family has no message for it. */
  status(status: FeedStatus, now: Seconds): Uint8Array;
}

/** What a family knows of leasequery by TCP. */
export interface QueryFamily<L extends Lease> {
  /** @throws DecodeError where it is no message */
  read(message: Uint8Array, connection: { readonly localAddress: string; readonly now: Seconds }): Asked<L>;
  /** All leases, the reclaimed ones, too. */
  everything(): AsyncIterable<readonly L[]>;
  keyOf(lease: L): number | string;
}
