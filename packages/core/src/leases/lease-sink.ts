/** Where the rows of the lease file go at start: into the table, checked against the subnets. */
import type { Seconds } from "../base/clock.ts";
import { type Lease, LeaseState } from "./lease.ts";
import type { LeaseCsv } from "./lease-csv.ts";
import type { Report, SubnetFinding } from "./lease-file-event.ts";
import type { LeaseTarget } from "./lease-store.ts";
import type { RowSink } from "./load-leases.ts";

/** Kea's `sanity-checks.lease-checks`: is a lease's subnet-id that of the subnet its address lies in? */
export interface SubnetCheck<Subject> {
  readonly mode: "none" | "warn" | "fix" | "fix-del" | "del";
  /** The id of the subnet that an address lies in. */
  subnetIdOf(subject: Subject): number | undefined;
}

/** How many of the last rows tell what time it was when they were written. */
const LAST_ROWS = 101;
/** Each further lease in a wrong subnet is counted only: a subnet that was renumbered may have a million of them. */
const REPORTED = 100;

export class LeaseSink<L extends Lease, Row extends L> implements RowSink<Row> {
  readonly csv: LeaseCsv<L, Row>;
  readonly row: Row;
  wrongSubnets = 0;
  readonly #table: LeaseTarget<L>;
  readonly #check: SubnetCheck<L>;
  readonly #report: Report;
  readonly #times = new Float64Array(LAST_ROWS);
  #rows = 0;

  constructor(csv: LeaseCsv<L, Row>, table: LeaseTarget<L>, check: SubnetCheck<L>, report: Report) {
    this.csv = csv;
    this.row = csv.rules.blank();
    this.#table = table;
    this.#check = check;
    this.#report = report;
  }

  take(): void {
    const lease = this.row.validLifetime === 0 ? undefined : this.#checkSubnet(this.row);
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

  /** @returns the lease, mended where that is asked for; `undefined` when it has to go */
  #checkSubnet(lease: L): L | undefined {
    const { mode } = this.#check;
    if (mode === "none") return lease;
    const expected = this.#check.subnetIdOf(lease);
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
