/** Changes of leases on their way to the partner: those of an address in order, and as many in a command as have gathered. */
import type { CommandAnswer, Exchange } from "@kotare/extension";
import { clientName } from "./clients/client-name.ts";
import { type Change, type Form, formFor, lasting } from "./lease-updates.ts";
import type { Way } from "./link/partner-link.ts";

/** Gives the partner a command. */
export type Ask = (command: string, args: object, way?: Way) => Promise<CommandAnswer>;

/** What the partner has said of one change. */
interface Verdict extends Pick<CommandAnswer, "result" | "text"> {
  /** As a `Rejection` has it. */
  readonly isPlaceless?: boolean;
}

/** The partner will not have a change. */
export interface Rejection {
  readonly why: string;
  /** The partner, one of ours, has no subnet where the lease could be: it gives it to nobody either. */
  readonly isPlaceless: boolean;
}

/** What has come of telling a change; `alone`: another one in the same command may be why the partner did not want it. */
type Outcome = Verdict | Error | "alone";

/** The partner had its hands on the same lease: so often it is asked again. */
const TRIES = 4;
/** Kea's word for that. */
const BUSY = /ResourceBusy/;
/** A Kea before 2.7 has no leases that their hosts have registered (RFC 9686), and refuses them, whatever is told of them. */
const REGISTERED = 4;
const UNKNOWN_THERE: Verdict = { result: 0 };
/** Characters of rows in a command: a daemon reads what is longer beside, and takes its time. */
const LONGEST = 128 * 1024;

/** What an exchange has to tell. @property client by `clientName` */
export interface Packed {
  readonly client: string;
  readonly changes: readonly Change[];
}

interface Parcel {
  readonly change: Change;
  tries: number;
  /** It has been in a command that failed because of one of its changes. */
  isAlone: boolean;
  settle(verdict: Verdict | Error): void;
}

/** The partner has answered a command with an error. */
export class UpdateError extends Error {}

export class Outbox {
  /** Changes that the partner was not told of. */
  unsent = 0;
  readonly #family: 4 | 6;
  readonly #most: number;
  readonly #ask: Ask;
  readonly #ahead: () => number;
  /** `undefined` while it is not known which commands the partner has. */
  #form: Form | undefined;
  #isLooking = false;
  /** In order. */
  #waiting: Parcel[] = [];
  #underWay = new Set<Parcel>();
  #commands = 0;
  /** Addresses of what is under way. */
  readonly #busy = new Set<string>();
  #isDue = false;
  /** Addresses of which the partner may not have what this server has, with what has told it last. */
  readonly #unconfirmed = new Map<string, Parcel | undefined>();
  #kept: Change[] = [];
  #hasOverflown = false;

  /**
   * @param most changes that may be kept
   * @param ask gives the partner a command
   * @param ahead seconds by which the clock of a partner of ours is ahead
   */
  constructor(family: 4 | 6, most: number, ask: Ask, ahead: () => number = () => 0) {
    this.#family = family;
    this.#most = most;
    this.#ask = ask;
    this.#ahead = ahead;
  }

  /** On their way, or kept. */
  get waiting(): number {
    return this.#waiting.length + this.#underWay.size + this.#kept.length;
  }

  /** Changes that are kept until the partner can be told. */
  get kept(): number {
    return this.#kept.length;
  }

  get hasOverflown(): boolean {
    return this.#hasOverflown;
  }

  /** A lease that is relied on is told while the partner may not have it. @param isUnsure whether none is relied on untold */
  pack({ query, changes }: Exchange, isUnsure = false): Packed {
    const told = changes
      .map((change) => lasting(change, this.#form?.takes))
      .filter(({ kind, address }) => kind !== "rely" || isUnsure || this.#unconfirmed.has(address));
    return { client: clientName(query), changes: told };
  }

  /** Rejects when the partner does not answer as it should. @returns why it will not have one of the changes, if so */
  async send({ changes }: Pick<Packed, "changes">): Promise<Rejection | undefined> {
    const verdicts = await Promise.all(changes.map((change) => this.#add(change)));
    const conflicts = verdicts.filter(({ result }) => result === 4);
    const [worst] = conflicts.toSorted((a, b) => Number(a.isPlaceless ?? false) - Number(b.isPlaceless ?? false));
    return worst && { why: worst.text ?? "", isPlaceless: worst.isPlaceless ?? false };
  }

  /** The partner is not told now. @param isLater whether it is to be told when it can be reached again */
  keep({ changes }: Packed, isLater: boolean): undefined {
    if (!isLater) this.unsent += changes.length;
    else this.#keep(changes.filter(({ kind, address }) => kind !== "rely" || !this.#keeps(address)));
  }

  #keep(changes: readonly Change[]): void {
    if (this.#kept.length + changes.length > this.#most) {
      this.#hasOverflown = true;
      this.unsent += changes.length;
      return;
    }
    this.#kept.push(...changes);
    for (const { address } of changes) this.#unconfirmed.set(address, undefined);
  }

  #keeps(address: string): boolean {
    return this.#kept.some((change) => change.address === address);
  }

  /**
   * Before all that comes later. Rejects when the partner does not answer; what it has not answered is still kept.
   * @returns why it has answered one of them with an error, which it would do again
   */
  async sendKept(): Promise<UpdateError | undefined> {
    const kept = this.#kept.splice(0);
    const told = await Promise.allSettled(kept.map((change) => this.#add(change)));
    const errors = told.map((each) => (each.status === "rejected" ? (each.reason as Error) : undefined));
    const refused = errors.filter((error) => error instanceof UpdateError);
    this.unsent += refused.length;
    const isLost = (error: Error | undefined) => error !== undefined && !(error instanceof UpdateError);
    this.#kept.unshift(...kept.filter((_, i) => isLost(errors[i])));
    const lost = errors.find(isLost);
    if (lost !== undefined) throw lost;
    return refused[0];
  }

  clear(): void {
    this.unsent += this.#kept.length;
    this.#kept = [];
    this.#hasOverflown = false;
  }

  /** What has no answer yet is not waited for any longer: its `send` rejects. */
  giveUp(why: Error): void {
    const all = [...this.#underWay, ...this.#waiting];
    this.#waiting = [];
    // It may be another one when it is told something again.
    this.#form = undefined;
    for (const { settle } of all) settle(why);
  }

  /** The store does not have what the partner may have got. */
  mistrust(packed: readonly Packed[]): void {
    for (const { changes } of packed) for (const { address } of changes) this.#unconfirmed.set(address, undefined);
  }

  #add(change: Change): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const settle = (verdict: Verdict | Error) => (verdict instanceof Error ? reject(verdict) : resolve(verdict));
      const parcel = { change, tries: 0, isAlone: false, settle };
      this.#waiting.push(parcel);
      this.#unconfirmed.set(change.address, parcel);
      if (this.#isDue) return;
      this.#isDue = true;
      // What comes of the same batch goes together.
      queueMicrotask(() => this.#flush());
    });
  }

  #flush(): void {
    this.#isDue = false;
    if (this.#waiting.length === 0) return;
    const form = this.#form;
    if (form === undefined) {
      void this.#lookAtPartner();
      return;
    }
    while (this.#commands < form.parallel) {
      const parcels = this.#take(form);
      if (parcels.length === 0) return;
      void this.#deliver(parcels, form);
    }
  }

  async #lookAtPartner(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { result, arguments: names } = await this.#ask("list-commands", {});
      this.#form = formFor(this.#family, new Set(result === 0 && Array.isArray(names) ? names : []));
    } catch (error) {
      this.giveUp(error as Error);
    } finally {
      this.#isLooking = false;
    }
    this.#flush();
  }

  /** Those that may go now in one command. */
  #take({ most, takes }: Form): readonly Parcel[] {
    const taken: Parcel[] = [];
    const left: Parcel[] = [];
    let length = 0;
    for (const parcel of this.#waiting) {
      const { address, row = "" } = parcel.change;
      if (parcel.change[takes] === undefined) {
        parcel.settle({ result: 4, text: "it takes changes in another form than before" });
        continue;
      }
      const isFull = taken.length === most || length > LONGEST || (parcel.isAlone && taken.length > 0);
      if (isFull || taken[0]?.isAlone === true || this.#busy.has(address)) left.push(parcel);
      else {
        this.#busy.add(address);
        taken.push(parcel);
        length += row.length;
      }
    }
    this.#waiting = left;
    return taken;
  }

  async #deliver(parcels: readonly Parcel[], form: Form): Promise<void> {
    this.#commands++;
    for (const parcel of parcels) this.#underWay.add(parcel);
    let outcomes: readonly Outcome[] = [];
    try {
      outcomes = await this.#tell(parcels, form);
    } catch (error) {
      // Who does not answer now has nobody wait for the next time that it does not.
      this.giveUp(error as Error);
    }
    this.#commands--;
    const again = parcels.filter((parcel, i) => this.#settle(parcel, outcomes[i]));
    this.#waiting.unshift(...again);
    this.#flush();
  }

  /** What the partner says of each, in the same order. Rejects where it gives no answer. */
  async #tell(parcels: readonly Parcel[], form: Form): Promise<readonly Outcome[]> {
    const { command, arguments: args } = form.commandOf(
      parcels.map(({ change }) => change),
      this.#ahead(),
    );
    const answer = await this.#ask(command, args, form.way);
    const { result, text = "" } = answer;
    if ((result === 1 || result === 4) && parcels.length > 1) return parcels.map(() => "alone");
    if (result === 1 && parcels[0]!.change.lease?.state === REGISTERED) return [UNKNOWN_THERE];
    if (result !== 0 && result !== 3 && result !== 4) {
      // It may be another one now.
      this.#form = undefined;
      return parcels.map(() => new UpdateError(`${command}: ${text}`));
    }
    const failed = failedIn(answer, form);
    return parcels.map(({ change: { address } }) => failed.get(address) ?? answer);
  }

  /** @returns whether it is to be told again */
  #settle(parcel: Parcel, outcome: Outcome | undefined): boolean {
    const { change, settle } = parcel;
    this.#underWay.delete(parcel);
    this.#busy.delete(change.address);
    if (outcome === undefined) return false;
    if (outcome === "alone") {
      parcel.isAlone = true;
      return true;
    }
    if (outcome instanceof Error) {
      settle(outcome);
      return false;
    }
    const { result, text = "" } = outcome;
    if (result === 4 && BUSY.test(text) && ++parcel.tries < TRIES) return true;
    // What has come after it is not confirmed with it.
    if (result !== 4 && this.#unconfirmed.get(change.address) === parcel) this.#unconfirmed.delete(change.address);
    settle(outcome);
    return false;
  }
}

/** Leases of a command for many that the partner has not taken, by their addresses. One to delete that is not there is no failure. */
function failedIn({ result, arguments: args }: CommandAnswer, { takes }: Form): ReadonlyMap<string, Verdict> {
  if (result === 4) return new Map();
  const { "failed-leases": failed = [] } = (args ?? {}) as { readonly "failed-leases"?: unknown };
  if (!Array.isArray(failed)) return new Map();
  return new Map(
    failed.map((each: Readonly<Record<string, unknown>>) => [
      String(each["ip-address"]),
      // One of ours leaves out no others than those that cannot be there.
      { result: 4, text: String(each["error-message"]), isPlaceless: takes === "row" },
    ]),
  );
}
