/** What clients of a pair believe, and what must be true of it whatever becomes of the servers. */
import { ELSEWHERE } from "../../packets/turns.ts";
import type { Machine } from "./pair-machine.ts";
import type { Which } from "./test-pair.ts";

/** A lease that a client has been told of. */
interface Told {
  /** An address, or a prefix with its length. */
  readonly place: string;
  /** Milliseconds. */
  readonly until: number;
  readonly from: Which;
}

interface Belief extends Told {
  /** Whether the other server has it, too. */
  isTold: boolean;
  /** Whether it has it for good: what it heard before, and something like it, may come to its end meanwhile. */
  isSure: boolean;
  /** The servers gave it to two clients while they could not hear each other, and the other one is later, or keeps it. */
  isLost: boolean;
  /** The servers have given it to two clients so: none of them may have it in the end, but the servers are of one mind. */
  readonly isContested: boolean;
  /** Whom the other server, alone, has had it for: as lately as this client, whether or not that one has heard its answer. */
  rival: string | undefined;
  /** Since when the servers have worked beside each other without the other one having it. */
  missedSince: number | undefined;
}

type Held = Pick<Machine<never>, "holderOf">;

/** What is looked at of a pair. */
interface Watched {
  readonly time: { readonly now: number };
  readonly machines: readonly [Held, Held];
  stateOf(which: Which): string;
}

/** What a server of a pair waits for its partner with. */
const TELLING: ReadonlySet<string> = new Set(["hot-standby", "load-balancing", "partner-in-maintenance"]);
/** Milliseconds: what was kept for a partner is on its way when the two work again. */
const GRACE = 20_000;
/** Milliseconds: times of leases are whole seconds, on clocks that differ. */
const ROUNDING = 3000;

export class Beliefs {
  readonly #pair: Watched;
  /** By who has them, as machines tell it. */
  readonly #beliefs = new Map<string, Belief>();
  /** What clients have given up last, and when. */
  readonly #givenUp = new Map<string, { readonly place: string; readonly at: number }>();

  constructor(pair: Watched) {
    this.#pair = pair;
  }

  of(who: string): Told | undefined {
    return this.#beliefs.get(who);
  }

  /** A client does not use what it has had. */
  forget(who: string): void {
    const former = this.#beliefs.get(who);
    if (former !== undefined) this.#givenUp.set(who, { place: former.place, at: this.#pair.time.now });
    this.#beliefs.delete(who);
  }

  /** A server acknowledges a lease. Throws where it must not. */
  add(who: string, { place, until, from }: Told): void {
    const now = this.#pair.time.now;
    const former = this.#beliefs.get(who);
    let isContested = former?.place === place && former.isContested;
    for (const [other, belief] of this.#beliefs) {
      if (other === who || belief.place !== place || belief.until <= now + ROUNDING || belief.isLost) continue;
      isContested = true;
      belief.isLost = !belief.isTold && (belief.from !== from || (belief.isContested && this.#isSettled(who, place)));
      if (!belief.isLost) throw new Error(`${now}: ${place} acknowledged to ${who} while ${other} has it`);
    }
    const belief: Belief = {
      place,
      until,
      from,
      isTold: false,
      isSure: false,
      isLost: false,
      isContested,
      rival: undefined,
      missedSince: undefined,
    };
    const state = this.#pair.stateOf(from);
    const isTelling = TELLING.has(state);
    const isHeld = this.#isHeld((1 - from) as Which, who, belief);
    belief.isTold = isHeld && (isTelling || !this.#isEnding(who, place));
    belief.isSure = isHeld && isTelling;
    belief.rival = this.#rivalOf(who, belief);
    if (!this.#isHeld(from, who, belief)) throw new Error(`${now}: ${place} acknowledged, not on disk`);
    if (isTelling && !isHeld) {
      throw new Error(`${now}: ${place} acknowledged to ${who} by server${from + 1} in ${state}, which alone has it`);
    }
    this.#beliefs.set(who, belief);
  }

  /**
   * Whether a server that still has it on disk may be about to end it, because its client has just given it up there. The other
   * one, which cannot hear it, may confirm it to the client meanwhile, at once where it comes out of the lease cache.
   */
  #isEnding(who: string, place: string): boolean {
    const given = this.#givenUp.get(who);
    return given?.place === place && given.at >= this.#pair.time.now - ELSEWHERE.time;
  }

  /** Whether the servers are of one mind of whose it is. */
  #isSettled(who: string, place: string): boolean {
    return this.#pair.machines.every((machine) => machine.holderOf(place)?.who === who);
  }

  #isHeld(which: Which, who: string, { place, until }: Told): boolean {
    const holder = this.#pair.machines[which].holderOf(place);
    return holder?.who === who && holder.rest * 1000 >= until - this.#pair.time.now - ROUNDING;
  }

  /** Whom the other server has it for as lately. */
  #rivalOf(who: string, belief: Belief): string | undefined {
    const which = (1 - belief.from) as Which;
    const rival = this.#pair.machines[which].holderOf(belief.place)?.who;
    return rival !== undefined && rival !== who && this.#isHeld(which, rival, belief) ? rival : undefined;
  }

  /** Throws when a server that works beside its partner does not have what clients believe. */
  judge(): void {
    const { now } = this.#pair.time;
    const isWorking = ([0, 1] as const).every((which) => TELLING.has(this.#pair.stateOf(which)));
    for (const [who, belief] of this.#beliefs) {
      const { place, until, from } = belief;
      if (until <= now) this.#beliefs.delete(who);
      else if (this.#isHeld((1 - from) as Which, who, belief)) {
        belief.isTold ||= !this.#isEnding(who, place);
        belief.isSure ||= isWorking;
      } else if (!isWorking) {
        belief.isTold = belief.isSure;
        belief.rival = this.#rivalOf(who, belief) ?? belief.rival;
        belief.missedSince = undefined;
      } else if (belief.missedSince === undefined) belief.missedSince = now;
      else if (!belief.isLost && belief.missedSince < now - GRACE) this.#miss(who, belief);
    }
  }

  #miss(who: string, belief: Belief): void {
    const { place, isTold } = belief;
    const holders = this.#pair.machines.map((machine) => machine.holderOf(place)?.who ?? "nobody");
    const rival = [...this.#beliefs].find(([other, { place: same }]) => other !== who && same === place);
    const [holder] = holders;
    const isRivals = !isTold && (holder === rival?.[0] || holder === belief.rival);
    belief.isLost = holders[1] === holder && (isRivals || belief.isContested);
    if (belief.isLost) return;
    throw new Error(`${who} believes in ${place}, which the servers have for ${holders.join(" and ")}`);
  }
}
