/** A random history of leases: what clients do, and what each of them must have afterwards, whoever serves. */
import { Random } from "../classes/random.ts";
import type { Script } from "../script.ts";
import type { Speech } from "../speech.ts";
import type { Leases, Player } from "./player.ts";

const CLIENTS = 8;

export class LeaseHistory<S extends Speech> {
  /** By client. */
  readonly held = new Map<number, Leases>();
  readonly declined = new Set<string>();
  readonly #player: Player<S>;
  readonly #random: Random;
  /** What was last given back, and to nobody else since: it waits for its client. */
  readonly #released = new Map<number, Leases>();

  constructor(player: Player<S>, seed: number) {
    this.#player = player;
    this.#random = new Random(seed);
  }

  /** @throws Error where a client is given what it must not be given */
  async play(script: Script<S>, moves: number): Promise<void> {
    for (let i = 0; i < moves; i++) await this.#move(script, 1 + this.#random.below(CLIENTS));
  }

  /** The leases of a client and one that was declined are over. The client may come back for its own. @returns all of them */
  lapse(): Leases {
    const [who] = this.held.keys();
    const leases = who === undefined ? [] : this.held.get(who)!;
    if (who !== undefined) this.#giveBack(who, leases);
    const [declined] = this.declined;
    if (declined === undefined) return leases;
    this.declined.delete(declined);
    return [...leases, declined];
  }

  async #move(script: Script<S>, who: number): Promise<void> {
    const leases = this.held.get(who);
    if (leases === undefined) return await this.#bind(script, who);
    const dice = this.#random.below(10);
    if (dice < 5) {
      expectSame(`client ${who} renews`, await this.#player.renew(script, who, leases), leases);
    } else if (dice < 9) {
      await this.#player.release(script, who, leases);
      this.#giveBack(who, leases);
    } else {
      const declined = await this.#player.decline(script, who, leases);
      for (const lease of declined) this.declined.add(lease);
      const left = leases.filter((lease) => !declined.includes(lease));
      if (left.length > 0) await this.#player.release(script, who, left);
      this.#end(who);
    }
  }

  async #bind(script: Script<S>, who: number): Promise<void> {
    const leases = await this.#player.bind(script, who);
    const before = this.#released.get(who);
    if (before !== undefined) expectSame(`client ${who} comes back`, leases, before);
    const others = [...this.held.values()].flat();
    const wrong = leases.filter((lease) => others.includes(lease) || this.declined.has(lease));
    if (leases.length === 0 || wrong.length > 0) throw new Error(`client ${who} is given ${leases.join(" and ")}`);
    this.held.set(who, leases);
    for (const [client, given] of this.#released) {
      if (client === who || given.some((lease) => leases.includes(lease))) this.#released.delete(client);
    }
  }

  #giveBack(who: number, leases: Leases): void {
    this.#end(who);
    this.#released.set(who, leases);
  }

  #end(who: number): void {
    this.held.delete(who);
  }
}

function expectSame(what: string, leases: Leases, before: Leases): void {
  if (leases.join() !== before.join()) throw new Error(`${what}: ${leases.join(" and ")}, not ${before.join(" and ")}`);
}
