/** What clients of a family do in random histories of leases, each move by the number of a client. */

import type { Script } from "../script.ts";
import type { Speech, Stage } from "../speech.ts";

/** Addresses and prefixes as a lease file has them. */
export type Leases = readonly string[];

export interface Player<S extends Speech> {
  readonly stage: Stage<S>;
  readonly config: object;
  /** The client's identifier, as `LeaseRow.clientId` or, where it has none, `LeaseRow.hwaddr`. */
  ownerOf(who: number): string;
  bind(script: Script<S>, who: number): Promise<Leases>;
  renew(script: Script<S>, who: number, leases: Leases): Promise<Leases>;
  release(script: Script<S>, who: number, leases: Leases): Promise<void>;
  /** Addresses only. @returns those that are declined */
  decline(script: Script<S>, who: number, leases: Leases): Promise<Leases>;
}
