/** Reservations as a decision asks for them, wherever they are kept. */
import type { Seconds } from "../../base/clock.ts";
import type { HostIndex, Identified } from "../model/host-index.ts";
import type { LearnedHosts } from "./learned-hosts.ts";

/**
 * The reservations of a subnet, or the global ones: those of the configuration only, or with those of host databases.
 * @typeParam Key of an address, as of `HostIndex`
 */
export type SubnetHosts<Type extends string, Host extends Identified<Type>, Key extends string | number> =
  | HostIndex<Type, Host, Key>
  | LearnedHosts<Type, Host, Key>;

/** The reservations as one batch of packets sees them. */
export interface HostView<Type extends string, Host extends Identified<Type>, Key extends string | number> {
  /** As `LeaseBatch.missed`: how many questions could not be answered yet. What was decided after one counts for nothing. */
  readonly missed: number;
  /** As `LeaseBatch.recalled`. */
  readonly recalled: number;
  /**
   * A packet is decided about from now on.
   * @param mayRecall as `LeaseBatch.mayRecall`
   */
  begin(mayRecall: boolean, now: Seconds): void;
  /** @param configured what the configuration has in that subnet */
  in(subnetId: number, configured: HostIndex<Type, Host, Key>): SubnetHosts<Type, Host, Key>;
  /** Loads all that questions have missed, in one round trip. Rejects if a database does not answer. */
  load(): Promise<void>;
  /**
   * The decision counts. What it rests on is kept for when the client takes what it has been offered.
   * @param isTaken whether it has: then nothing is kept any longer than until `end`
   */
  settle(isTaken: boolean): void;
  /** Nothing of the batch is decided about any more. */
  end(): void;
}

/** Without host databases: all there is stands in the configuration, and is never missed. */
export const configuredHosts = {
  missed: 0,
  recalled: 0,
  begin: (): void => {},
  in: <Index>(_subnetId: number, configured: Index): Index => configured,
  load: async (): Promise<void> => {},
  settle: (): void => {},
  end: (): void => {},
};
