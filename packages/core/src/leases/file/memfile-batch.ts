/** One batch of changes to the leases in memory, with what it takes to write them down or to take them back. */
import type { Seconds } from "../../base/clock.ts";
import type { JournalEntry } from "../../storage/journal.ts";
import type { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import { type Lease, LeaseState } from "../model/lease.ts";
import type { GivenLeases, LeaseLimit, LimitView, NewLease } from "../model/lease-limit.ts";
import type { CommitResult, LeaseTarget, LeaseWatcher, Succession } from "../model/lease-store.ts";

/** At least one of the two is there. */
interface Change<L> {
  before: L | undefined;
  after: L | undefined;
}

/** The table of a family, as far as a batch is concerned. */
export interface BatchTable<L extends Lease> extends LeaseTarget<L>, LimitView<L> {
  current(lease: L): L | undefined;
  expired(now: Seconds, limit: number): readonly L[];
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly L[];
}

/** What a batch needs of its store. */
export interface BatchOwner<L extends Lease> {
  readonly table: BatchTable<L>;
  readonly csv: LeaseCsv<L>;
  /** Are told of what has become durable. */
  readonly watchers: readonly LeaseWatcher<L>[];
  succession: Succession<L>;
  /** Says that `batch` is about to change something. */
  claim(batch: MemfileBatch<L>): void;
  /** Says that `batch` has nothing to write and is over. */
  release(batch: MemfileBatch<L>): void;
  /** Hands the batch over; `durable` or `failed` is called when its fate is known. */
  submit(batch: MemfileBatch<L>): void;
  /** Undoes the batch, if it has changed anything. */
  abandon(batch: MemfileBatch<L>): void;
  /** Whether changes that can be seen are not durable yet. */
  readonly isBehind: boolean;
}

/** A lease on offer stays in memory. */
function isOnDisk<L extends Lease>(lease: L | undefined): lease is L {
  return lease !== undefined && lease.state !== LeaseState.offered;
}

function shifted<L extends Lease>(lease: L | undefined, seconds: Seconds): L | undefined {
  return lease === undefined ? undefined : { ...lease, cltt: lease.cltt + seconds };
}

export class MemfileBatch<L extends Lease> implements JournalEntry {
  /** Everything is at hand. */
  readonly missed = 0;
  readonly recalled = 0;
  mayRecall = false;
  readonly #owner: BatchOwner<L>;
  readonly #changes: Change<L>[] = [];
  /** The numbers of what `relyOn` was told. */
  readonly #relied: number[] = [];
  #hasRows = false;
  #committed = false;
  #error: Error | undefined;
  #settle: (result: CommitResult) => void = () => {};

  constructor(owner: BatchOwner<L>) {
    this.#owner = owner;
  }

  get size(): number {
    return this.#changes.length + this.#relied.length;
  }

  load(): Promise<void> {
    return Promise.resolve();
  }

  expired(now: Seconds, limit: number): readonly L[] {
    return this.#owner.table.expired(now, limit);
  }

  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly L[] {
    return this.#owner.table.forgettable(now, holdReclaimed, limit);
  }

  get isLimited(): boolean {
    return this.#owner.table.isLimited;
  }

  get countsClasses(): boolean {
    return this.#owner.table.countsClasses;
  }

  limitReached(lease: NewLease, ended: readonly L[], others?: readonly GivenLeases[]): LeaseLimit | undefined {
    return this.#owner.table.limitReached(lease, ended, others);
  }

  /** What was found has been at hand. */
  stillHolds(): boolean {
    return true;
  }

  /** @throws RangeError when the lease could not be read back, as that of nobody (CVE-2019-6474) */
  put(lease: L): void {
    const { csv, table } = this.#owner;
    const wrong = csv.check(lease);
    if (wrong !== undefined) throw new RangeError(`no lease to be kept: it ${wrong}`);
    this.#claim();
    const before = table.current(lease);
    // Of an offer nothing but its address is looked at again.
    this.#change(before, isOnDisk(lease) ? this.#succeed(before, csv.rules.keep(lease)) : lease);
  }

  discard(lease: L): void {
    this.removeFound(() => this.#owner.table.current(lease));
  }

  /** @param find gets the lease to remove, if there is one */
  protected removeFound(find: () => L | undefined): void {
    this.#claim();
    const before = find();
    if (before === undefined) return;
    this.#change(before, isOnDisk(before) ? this.#succeed(before, undefined) : undefined);
  }

  /** At least one of the two is there, but for a succession that keeps nothing where nothing was. */
  #change(before: L | undefined, after: L | undefined): void {
    const { table } = this.#owner;
    this.#changes.push({ before, after });
    if (after !== undefined) table.put(after);
    else if (before !== undefined) table.discard(before);
  }

  #succeed(before: L | undefined, after: L | undefined): L | undefined {
    return this.#owner.succession(isOnDisk(before) ? before : undefined, after);
  }

  /** The lease is durable when all that came before is: which of it has made the lease what it is does not matter. */
  relyOn(): void {
    this.#relied.push(this.size);
  }

  abandon(): void {
    this.#owner.abandon(this);
    this.#committed = true;
  }

  commit(): Promise<CommitResult> {
    if (this.#committed) throw new Error("a batch is committed once");
    this.#committed = true;
    if (this.#error !== undefined) return Promise.resolve({ kind: "failed", error: this.#error });
    this.#hasRows = this.#changes.some(
      ({ before, after }) => isOnDisk(after) || (after === undefined && isOnDisk(before)),
    );
    if (!this.#hasRows && (this.#relied.length === 0 || !this.#owner.isBehind)) {
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
    const { csv } = this.#owner;
    for (const { before, after } of this.#changes) {
      if (isOnDisk(after)) csv.write(after, out);
      else if (after === undefined && isOnDisk(before)) csv.writeRemoval(before, out);
    }
  }

  /** The rows that say how it was before the changes. */
  writeReversal(out: RowWriter): void {
    const { csv } = this.#owner;
    for (const { before, after } of this.#changes.toReversed()) {
      if (isOnDisk(before)) csv.write(before, out);
      else if (isOnDisk(after)) csv.writeRemoval(after, out);
    }
  }

  /** Makes the table what it was. Batches that came later must have been undone. */
  undo(): void {
    const { table } = this.#owner;
    for (const { before, after } of this.#changes.toReversed()) {
      if (before !== undefined) table.put(before);
      else if (after !== undefined) table.discard(after);
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
    for (const watcher of this.#owner.watchers) this.#tell(watcher);
    this.#settle({ kind: "durable" });
  }

  #tell(watcher: LeaseWatcher<L>): void {
    for (const { before, after } of this.#changes) {
      if (isOnDisk(after)) watcher.put(after, isOnDisk(before) ? before : undefined);
      else if (after === undefined && isOnDisk(before)) watcher.discard(before);
    }
  }

  failed(error: Error): void {
    this.#error = error;
    // What was only relied on may still stand: whoever asks again finds out.
    this.#settle(this.#hasRows ? { kind: "failed", error } : { kind: "taken", changes: new Set(this.#relied) });
  }

  /** Before anything is looked up: what others have left uncommitted is undone. */
  #claim(): void {
    if (this.#committed || this.#error !== undefined) throw this.#error ?? new Error("the batch is committed already");
    this.#owner.claim(this);
  }
}
