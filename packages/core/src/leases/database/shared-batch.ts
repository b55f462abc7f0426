/** One batch of packets' changes to leases that are in a database, and the loads of what its look-ups miss. */
import type { Seconds } from "../../base/clock.ts";
import { type Lease, LeaseState } from "../model/lease.ts";
import type { GivenLeases, LeaseLimit, NewLease } from "../model/lease-limit.ts";
import type { CommitResult } from "../model/lease-store.ts";
import { type OwnChange, OwnChanges } from "./changes/own-changes.ts";
import type { Loaded } from "./lease-database.ts";
import { LoadPlan, wantedBy } from "./load-plan.ts";
import { SeenLeases } from "./seen-leases.ts";
import type { SharedOwner, SubmittedBatch } from "./shared-owner.ts";
import { SharedView } from "./shared-view.ts";

const NOTHING_LOADED: Loaded<never> = { leases: [], claims: new Map(), crossed: [], counts: new Map() };

export abstract class SharedBatch<L extends Lease, Key, Range> implements SubmittedBatch<L, Key> {
  size = 0;
  protected readonly view: SharedView<L, Key, Range>;
  readonly #owner: SharedOwner<L, Key, Range>;
  readonly #plan = new LoadPlan<L, Key, Range>();
  readonly #seen: SeenLeases<L, Key, Range>;
  readonly #own: OwnChanges<L, Key>;
  /** What `relyOn` was told, where it is a change of another batch that is on its way. */
  readonly #relied: { readonly number: number; readonly outcome: Promise<CommitResult> }[] = [];
  /** What has become of the changes in the database. */
  #outcome: Promise<CommitResult> | undefined;

  constructor(owner: SharedOwner<L, Key, Range>) {
    // One time for the whole batch, as for its decisions: what it gives is held until the batch ends, however long a load takes.
    const now = owner.now();
    this.#owner = owner;
    this.#seen = new SeenLeases(owner, now);
    this.#own = new OwnChanges(owner.family, this.#seen, owner.limits, now, owner.random);
    this.view = new SharedView(owner, this.#own, this.#seen, this.#plan, now);
  }

  get missed(): number {
    return this.#plan.missed;
  }

  get recalled(): number {
    return this.#seen.recollection.count;
  }

  set mayRecall(isAllowed: boolean) {
    this.#seen.recollection.isAllowed = isAllowed;
  }

  async load(): Promise<void> {
    const { family, load, search, random } = this.#owner;
    const plan = this.#plan.take();
    const searches = plan.searched.map((pool) => search(pool, (key) => this.view.isBusy(key)));
    const wanted = wantedBy(plan);
    const [loaded] = await Promise.all([wanted === undefined ? NOTHING_LOADED : load(wanted), ...searches]);
    this.#seen.add(plan, loaded);
    const found = new Set<Key>();
    for (const lease of loaded.leases) {
      const key = family.keyOf(lease);
      found.add(key);
      if (this.view.isHeld(lease)) this.#withdrawOffer(key);
    }
    const isFree = (key: Key) => !found.has(key) && !this.view.isBusy(key);
    for (const [pool, block] of plan.blocks) pool.take(block, isFree, random());
  }

  /** Another server was quicker. */
  #withdrawOffer(key: Key): void {
    const { offers, random } = this.#owner;
    offers.giverOf(key)?.scatter(key, random());
    offers.delete(key);
  }

  get isLimited(): boolean {
    return !this.#own.counts.limits.isEmpty;
  }

  get countsClasses(): boolean {
    return this.#own.counts.limits.countsClasses;
  }

  limitReached(lease: NewLease, ended: readonly L[], others?: readonly GivenLeases[]): LeaseLimit | undefined {
    return this.view.limitReached(lease, ended, others);
  }

  async expired(now: Seconds, limit: number): Promise<readonly L[]> {
    return this.#keep(await this.#owner.read((database) => database.expired(now, limit)));
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]> {
    return this.#keep(await this.#owner.read((database) => database.forgettable(now, holdReclaimed, limit)));
  }

  #keep(leases: readonly L[]): readonly L[] {
    for (const lease of leases) this.#seen.addLease(lease);
    return leases;
  }

  /** What is being changed already is left to those who do. */
  stillHolds(found: L): boolean {
    return this.#owner.changeAt(this.#owner.family.keyOf(found)) === undefined;
  }

  /** @throws RangeError when the lease is one of nobody (CVE-2019-6474) */
  put(lease: L): void {
    const { family, offers } = this.#owner;
    const wrong = family.rules.check(lease);
    if (wrong !== undefined) throw new RangeError(`no lease to be kept: it ${wrong}`);
    const kept = family.rules.keep(lease);
    const key = family.keyOf(lease);
    if (lease.state !== LeaseState.offered) {
      this.#change(key, kept);
      return;
    }
    this.size++;
    const giver = this.#seen.giverOf(key) ?? offers.giverOf(key);
    offers.offer(key, kept, { giver, sighting: this.view.sight(kept) });
  }

  discard(lease: L): void {
    this.removeAt(this.#owner.family.keyOf(lease));
  }

  protected removeAt(key: Key): void {
    // A client that asks for something else than it was offered: nobody need know what is below the offer.
    if (this.view.offerAt(key) !== undefined || this.view.storedAt(key) === undefined) this.#owner.offers.delete(key);
    else this.#change(key, undefined);
  }

  #change(key: Key, wanted: L | undefined): void {
    const { offers, succession } = this.#owner;
    const before = this.view.storedAt(key);
    this.#own.add(key, before, succession(before, wanted), this.size);
    this.size++;
    const giver = offers.giverOf(key);
    if (giver !== undefined) this.#seen.setGiver(key, giver);
    offers.delete(key);
  }

  relyOn(lease: L): void {
    const key = this.#owner.family.keyOf(lease);
    const change = this.#owner.changeAt(key);
    const isOwn = this.#own.rely(key, this.size);
    if (!isOwn && change !== undefined) this.#relied.push({ number: this.size, outcome: change.batch.outcome });
    this.size++;
  }

  /** Of one that has been submitted. */
  get outcome(): Promise<CommitResult> {
    if (this.#outcome === undefined) throw new Error("the batch is not submitted");
    return this.#outcome;
  }

  commit(): Promise<CommitResult> {
    if (this.#outcome !== undefined) throw new Error("a batch is committed once");
    this.#outcome = this.#own.size > 0 ? this.#owner.submit(this) : Promise.resolve({ kind: "durable" });
    return this.#relied.length === 0 ? this.#outcome : this.#withRelied(this.#outcome);
  }

  async #withRelied(own: Promise<CommitResult>): Promise<CommitResult> {
    const result = await own;
    if (result.kind === "failed") return result;
    const taken = new Set(result.kind === "taken" ? result.changes : []);
    for (const { number, outcome } of this.#relied) if ((await outcome).kind !== "durable") taken.add(number);
    return taken.size === 0 ? { kind: "durable" } : { kind: "taken", changes: taken };
  }

  /** Nothing has left the batch yet but offers, which nobody counts on. */
  abandon(): void {
    this.#outcome ??= Promise.resolve({ kind: "failed", error: new Error("the batch was given up") });
  }

  /** What is to be changed in the database, and the numbers of the changes that are one there. */
  changes(): IterableIterator<OwnChange<L, Key>> {
    return this.#own.forDatabase();
  }

  /** The pool that gave the key goes elsewhere for the next. */
  scatter(key: Key): void {
    this.#seen.giverOf(key)?.scatter(key, this.#owner.random());
  }
}
