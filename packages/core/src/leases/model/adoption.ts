/** Changes of leases that come from another server with the same leases: it tells the DNS of what it does itself. */
import type { Seconds } from "../../base/clock.ts";

export type Adoption =
  /** That server has told the DNS of the change. */
  | "told"
  /** It has told the lease's name. It may not have known what was here before: a name that goes is removed from here. */
  | "fetched";

/** Who looks after a lease: ends it when its time is over, and tells the DNS. `unknown`: it is to be left alone for now. */
export type Keeper = "this" | "other" | "unknown";

/** What keeps the DNS in step, as far as it depends on other servers. */
export interface SharedNames<L> {
  /** @param change puts and discards leases, at once */
  adopt(as: Adoption, change: () => void): void;
  /** Has the DNS told again the names of leases whose clients have asked since then. */
  resendSince(since: Seconds): void;
  /** Until told so all leases are this server's. */
  askKeeper(keeperOf: (lease: L) => Keeper): void;
}
