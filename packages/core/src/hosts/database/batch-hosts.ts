/**
 * Reservations with host databases, for one batch of packets. What its packets have learned stays with the batch, so that
 * it is never older than the batch.
 */
import type { HostIndex, Identified } from "../model/host-index.ts";
import type { HostDatabase, HostQuestion, HostRecord } from "./host-database.ts";
import type { HostView } from "./host-view.ts";
import { LearnedHosts } from "./learned-hosts.ts";

/** A host database, and how its records become reservations. */
export interface HostSource<Type extends string, Host, Address> {
  readonly database: Pick<HostDatabase<Type, Address, never>, "load" | "peek">;
  /** @returns `undefined` for a record that cannot be used; whoever has to mend it has been told by then */
  read(record: HostRecord): Host | undefined;
}

/** What the families do differently. */
export interface HostRules<Host, Address, Key> {
  /** Of all that is reserved. */
  keysOf(host: Host): readonly Key[];
  addressOf(key: Key): Address;
}

export class BatchHosts<Type extends string, Host extends Identified<Type>, Address, Key extends string | number>
  implements HostView<Type, Host, Key>
{
  readonly #rules: HostRules<Host, Address, Key>;
  readonly #sources: readonly HostSource<Type, Host, Address>[];
  readonly #subnets = new Map<number, LearnedHosts<Type, Host, Key>>();
  #missed = 0;

  /** @param sources in the order in which they count */
  constructor(rules: HostRules<Host, Address, Key>, sources: readonly HostSource<Type, Host, Address>[]) {
    this.#rules = rules;
    this.#sources = sources;
  }

  get missed(): number {
    return this.#missed;
  }

  in(subnetId: number, configured: HostIndex<Type, Host, Key>): LearnedHosts<Type, Host, Key> {
    let hosts = this.#subnets.get(subnetId);
    if (hosts === undefined) {
      const lacking = () => this.#lack(subnetId);
      hosts = new LearnedHosts(configured, this.#sources.length, lacking);
      this.#subnets.set(subnetId, hosts);
    }
    return hosts;
  }

  /** Where every source answers at once, nothing is missed. */
  #lack(subnetId: number): void {
    if (this.#sources.some(({ database }) => database.peek === undefined)) {
      this.#missed++;
      return;
    }
    const questions = this.#take([subnetId]);
    this.#learn(this.#sources.map(({ database }) => database.peek!(questions)));
  }

  async load(): Promise<void> {
    const questions = this.#take(this.#subnets.keys());
    if (questions.length === 0) return;
    try {
      this.#learn(await Promise.all(this.#sources.map(({ database }) => database.load(questions))));
    } catch (error) {
      // What has been taken is not known after all.
      this.#subnets.clear();
      throw error;
    }
  }

  #take(subnetIds: Iterable<number>): readonly HostQuestion<Type, Address>[] {
    const questions: HostQuestion<Type, Address>[] = [];
    for (const subnetId of subnetIds) {
      const { identifiers, keys } = this.#subnets.get(subnetId)!.take();
      if (identifiers.length + keys.length === 0) continue;
      const addresses = [...new Set(keys.map((key) => this.#rules.addressOf(key)))];
      questions.push({ subnetId, identifiers, addresses });
    }
    return questions;
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
