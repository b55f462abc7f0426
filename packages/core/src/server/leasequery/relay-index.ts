/** Leases by the relays that they came through, for a store that has all leases in memory: it exists only while it is wanted. */
import { Pace } from "../../base/pace.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseWatcher, RelayIdKind } from "../../leases/model/lease-store.ts";

export type RelayKey = number | string;

interface Indexed<L extends Lease> {
  /** Hexadecimal digits. */
  idsOf(lease: L, kind: RelayIdKind): readonly string[];
  /** Of address and type; in the order of answers. */
  keyOf(lease: L): RelayKey;
}

/** One key, or several: most remote ids have one lease. */
type Keys = RelayKey | Set<RelayKey>;

/** Copied in some 10 µs. */
const KEYS_A_STEP = 1000;
const KINDS: readonly RelayIdKind[] = ["relay-id", "remote-id"];

export class RelayIndex<L extends Lease> implements LeaseWatcher<L> {
  readonly #family: Indexed<L>;
  readonly #keys = { "relay-id": new Map<string, Keys>(), "remote-id": new Map<string, Keys>() };
  #isOn = false;
  /** Resolves when all leases are in it. */
  #filled: Promise<void> = Promise.resolve();

  constructor(family: Indexed<L>) {
    this.#family = family;
  }

  /** @param all leases, read once when it begins to be wanted */
  switch(isOn: boolean, all: () => AsyncIterable<readonly L[]>): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    for (const kind of KINDS) this.#keys[kind].clear();
    if (isOn) this.#filled = this.#fill(all());
  }

  /** In turns, as a relay may have a million. A lease may since have come through another one. @param id hexadecimal digits */
  async find(kind: RelayIdKind, id: string): Promise<readonly RelayKey[]> {
    await this.#filled;
    const keys = this.#keys[kind].get(id);
    if (!(keys instanceof Set)) return keys === undefined ? [] : [keys];
    const pace = new Pace();
    const found: RelayKey[] = [];
    for (const key of keys) {
      found.push(key);
      if (found.length % KEYS_A_STEP === 0) await pace.rest();
    }
    return found;
  }

  put(lease: L, before: L | undefined): void {
    if (this.#isOn && before?.userContext !== lease.userContext) this.#move(before, lease);
  }

  discard(lease: L): void {
    if (this.#isOn) this.#move(lease, undefined);
  }

  async #fill(all: AsyncIterable<readonly L[]>): Promise<void> {
    const pace = new Pace();
    for await (const leases of all) {
      for (const lease of leases) {
        if (!this.#isOn) return;
        this.#move(undefined, lease);
        if (pace.isTurnOver) await pace.rest();
      }
    }
  }

  /** An id that stays keeps its place, so that nobody who reads the keys just now comes upon it again. */
  #move(before: L | undefined, lease: L | undefined): void {
    const key = this.#family.keyOf((lease ?? before)!);
    for (const kind of KINDS) {
      const old = before === undefined ? [] : this.#family.idsOf(before, kind);
      const ids = lease === undefined ? [] : this.#family.idsOf(lease, kind);
      for (const id of old) if (!ids.includes(id)) this.#remove(kind, id, key);
      for (const id of ids) if (!old.includes(id)) this.#add(kind, id, key);
    }
  }

  #add(kind: RelayIdKind, id: string, key: RelayKey): void {
    const there = this.#keys[kind].get(id);
    if (there instanceof Set) there.add(key);
    else if (there === undefined) this.#keys[kind].set(id, key);
    else if (there !== key) this.#keys[kind].set(id, new Set([there, key]));
  }

  #remove(kind: RelayIdKind, id: string, key: RelayKey): void {
    const there = this.#keys[kind].get(id);
    if (there instanceof Set) there.delete(key);
    if (there === key || (there instanceof Set && there.size === 0)) this.#keys[kind].delete(id);
  }
}
