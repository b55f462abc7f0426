/**
 * Tells the DNS updater what has become of leases on disk; service never waits for it. What there is no room to remember
 * is found again in the leases: what is owed stands in them, and names of leases are told again from a certain time on.
 */
import type { Milliseconds, Seconds } from "../base/clock.ts";
import { Timer } from "../base/timer.ts";
import type { DhcpDdnsConfig } from "../config/dhcp4-config.ts";
import type { Adoption, Keeper, SharedNames } from "../leases/model/adoption.ts";
import { type Lease, LeaseState } from "../leases/model/lease.ts";
import type { LeaseBatch, LeaseWatcher } from "../leases/model/lease-store.ts";
import { type OwedRemoval, owedRemovals, owesRemovals } from "../leases/user-context/owed-removals.ts";
import { DueNames } from "./due-names.ts";
import { nameSuccession } from "./name-succession.ts";
import type { LeaseAddress, NamedFamily, NamedStore, RulesOf } from "./named-family.ts";
import { PaidRemovals } from "./paid-removals.ts";
import { isPublished, isSameName, isSameOwner, nameKey, publishedName } from "./published-name.ts";
import { loadToldMark, ToldMarkWriter } from "./told-mark.ts";
import { UntoldLeases } from "./untold-leases.ts";
import { UpdateSession, type UpdateSessionParts } from "./update-session.ts";

const GATHER: Milliseconds = 50;
const MARK_EVERY: Milliseconds = 10_000;
/** From a decision to its commit. */
const MARGIN: Seconds = 60;

export interface NameSenderParts<L extends Lease, Batch extends LeaseBatch<L>> extends UpdateSessionParts<L, Batch> {
  readonly family: NamedFamily<L, Batch>;
  readonly store: NamedStore<L, Batch>;
  /** Where it is noted down what the updater knows. */
  readonly markFile: string;
  readonly sleep?: (time: Milliseconds) => Promise<void>;
}

export class NameSender<L extends Lease, Batch extends LeaseBatch<L>> implements LeaseWatcher<L>, SharedNames<L> {
  readonly #parts: NameSenderParts<L, Batch>;
  readonly #due = new DueNames<L>();
  readonly #paid: PaidRemovals<L, Batch>;
  readonly #untold: UntoldLeases<L, Batch>;
  readonly #markWriter: ToldMarkWriter;
  /** While names are to be told. */
  #session: UpdateSession<L, Batch> | undefined;
  #settings: DhcpDdnsConfig | undefined;
  #rulesOf: RulesOf<L> | undefined;
  #isAwake = false;
  #marker: NodeJS.Timeout | undefined;
  #keeperOf: (lease: L) => Keeper = () => "this";
  /** While leases of another server are put. */
  #adoption: Adoption | undefined;
  /** Leases of another server that are not durable yet. */
  readonly #adopted = new WeakMap<L, Adoption>();
  /** Whether a lease was found of which it is not known whose it is: so it is with others. */
  #awaitsKeeper = false;
  /** Whether another server has given leases while this one was not there. */
  #isShared = false;
  /** Names of leases of another server from before this one has told any are not untold. */
  #firstOwn: Seconds = 0;
  /** Of the start before: since when its names may be untold, and when it was over at the latest; 0 for not known. */
  #former: { readonly until: Seconds; readonly end: Seconds } = { until: 0, end: 0 };
  #started: Seconds = 0;

  constructor(parts: NameSenderParts<L, Batch>) {
    this.#parts = parts;
    const { family, store, now, monotonic, markFile, log, messages } = parts;
    const sleep = parts.sleep ?? ((time) => new Promise((resolve) => Timer.after(time, resolve).unref()));
    this.#paid = new PaidRemovals(family, store, sleep, (flights) => this.#session?.land(flights));
    this.#untold = new UntoldLeases({
      family,
      now,
      monotonic,
      sleep,
      hasRoom: () => !this.#due.isFull,
      onFound: (lease) => this.#noteFound(lease),
      onUnread: ({ message: error }) => log.log(messages.DHCP_DDNS_LEASES_UNREAD, { error }),
    });
    this.#markWriter = new ToldMarkWriter(markFile, ({ message: error }) =>
      log.log(messages.DHCP_DDNS_MARK_FAILED, { error }),
    );
    const isPaid = (lease: L, removal: OwedRemoval) => this.#paid.includes(lease, removal);
    const succession = nameSuccession(family, now, isPaid, () => this.#adoption);
    store.succeed((before, after) => {
      if (!this.#isOn) return after;
      const kept = succession(before, after);
      if (kept !== undefined && this.#adoption !== undefined) this.#adopted.set(kept, this.#adoption);
      return kept;
    });
    store.watch(this);
  }

  get #isOn(): boolean {
    return this.#session !== undefined;
  }

  /** Names that the updater has not confirmed; what there is no room to remember is not among them. */
  get waiting(): number {
    return this.#due.size;
  }

  /** At the start, and after each reload. */
  configure(settings: DhcpDdnsConfig, rulesOf: RulesOf<L>): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#rulesOf = rulesOf;
    this.#due.limit = settings["max-queue-size"];
    const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(settings);
    if (isSame) return;
    const wasOn = this.#isOn;
    if (wasOn) this.#close(false);
    if (settings["enable-updates"]) this.#open(settings, wasOn);
  }

  #open(settings: DhcpDdnsConfig, wasOn: boolean): void {
    const mark = loadToldMark(this.#parts.markFile);
    // Another updater may be another make.
    const confirms = wasOn ? undefined : mark.confirms;
    const session = new UpdateSession(this.#parts, settings, confirms, this.#due, (lease) => this.#rulesOf!(lease), {
      onRemoved: (flight) => this.#paid.add(flight),
      onRoom: () => {
        if (session.isHeld || this.#untold.areThere) this.#tell();
      },
      onConfirms: () => this.#mark(),
    });
    this.#session = session;
    this.#former = { until: mark.until, end: mark.at === 0 ? mark.at : mark.at + MARGIN };
    this.#started = this.#parts.now();
    this.#firstOwn = mark.since ?? Math.floor(this.#parts.now());
    this.#untold.reset(mark.isComplete ? undefined : Math.min(mark.until, this.#parts.now()));
    this.#marker = setInterval(() => {
      this.#mark();
      if (!this.#awaitsKeeper) return;
      this.#awaitsKeeper = false;
      void this.#findUntold();
    }, MARK_EVERY).unref();
    this.#mark();
    void this.#findUntold();
  }

  /** What is not done with is found again in the leases. */
  #close(isEnd: boolean): void {
    this.#mark(isEnd && this.#due.size === 0 && this.#untold.since === undefined);
    clearInterval(this.#marker);
    this.#session?.close();
    this.#session = undefined;
    this.#due.clear();
    this.#paid.clear();
  }

  async stop(): Promise<void> {
    if (this.#isOn) this.#close(true);
  }

  /** Has the lease's name told again, as `lease4-resend-ddns` asks. @returns false when it has none, or there is no room */
  resend(lease: L): boolean {
    const address = this.#parts.family.addressOf(lease);
    const name = publishedName(lease);
    if (!this.#isOn || address === undefined || name === undefined) return false;
    if (this.#due.isFull && this.#due.get(address) === undefined) return false;
    this.#due.note(address, lease, name);
    this.#wake();
    return true;
  }

  adopt(as: Adoption, change: () => void): void {
    this.#adoption = as;
    try {
      change();
    } finally {
      this.#adoption = undefined;
    }
  }

  askKeeper(keeperOf: (lease: L) => Keeper): void {
    this.#keeperOf = keeperOf;
  }

  resendSince(since: Seconds): void {
    if (!this.#isOn) return;
    this.#untold.add(since);
    this.#awaitsKeeper = false;
    void this.#findUntold();
  }

  put(lease: L, before: L | undefined): void {
    const adoption = this.#adopted.get(lease);
    this.#adopted.delete(lease);
    const address = this.#isOn ? this.#parts.family.addressOf(lease) : undefined;
    if (address === undefined) return;
    const name = publishedName(lease);
    const due = this.#due.get(address);
    const isNews =
      name !== undefined &&
      (adoption !== undefined
        ? this.#isStillNews(lease, before, adoption)
        : due?.added !== undefined || this.#isNews(lease, before));
    const added = isNews ? name : undefined;
    if (due !== undefined || isNews || owesRemovals(lease.userContext)) this.#note(address, lease, added);
  }

  discard(lease: L): void {
    const address = this.#parts.family.addressOf(lease);
    if (address !== undefined) this.#due.drop(address);
  }

  /** Whether the DNS has to be told the name of a published lease. */
  #isNews(lease: L, before: L | undefined): boolean {
    if (before === undefined || !isPublished(before) || !isSameName(before, lease, this.#parts.family.identify))
      return true;
    if (lease.cltt <= before.cltt) return false;
    // Those who look for leases by the time before this renewal do not find it.
    return this.#untold.since !== undefined || this.#rulesOf!(lease).updateOnRenew;
  }

  /** Whether the DNS has to be told the name of another server's lease: because of what this one has not told yet. */
  #isStillNews(lease: L, before: L | undefined, adoption: Adoption): boolean {
    // A removal may take it out again, as both may be of the same client.
    const name = nameKey(publishedName(lease)!);
    if (owedRemovals(lease.userContext).removals.some(({ fqdn }) => nameKey(fqdn) === name)) return true;
    const { addressOf, identify } = this.#parts.family;
    // It has ended here, and was renewed there: which of the two the DNS was told last is not known.
    const hasEnded = before?.state === LeaseState.reclaimed && isSameOwner(before, lease, identify);
    // It was given here, and kept there only.
    const { until, end } = this.#former;
    const isOld = before === undefined && lease.cltt >= until && lease.cltt <= end;
    if ((hasEnded || isOld) && adoption === "fetched") return true;
    if (before === undefined || !isPublished(before) || !isSameName(before, lease, identify)) return false;
    return this.#due.get(addressOf(lease)!)?.added !== undefined || this.#untold.since !== undefined;
  }

  #note(address: LeaseAddress, lease: L, added: string | undefined): void {
    if (this.#due.isFull && this.#due.get(address) === undefined) {
      this.#untold.add(lease.cltt);
      return;
    }
    this.#due.note(address, lease, added);
    this.#wake();
  }

  /** What is due there already came later than what was found. */
  #noteFound(lease: L): void {
    const keeper = this.#keeperOf(lease);
    if (keeper === "unknown") {
      this.#awaitsKeeper = true;
      this.#isShared = true;
      return;
    }
    if (keeper === "other" && lease.cltt < this.#firstOwn) return;
    if (this.#isShared && this.#former.end > 0 && lease.cltt > this.#former.end && lease.cltt < this.#started) return;
    const address = this.#parts.family.addressOf(lease);
    if (address !== undefined && this.#due.get(address) === undefined) this.#note(address, lease, publishedName(lease));
  }

  /** Not before the replies that wait for the same commit have left; and what comes together is told together. */
  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    setTimeout(() => {
      this.#isAwake = false;
      this.#tell();
    }, GATHER).unref();
  }

  #tell(): void {
    if (this.#session === undefined) return;
    this.#session.tell();
    if (this.#due.size * 2 <= this.#due.limit) void this.#findUntold();
  }

  async #findUntold(): Promise<void> {
    if (this.#awaitsKeeper) return;
    const session = this.#session;
    const { since } = this.#untold;
    const isWanted = () => this.#session === session && !this.#awaitsKeeper;
    if (!(await this.#untold.find(isWanted))) return;
    if (this.#awaitsKeeper && this.#session === session) {
      this.#untold.add(since!);
      return;
    }
    if (!isWanted()) void this.#findUntold();
    this.#wake();
  }

  /** Since when names may be untold. What is decided just now is not durable yet, and so not due. */
  #toldUntil(): Seconds {
    let until = this.#untold.since ?? Number.POSITIVE_INFINITY;
    for (const { added, lease } of this.#due) if (added !== undefined) until = Math.min(until, lease.cltt);
    return Math.min(until, Math.floor(this.#parts.now()) - MARGIN);
  }

  /** @param isComplete whether nothing is owed, and nothing will be until the next start */
  #mark(isComplete = false): void {
    const { confirms } = this.#session ?? {};
    this.#markWriter.write({
      until: this.#toldUntil(),
      isComplete,
      at: Math.floor(this.#parts.now()),
      since: this.#firstOwn,
      confirms,
    });
  }
}
