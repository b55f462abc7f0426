/** Changes of leases on their way to the partner: those of an address in order, others beside each other. */
import type { CommandAnswer, Exchange } from "@kotare/extension";
import { type Update, updatesOf } from "./lease-updates.ts";

type Ask = (command: string, args: object) => Promise<CommandAnswer>;

/** The partner had its hands on the same lease: so often it is asked again. */
const TRIES = 4;
/** Kea's word for that. */
const BUSY = /ResourceBusy/;

export class Outbox {
  /** Changes that the partner was not told of. */
  unsent = 0;
  readonly #family: 4 | 6;
  readonly #most: number;
  readonly #ask: Ask;
  /** What is under way for an address. */
  readonly #lanes = new Map<string, Promise<unknown>>();
  /** Addresses of which the partner may not have what this server has. */
  readonly #unconfirmed = new Set<string>();
  /** Clients whose leases the partner has rejected, and has not accepted since. */
  readonly #rejected = new Set<string>();
  #kept: Update[] = [];
  #hasOverflown = false;

  /** @param most changes that may be kept @param ask gives the partner a command */
  constructor(family: 4 | 6, most: number, ask: Ask) {
    this.#family = family;
    this.#most = most;
    this.#ask = ask;
  }

  get rejected(): number {
    return this.#rejected.size;
  }

  /** On their way, or kept. */
  get waiting(): number {
    return this.#lanes.size + this.#kept.length;
  }

  get hasOverflown(): boolean {
    return this.#hasOverflown;
  }

  /** Rejects when the partner does not answer as it should. @returns why it will not have the change, if so */
  async send(exchange: Exchange): Promise<{ readonly rejected: string | undefined }> {
    const { mac } = exchange.query;
    const answers = await Promise.all(this.#updatesOf(exchange).map((update) => this.#inTurn(update)));
    const conflict = answers.find(({ result }) => result === 4);
    if (conflict === undefined) this.#rejected.delete(mac);
    else this.#rejected.add(mac);
    return { rejected: conflict && `the partner rejects it: ${conflict.text ?? ""}` };
  }

  /** The partner is not told now. @param isLater whether it is to be told when it can be reached again */
  keep(exchange: Exchange, isLater: boolean): undefined {
    const updates = this.#updatesOf(exchange);
    if (!isLater) this.unsent += updates.length;
    else if (this.#kept.length + updates.length <= this.#most) this.#kept.push(...updates);
    else {
      this.#hasOverflown = true;
      this.unsent += updates.length;
    }
  }

  /** Rejects when the partner does not take one of them; the others are still kept. */
  async sendKept(): Promise<void> {
    while (this.#kept.length > 0) {
      await this.#inTurn(this.#kept[0]!);
      this.#kept.shift();
    }
  }

  clear(): void {
    this.unsent += this.#kept.length;
    this.#kept = [];
    this.#hasOverflown = false;
  }

  #updatesOf(exchange: Exchange): readonly Update[] {
    return updatesOf(exchange, this.#family, (key) => !this.#unconfirmed.has(key));
  }

  async #inTurn(update: Update): Promise<CommandAnswer> {
    const { addresses } = update;
    const before = addresses.map((address) => this.#lanes.get(address));
    const done = Promise.allSettled(before).then(() => this.#deliver(update));
    for (const address of addresses) {
      this.#lanes.set(address, done);
      this.#unconfirmed.add(address);
    }
    try {
      return await done;
    } finally {
      for (const address of addresses) if (this.#lanes.get(address) === done) this.#lanes.delete(address);
    }
  }

  async #deliver({ command, arguments: args, addresses }: Update): Promise<CommandAnswer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#ask(command, args);
      const { result, text = "" } = answer;
      if (result === 4 && BUSY.test(text) && tries < TRIES) continue;
      if (result !== 0 && result !== 3 && result !== 4) throw new Error(`${command}: ${text}`);
      if (result !== 4) for (const address of addresses) this.#unconfirmed.delete(address);
      return answer;
    }
  }
}
