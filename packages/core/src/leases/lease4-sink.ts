/** Where the rows of the lease file go at start: into the table, checked against the subnets. */
import type { Seconds } from "../base/clock.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import type { Report, SubnetFinding } from "./lease-file-event.ts";
import type { LeaseTable } from "./lease-table.ts";
import { LeaseState } from "./lease4.ts";
import { blankLease4Row, lease4Csv } from "./lease4-csv.ts";
import type { RowSink } from "./load-leases.ts";

/** Kea's `sanity-checks.lease-checks`: is a lease's subnet-id that of the subnet its address lies in? */
export interface SubnetCheck {
  readonly mode: "none" | "warn" | "fix" | "fix-del" | "del";
  /** The id of the subnet that an address lies in. */
  subnetIdOf(address: Ipv4): number | undefined;
}

/** How many of the last rows tell what time it was when they were written. */
const LAST_ROWS = 101;

export class Lease4Sink implements RowSink {
  readonly csv = lease4Csv;
  readonly row = blankLease4Row();
  readonly #table: LeaseTable;
  readonly #check: SubnetCheck;
  readonly #report: Report;
  readonly #times = new Float64Array(LAST_ROWS);
  #rows = 0;

  constructor(table: LeaseTable, check: SubnetCheck, report: Report) {
    this.#table = table;
    this.#check = check;
    this.#report = report;
  }

  take(): void {
    const row = this.row;
    if (row.validLifetime === 0 || !this.#belongs()) {
      this.#table.remove(row.address);
      return;
    }
    this.#table.put(row);
    if (row.state === LeaseState.assigned) this.#times[this.#rows++ % LAST_ROWS] = row.cltt;
  }

  /**
   * The time that the lease file knows of; 0 when it has no lease. It is the middle one of the last rows and not the
   * newest of all: one row from a day on which the clock stood in 2099 must not make every other lease old.
   */
  newest(): Seconds {
    const times = this.#times.slice(0, Math.min(this.#rows, LAST_ROWS)).sort();
    return times[times.length >> 1] ?? 0;
  }

  /** Checks the row's subnet-id, and mends it where that is asked for. @returns false when the lease has to go */
  #belongs(): boolean {
    const { mode } = this.#check;
    if (mode === "none") return true;
    const row = this.row;
    const expected = this.#check.subnetIdOf(row.address);
    if (expected === row.subnetId) return true;
    let action: SubnetFinding["action"] = "kept";
    if (mode === "del" || (mode === "fix-del" && expected === undefined)) action = "deleted";
    else if (mode !== "warn" && expected !== undefined) action = "fixed";
    this.#report({ kind: "wrong-subnet", address: row.address, subnetId: row.subnetId, found: { expected, action } });
    if (action === "fixed" && expected !== undefined) row.subnetId = expected;
    return action !== "deleted";
  }
}
