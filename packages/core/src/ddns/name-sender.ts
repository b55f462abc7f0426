/**
 * Tells the DNS updater what has become of leases on disk; service never waits for it. What there is no room to remember
 * is found again in the leases: what is owed stands in them, and names of leases are told again from a certain time on.
 */
import { randomInt } from "node:crypto";
import { promisify } from "node:util";
import type { Milliseconds, Seconds } from "../base/clock.ts";
import { DecodeError } from "../base/decode-error.ts";
import { Timer } from "../base/timer.ts";
import type { DhcpDdnsConfig } from "../config/dhcp4-config.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { FamilyBatch, LeaseWatcher } from "../leases/model/lease-store.ts";
import { keyOfRemoval, owedRemovals, owesRemovals } from "../leases/user-context/owed-removals.ts";
import type { Logger } from "../log/logger.ts";
import { decodeConfirmation, encodeRequests, formatRequest } from "../ncr/ncr-datagram.ts";
import { type Due, DueNames, type Flight, owesUnsent } from "./due-names.ts";
import type { DdnsMessages } from "./messages.ts";
import { nameRequest } from "./name-request.ts";
import { nameSuccession } from "./name-succession.ts";
import type { NamedFamily, NamedStore, Place, RulesOf } from "./named-family.ts";
import { NamesInFlight } from "./names-in-flight.ts";
import { PaidRemovals } from "./paid-removals.ts";
import { isPublished, isSameName, nameKey, publishedName } from "./published-name.ts";
import { RequestWindow } from "./request-window.ts";
import { loadToldMark, saveToldMark, type ToldMark } from "./told-mark.ts";
import { mostBytesTo, openUpdateChannel, type UpdateChannel } from "./update-channel.ts";

const pause = promisify(setImmediate);

const TICK: Milliseconds = 100;
const GATHER: Milliseconds = 50;
const MARK_EVERY: Milliseconds = 10_000;
/** Leases looked at between two chances for packets. */
const PAGE = 1000;
/** In which what was put before is durable, or has been undone. */
const SETTLING_TIME: Milliseconds = 2000;
/** From a decision to its commit. */
const MARGIN: Seconds = 60;
/** Numbers that JSON carries exactly, with room for a long life. */
const FIRST_NUMBERS = 2 ** 40;

export interface NameSenderParts<L extends Lease, Batch extends FamilyBatch<L>> {
  readonly family: NamedFamily<L, Batch>;
  readonly store: NamedStore<L, Batch>;
  /** Of the lease clock. */
  readonly now: () => Seconds;
  readonly monotonic: () => Milliseconds;
  /** Where it is noted down what the updater knows. */
  readonly markFile: string;
  readonly log: Logger;
  readonly messages: DdnsMessages;
  readonly openChannel?: typeof openUpdateChannel;
  readonly sleep?: (time: Milliseconds) => Promise<void>;
}

/** What is sent at once. */
interface Round<L> {
  readonly window: RequestWindow<Flight<L>>;
  /** Names that must wait, and nobody may be told of before them. */
  readonly blocked: Set<string>;
  readonly now: Seconds;
}

export class NameSender<L extends Lease, Batch extends FamilyBatch<L>> implements LeaseWatcher<L> {
  readonly #parts: NameSenderParts<L, Batch>;
  readonly #due = new DueNames<L>();
  readonly #names = new NamesInFlight();
  readonly #paid: PaidRemovals<L, Batch>;
  #window: RequestWindow<Flight<L>> | undefined;
  #channel: UpdateChannel | undefined;
  #settings: DhcpDdnsConfig | undefined;
  #rulesOf: RulesOf<L> | undefined;
  /** Names of leases heard of since then may have found no room; `undefined` when all have. */
  #behind: Seconds | undefined;
  /** The same of those that are being looked for. */
  #catchingUp: Seconds | undefined;
  #isAwake = false;
  /** Whether something waits for what is in flight. */
  #isHeld = false;
  #ticker: NodeJS.Timeout | undefined;
  #marker: NodeJS.Timeout | undefined;
  #marked = "";

  constructor(parts: NameSenderParts<L, Batch>) {
    this.#parts = parts;
    const { family, store, now } = parts;
    this.#paid = new PaidRemovals(
      family,
      store,
      (time) => this.#sleep(time),
      (flights) => this.#settled(flights),
    );
    const succession = nameSuccession(family, now, (lease, removal) => this.#paid.includes(lease, removal));
    store.succeed((before, after) => (this.#isOn ? succession(before, after) : after));
    store.watch(this);
  }

  get #isOn(): boolean {
    return this.#window !== undefined;
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
    const { markFile, monotonic, now, openChannel = openUpdateChannel } = this.#parts;
    const mark = loadToldMark(markFile);
    const to = {
      address: settings["server-ip"],
      port: settings["server-port"],
      senderAddress: settings["sender-ip"],
      senderPort: settings["sender-port"],
    };
    this.#channel = openChannel(to, {
      onDatagram: (bytes) => this.#receive(bytes),
      onRefusal: (error) => this.#refused(error),
    });
    const most = mostBytesTo(to.address);
    const send = (requests: readonly string[]) => {
      for (const datagram of encodeRequests(requests, most)) this.#channel?.send(datagram);
    };
    // Another updater may be another make.
    const confirms = wasOn ? undefined : mark.confirms;
    this.#window = new RequestWindow(send, monotonic, randomInt(FIRST_NUMBERS), confirms);
    this.#behind = mark.isComplete ? undefined : Math.min(mark.until, now());
    this.#marker = setInterval(() => this.#mark(), MARK_EVERY).unref();
    this.#mark();
    void this.#catchUp();
  }

  /** What is not done with is found again in the leases. */
  #close(isEnd: boolean): void {
    this.#mark(isEnd && this.#due.size === 0 && this.#behind === undefined && this.#catchingUp === undefined);
    clearInterval(this.#marker);
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    this.#channel?.[Symbol.dispose]();
    this.#channel = undefined;
    this.#window = undefined;
    this.#due.clear();
    this.#names.clear();
    this.#paid.clear();
  }

  async stop(): Promise<void> {
    if (this.#isOn) this.#close(true);
  }

  /** Has the lease's name told again, as `lease4-resend-ddns` asks. @returns false when it has none, or there is no room */
  resend(lease: L): boolean {
    const place = this.#parts.family.placeOf(lease);
    const name = publishedName(lease);
    if (!this.#isOn || place === undefined || name === undefined) return false;
    if (this.#due.isFull && this.#due.get(place) === undefined) return false;
    this.#due.note(place, lease, name);
    this.#wake();
    return true;
  }

  put(lease: L, before: L | undefined): void {
    const place = this.#isOn ? this.#parts.family.placeOf(lease) : undefined;
    if (place === undefined) return;
    const name = publishedName(lease);
    const due = this.#due.get(place);
    const isNews = name !== undefined && (due?.added !== undefined || this.#isNews(lease, before));
    const added = isNews ? name : undefined;
    if (due !== undefined || isNews || owesRemovals(lease.userContext)) this.#note(place, lease, added);
  }

  discard(lease: L): void {
    const place = this.#parts.family.placeOf(lease);
    if (place !== undefined) this.#due.drop(place);
  }

  /** Whether the DNS has to be told the name of a published lease. */
  #isNews(lease: L, before: L | undefined): boolean {
    if (before === undefined || !isPublished(before) || !isSameName(before, lease, this.#parts.family.identify))
      return true;
    if (lease.cltt <= before.cltt) return false;
    // Those who look for leases by the time before this renewal do not find it.
    const isSought = this.#behind !== undefined || this.#catchingUp !== undefined;
    return isSought || this.#rulesOf!(lease).updateOnRenew;
  }

  #note(place: Place, lease: L, added: string | undefined): void {
    if (this.#due.isFull && this.#due.get(place) === undefined) {
      this.#fallBehind(lease.cltt);
      return;
    }
    this.#due.note(place, lease, added);
    this.#wake();
  }

  #fallBehind(since: Seconds): void {
    this.#behind = Math.min(this.#behind ?? since, since);
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

  /** Sends what there is room for in the window. */
  #tell(): void {
    const window = this.#window;
    if (window === undefined) return;
    const round: Round<L> = { window, blocked: new Set(), now: this.#parts.now() };
    for (const due of this.#due) {
      if (window.isFull) break;
      this.#tellOf(due, round);
    }
    this.#isHeld = window.isFull || round.blocked.size > 0;
    window.flush();
    if (!window.isEmpty) this.#ticker ??= setInterval(() => this.#tick(), TICK).unref();
    if (this.#behind !== undefined && this.#due.size * 2 <= this.#due.limit) void this.#catchUp();
  }

  #tellOf(due: Due<L>, round: Round<L>): void {
    for (const removal of owedRemovals(due.lease.userContext).removals) {
      const key = keyOfRemoval(removal);
      if (due.removing.includes(key)) continue;
      const { fqdn } = removal;
      const name = nameKey(fqdn);
      if (this.#mustWait(due, name, round)) return;
      due.removing = [...due.removing, key];
      due.adding = undefined;
      this.#send(round, { due, lease: due.lease, removal, fqdn, name });
    }
    const { lease, adding, added: fqdn } = due;
    if (fqdn === undefined) return;
    if (adding !== undefined && isSameName(adding, lease, this.#parts.family.identify)) return;
    const name = nameKey(fqdn);
    if (this.#mustWait(due, name, round)) return;
    due.adding = lease;
    this.#send(round, { due, lease, removal: undefined, fqdn, name });
  }

  /** What may be sent again must not overtake: one at a time for an address and for a name. */
  #mustWait(due: Due<L>, name: string, { window, blocked }: Round<L>): boolean {
    const isBusy = due.adding !== undefined || due.removing.length > 0 || this.#names.has(name);
    if (isBusy && window.confirms !== false) blocked.add(name);
    return blocked.has(name) || window.isFull;
  }

  #send({ window, now }: Round<L>, flight: Flight<L>): void {
    this.#names.add(flight.name);
    const { family, log, messages } = this.#parts;
    const request = nameRequest(family, this.#rulesOf!(flight.lease), flight, window.nextNumber);
    if (log.isEnabled(messages.DHCP_DDNS_NCR_SENT)) {
      log.log(messages.DHCP_DDNS_NCR_SENT, { change: request.change, name: request.fqdn, address: request.address });
    }
    window.open(flight, formatRequest(request, now));
  }

  #receive(bytes: Uint8Array): void {
    const window = this.#window;
    if (window === undefined) return;
    try {
      const before = window.confirms;
      this.#done(window.confirm(decodeConfirmation(bytes)));
      if (window.confirms !== before) this.#mark();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#parts.log.log(this.#parts.messages.DHCP_DDNS_BAD_CONFIRMATION, { error: error.message });
    }
  }

  #refused(error: Error): void {
    if (this.#window?.refuse() !== true) return;
    this.#parts.log.log(this.#parts.messages.DHCP_DDNS_UPDATER_AWAY, { error: error.message });
  }

  #tick(): void {
    const window = this.#window!;
    const wasUnknown = window.confirms === undefined;
    this.#done(window.tick());
    if (wasUnknown && window.confirms === false) this.#parts.log.log(this.#parts.messages.DHCP_DDNS_NOT_CONFIRMED);
    if (!window.isEmpty) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  #done(flights: readonly Flight<L>[]): void {
    if (flights.length === 0) return;
    for (const flight of flights) {
      if (flight.removal === undefined) this.#land(flight);
      else this.#paid.add(flight);
    }
    this.#goOn();
  }

  /** It stands in the leases that they are owed no more. */
  #settled(flights: readonly Flight<L>[]): void {
    if (!this.#isOn) return;
    for (const flight of flights) this.#land(flight);
    this.#goOn();
  }

  /** There is room in the window; once there is much, so that what goes out goes together. */
  #goOn(): void {
    if (this.#window?.isRoomy === true && (this.#isHeld || this.#behind !== undefined)) this.#tell();
  }

  /** Nothing more is to be done for a request. */
  #land({ due, lease, removal, name }: Flight<L>): void {
    this.#names.remove(name);
    if (removal !== undefined) {
      const key = keyOfRemoval(removal);
      due.removing = due.removing.filter((each) => each !== key);
    } else if (due.adding === lease) {
      due.adding = undefined;
      // One that has ended meanwhile and come again is to lose its name first, and get it anew.
      if (!owesUnsent(due) && isSameName(lease, due.lease, this.#parts.family.identify)) due.added = undefined;
    }
    this.#due.settle(due);
  }

  /** Goes through the leases for what found no room, as there is room again. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp !== undefined || this.#behind === undefined) return;
    const { now, monotonic, log, messages } = this.#parts;
    const since = this.#behind;
    const window = this.#window;
    this.#catchingUp = since;
    this.#behind = undefined;
    const drift = () => now() - monotonic() / 1000;
    const before = drift();
    const until = now();
    await this.#sleep(SETTLING_TIME);
    try {
      // Names are free when those are out that they replace.
      await this.#sift(window, (lease) => owesRemovals(lease.userContext));
      await this.#sift(window, (lease) => lease.cltt >= since && lease.cltt <= until && isPublished(lease));
    } catch (error) {
      log.log(messages.DHCP_DDNS_LEASES_UNREAD, { error: (error as Error).message });
      this.#fallBehind(since);
    }
    // All leases have moved in time.
    if (drift() - before > 1) this.#fallBehind(since);
    this.#catchingUp = undefined;
    if (this.#window !== window) void this.#catchUp();
    this.#wake();
  }

  async #sift(window: unknown, isDue: (lease: L) => boolean): Promise<void> {
    const { family } = this.#parts;
    for (let page = await family.page(undefined, PAGE); page.length > 0; page = await family.page(page.at(-1), PAGE)) {
      for (const lease of page) {
        if (!isDue(lease)) continue;
        while (this.#due.isFull && this.#window === window) await this.#sleep(TICK);
        if (this.#window !== window) return;
        const place = family.placeOf(lease);
        // What is due there already came later than this page.
        if (place !== undefined && this.#due.get(place) === undefined) this.#note(place, lease, publishedName(lease));
      }
      await pause();
    }
  }

  #sleep(time: Milliseconds): Promise<void> {
    return this.#parts.sleep?.(time) ?? new Promise((resolve) => Timer.after(time, resolve).unref());
  }

  /** Since when names may be untold. What is decided just now is not durable yet, and so not due. */
  #toldUntil(): Seconds {
    let until = Math.min(this.#behind ?? Number.POSITIVE_INFINITY, this.#catchingUp ?? Number.POSITIVE_INFINITY);
    for (const { added, lease } of this.#due) if (added !== undefined) until = Math.min(until, lease.cltt);
    return Math.min(until, Math.floor(this.#parts.now()) - MARGIN);
  }

  /** @param isComplete whether nothing is owed, and nothing will be until the next start */
  #mark(isComplete = false): void {
    const mark: ToldMark = { until: this.#toldUntil(), isComplete, confirms: this.#window?.confirms };
    const text = JSON.stringify(mark);
    if (text === this.#marked) return;
    this.#marked = text;
    try {
      saveToldMark(this.#parts.markFile, mark);
    } catch (error) {
      this.#parts.log.log(this.#parts.messages.DHCP_DDNS_MARK_FAILED, { error: (error as Error).message });
    }
  }
}
