/**
 * Reservations with host databases, for one batch of packets. What its packets have learned stays with the batch, so that
 * it is never older than the batch.
 */
import type { Seconds } from "../../base/clock.ts";
import type { HostIdentifier, HostIndex, Identified } from "../model/host-index.ts";
import type { HostDatabase, HostQuestion, HostRecord } from "./host-database.ts";
import type { HostView } from "./host-view.ts";
import { LearnedHosts, MOST } from "./learned-hosts.ts";
import type { OfferedHosts } from "./offered-hosts.ts";

/** A host database, and how its records become reservations. */
export interface HostSource<Type extends string, Host, Address> {
  readonly database: Pick<
    HostDatabase<Type, Address, never>,
    "load" | "peek" | "reservedAmong" | "peekReserved" | "revision"
  >;
  /** @returns `undefined` for a record that cannot be used; whoever has to mend it has been told by then */
  read(record: HostRecord): Host | undefined;
}

/** What the families do differently. */
export interface HostRules<Host, Address, Key> {
  /** Of all that is reserved. */
  keysOf(host: Host): readonly Key[];
  addressOf(key: Key): Address;
}

/** Addresses of a subnet of which is asked which are reserved, and what they are known by. */
interface Among<Address, Key> {
  readonly subnetId: number;
  readonly keys: ReadonlyMap<Address, Key>;
}

export class BatchHosts<Type extends string, Host extends Identified<Type>, Address, Key extends string | number>
  implements HostView<Type, Host, Key>
{
  readonly #rules: HostRules<Host, Address, Key>;
  readonly #sources: readonly HostSource<Type, Host, Address>[];
  readonly #offered: OfferedHosts<LearnedHosts<Type, Host, Key>>;
  readonly #isAtHand: boolean;
  readonly #subnets = new Map<number, LearnedHosts<Type, Host, Key>>();
  /** Of the sources, when the batch began. */
  readonly #revision: number;
  #missed = 0;
  /** Clients that have taken what they were offered, by their names only: what was kept for them must not be kept by a batch. */
  readonly #taken: string[] = [];
  #recalled = 0;
  #mayRecall = false;
  #now: Seconds = 0;

  /**
   * @param sources in the order in which they count
   * @param offered shared by the batches that go by these sources
   */
  constructor(
    rules: HostRules<Host, Address, Key>,
    sources: readonly HostSource<Type, Host, Address>[],
    offered: OfferedHosts<LearnedHosts<Type, Host, Key>>,
  ) {
    this.#rules = rules;
    this.#sources = sources;
    this.#offered = offered;
    this.#isAtHand = sources.every(({ database }) => database.peek !== undefined);
    this.#revision = this.#countChanges();
  }

  get missed(): number {
    return this.#missed;
  }

  get recalled(): number {
    return this.#recalled;
  }

  begin(mayRecall: boolean, now: Seconds): void {
    this.#mayRecall = mayRecall;
    this.#now = now;
    for (const hosts of this.#subnets.values()) hosts.begin();
  }

  settle(isTaken: boolean): void {
    if (this.#isAtHand) return;
    for (const [subnetId, hosts] of this.#subnets) {
      const [first] = hosts.client;
      hosts.begin();
      if (first === undefined) continue;
      const client = nameClient(subnetId, first);
      if (isTaken) this.#taken.push(client);
      else this.#offered.set(client, { hosts, at: this.#now, revision: this.#revision });
    }
  }

  end(): void {
    for (const client of this.#taken) this.#offered.delete(client);
  }

  #recall(subnetId: number, identifiers: readonly HostIdentifier<Type>[]): LearnedHosts<Type, Host, Key> | undefined {
    if (!this.#mayRecall || this.#isAtHand) return undefined;
    const hosts = this.#offered.get(nameClient(subnetId, identifiers[0]!), this.#now, this.#countChanges());
    if (hosts === undefined || !identifiers.every((each) => hosts.knows(each))) return undefined;
    this.#recalled++;
    return hosts;
  }

  #countChanges(): number {
    return this.#sources.reduce((sum, { database }) => sum + database.revision, 0);
  }

  in(subnetId: number, configured: HostIndex<Type, Host, Key>): LearnedHosts<Type, Host, Key> {
    let hosts = this.#subnets.get(subnetId);
    if (hosts === undefined) {
      hosts = new LearnedHosts<Type, Host, Key>(configured, this.#sources.length, {
        lack: () => this.#lack(subnetId),
        recall: (identifiers) => this.#recall(subnetId, identifiers),
      });
      this.#subnets.set(subnetId, hosts);
    }
    return hosts;
  }

  /** Where every source answers at once, nothing is missed. */
  #lack(subnetId: number): void {
    if (!this.#isAtHand) {
      this.#missed++;
      return;
    }
    const { questions, among } = this.#take([subnetId]);
    this.#learn(this.#sources.map(({ database }) => database.peek!(questions)));
    for (const { database } of this.#sources) {
      for (const each of among) this.#learnReserved(each, database.peekReserved!(each.subnetId, [...each.keys.keys()]));
    }
  }

  async load(): Promise<void> {
    const { questions, among } = this.#take(this.#subnets.keys());
    try {
      const askReserved = async (each: Among<Address, Key>, { database }: HostSource<Type, Host, Address>) =>
        this.#learnReserved(each, await database.reservedAmong(each.subnetId, [...each.keys.keys()]));
      const loads = questions.length === 0 ? [] : this.#sources.map(({ database }) => database.load(questions));
      const [answers] = await Promise.all([
        Promise.all(loads),
        ...among.flatMap((each) => this.#sources.map((source) => askReserved(each, source))),
      ]);
      this.#learn(answers);
    } catch (error) {
      // What has been taken is not known after all.
      this.#subnets.clear();
      throw error;
    }
  }

  #take(subnetIds: Iterable<number>) {
    const { addressOf } = this.#rules;
    const questions: HostQuestion<Type, Address>[] = [];
    const among: Among<Address, Key>[] = [];
    for (const subnetId of subnetIds) {
      const { identifiers, keys, many } = this.#subnets.get(subnetId)!.take();
      for (let i = 0; i < many.length; i += MOST) {
        among.push({ subnetId, keys: new Map(many.slice(i, i + MOST).map((key) => [addressOf(key), key])) });
      }
      if (identifiers.length + keys.length === 0) continue;
      const addresses = [...new Set(keys.map((key) => addressOf(key)))];
      questions.push({ subnetId, identifiers, addresses });
    }
    return { questions, among };
  }

  #learnReserved({ subnetId, keys }: Among<Address, Key>, reserved: readonly Address[]): void {
    const hosts = this.#subnets.get(subnetId);
    for (const address of reserved) hosts?.addReserved(keys.get(address)!);
  }

  /** @param answers of each source */
  #learn(answers: readonly (readonly HostRecord[])[]): void {
    answers.forEach((records, source) => {
      for (const record of records) {
        const hosts = this.#subnets.get(record.subnetId);
        if (hosts === undefined || hosts.has(source, record.id)) continue;
        const host = this.#sources[source]!.read(record);
        if (host !== undefined) hosts.add(source, record.id, host, this.#rules.keysOf(host));
      }
    });
  }
}

function nameClient(subnetId: number, { type, key }: HostIdentifier<string>): string {
  return `${subnetId} ${type} ${key}`;
}
