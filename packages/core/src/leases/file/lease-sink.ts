/** Where the rows of the lease file go at start: into the table, with Kea's `sanity-checks`. */
import type { Seconds } from "../../base/clock.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import { type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseTarget } from "../model/lease-store.ts";
import type { CheckedContext } from "../user-context/extended-info.ts";
import type { Report, SubnetFinding } from "./lease-file-event.ts";
import type { RowSink } from "./load-leases.ts";

/** Kea's `sanity-checks.lease-checks`: is a lease's subnet-id that of the subnet its address lies in? */
export interface SubnetCheck<Subject> {
  readonly mode: "none" | "warn" | "fix" | "fix-del" | "del";
  /** The id of the subnet that an address lies in. */
  subnetIdOf(subject: Subject): number | undefined;
}

/** What each row is looked at for. */
export interface LeaseChecks<L> {
  readonly subnet: SubnetCheck<L>;
  /** Kea's `extended-info-checks`. */
  info(userContext: string): CheckedContext;
}

/** For leases that only pass through. */
export const UNCHECKED: LeaseChecks<unknown> = {
  subnet: { mode: "none", subnetIdOf: () => undefined },
  info: (userContext) => ({ userContext }),
};

/** How many of the last rows tell what time it was when they were written. */
const LAST_ROWS = 101;
/** Each further finding of its kind is not reported: a subnet that was renumbered may have a million leases. */
const REPORTED = 100;

export class LeaseSink<L extends Lease, Row extends L> implements RowSink<Row> {
  readonly csv: LeaseCsv<L, Row>;
  readonly row: Row;
  wrongSubnets = 0;
  readonly #table: LeaseTarget<L>;
  readonly #checks: LeaseChecks<L>;
  readonly #report: Report;
  readonly #times = new Float64Array(LAST_ROWS);
  #rows = 0;
  #badInfos = 0;

  constructor(csv: LeaseCsv<L, Row>, table: LeaseTarget<L>, checks: LeaseChecks<L>, report: Report) {
    this.csv = csv;
    this.row = csv.rules.blank();
    this.#table = table;
    this.#checks = checks;
    this.#report = report;
  }

  take(): void {
    const lease = this.row.validLifetime === 0 ? undefined : this.#checkSubnet(this.#checkInfo(this.row));
    if (lease === undefined) {
      this.#table.discard(this.row);
      return;
    }
    this.#table.put(lease);
    if (lease.state === LeaseState.assigned) this.#times[this.#rows++ % LAST_ROWS] = lease.cltt;
  }

  /**
   * The time that the lease file knows of; 0 when it has no lease. It is the middle one of the last rows and not the
   * newest of all: one row from a day on which the clock stood in 2099 must not make every other lease old.
   */
  newest(): Seconds {
    const times = this.#times.slice(0, Math.min(this.#rows, LAST_ROWS)).sort();
    return times[times.length >> 1] ?? 0;
  }

  /** @returns the lease, with what it says of relays mended */
  #checkInfo(lease: L): L {
    if (lease.userContext === "") return lease;
    const { userContext, fault } = this.#checks.info(lease.userContext);
    if (fault !== undefined && this.#badInfos++ < REPORTED) {
      this.#report({ kind: "bad-info", address: this.csv.rules.formatAddress(lease), fault });
    }
    return userContext === lease.userContext ? lease : { ...lease, userContext };
  }

  /** @returns the lease, mended where that is asked for; `undefined` when it has to go */
  #checkSubnet(lease: L): L | undefined {
    const { mode } = this.#checks.subnet;
    if (mode === "none") return lease;
    const expected = this.#checks.subnet.subnetIdOf(lease);
    const { subnetId } = lease;
    if (expected === subnetId) return lease;
    let action: SubnetFinding["action"] = "kept";
    if (mode === "del" || (mode === "fix-del" && expected === undefined)) action = "deleted";
    else if (mode !== "warn" && expected !== undefined) action = "fixed";
    if (this.wrongSubnets++ < REPORTED) {
      const address = this.csv.rules.formatAddress(lease);
      this.#report({ kind: "wrong-subnet", address, subnetId, found: { expected, action } });
    }
    if (action === "deleted") return undefined;
    return action === "fixed" ? { ...lease, subnetId: expected } : lease;
  }
}
