/** One batch of changes to the leases in memory, with what it takes to write them down or to take them back. */
import type { Seconds } from "../base/clock.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import type { RowWriter } from "./csv-fields.ts";
import type { JournalEntry } from "./journal.ts";
import type { CommitResult, LeaseBatch, PoolCursor } from "./lease-store.ts";
import type { LeaseTable } from "./lease-table.ts";
import { type Lease4, LeaseState } from "./lease4.ts";
import { isNameless4, keepLease4, writeLease4, writeRemoval4 } from "./lease4-csv.ts";

interface Change {
  readonly address: Ipv4;
  before: Lease4 | undefined;
  after: Lease4 | undefined;
}

/** What a batch needs of its store. */
export interface BatchOwner {
  readonly table: LeaseTable;
  /** Says that `batch` is about to change something. */
  claim(batch: MemfileBatch): void;
  /** Says that `batch` has nothing to write and is over. */
  release(batch: MemfileBatch): void;
  /** Hands the batch over; `durable` or `failed` is called when its fate is known. */
  submit(batch: MemfileBatch): void;
}

/** A lease on offer stays in memory. */
function isOnDisk(lease: Lease4 | undefined): lease is Lease4 {
  return lease !== undefined && lease.state !== LeaseState.offered;
}

function shifted(lease: Lease4 | undefined, seconds: Seconds): Lease4 | undefined {
  return lease === undefined ? undefined : { ...lease, cltt: lease.cltt + seconds };
}

export class MemfileBatch implements LeaseBatch, JournalEntry {
  readonly #owner: BatchOwner;
  readonly #table: LeaseTable;
  readonly #changes: Change[] = [];
  #committed = false;
  #error: Error | undefined;
  #settle: (result: CommitResult) => void = () => {};

  constructor(owner: BatchOwner) {
    this.#owner = owner;
    this.#table = owner.table;
  }

  byAddress(address: Ipv4): Lease4 | undefined {
    return this.#table.byAddress(address);
  }

  byHwaddr(hwaddr: Uint8Array): readonly Lease4[] {
    return this.#table.byHwaddr(hwaddr);
  }

  byClientId(clientId: Uint8Array): readonly Lease4[] {
    return this.#table.byClientId(clientId);
  }

  available(pool: PoolCursor, now: Seconds, start?: number): Ipv4 | undefined {
    return this.#table.available(pool, now, start);
  }

  /** @throws RangeError when the lease names no client: its row could not be read back (CVE-2019-6474) */
  put(lease: Lease4): void {
    if (isNameless4(lease)) throw new RangeError("a lease needs a hardware address or a client id");
    this.#change(lease.address, keepLease4(lease));
  }

  remove(address: Ipv4): void {
    this.#change(address, undefined);
  }

  commit(): Promise<CommitResult> {
    if (this.#committed) throw new Error("a batch is committed once");
    this.#committed = true;
    if (this.#error !== undefined) return Promise.resolve({ kind: "failed", error: this.#error });
    const hasRows = this.#changes.some(
      ({ before, after }) => isOnDisk(after) || (after === undefined && isOnDisk(before)),
    );
    if (!hasRows) {
      // Nothing but offers, which nobody counts on: whatever becomes of the batches before, these stay.
      this.#owner.release(this);
      return Promise.resolve({ kind: "durable" });
    }
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#owner.submit(this);
    });
  }

  /** The rows that make the changes. */
  write(out: RowWriter): void {
    for (const { before, after } of this.#changes) {
      if (isOnDisk(after)) writeLease4(after, out);
      else if (after === undefined && isOnDisk(before)) writeRemoval4(before, out);
    }
  }

  /** The rows that say how it was before the changes. */
  writeReversal(out: RowWriter): void {
    for (const { before, after } of this.#changes.toReversed()) {
      if (isOnDisk(before)) writeLease4(before, out);
      else if (isOnDisk(after)) writeRemoval4(after, out);
    }
  }

  /** Makes the table what it was. Batches that came later must have been undone. */
  undo(): void {
    for (const { address, before } of this.#changes.toReversed()) {
      if (before === undefined) this.#table.remove(address);
      else this.#table.put(before);
    }
  }

  /** Moves the times in what is remembered, when those in the table move. */
  shift(seconds: Seconds): void {
    for (const change of this.#changes) {
      change.before = shifted(change.before, seconds);
      change.after = shifted(change.after, seconds);
    }
  }

  durable(): void {
    this.#settle({ kind: "durable" });
  }

  failed(error: Error): void {
    this.#error = error;
    this.#settle({ kind: "failed", error });
  }

  #change(address: Ipv4, after: Lease4 | undefined): void {
    if (this.#committed || this.#error !== undefined) throw this.#error ?? new Error("the batch is committed already");
    this.#owner.claim(this);
    this.#changes.push({ address, before: this.#table.byAddress(address), after });
    if (after === undefined) this.#table.remove(address);
    else this.#table.put(after);
  }
}
