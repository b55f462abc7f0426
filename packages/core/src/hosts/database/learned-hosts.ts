/** Reservations of one subnet: those of the configuration, and what a batch has learned from host databases. */
import { equalBytes } from "../../base/bytes.ts";
import { type HostIdentifier, HostIndex, type Identified } from "../model/host-index.ts";

/** So many addresses are asked about together where one would do: those behind it may be needed, too. */
const AHEAD = 8;
/** So many times as many are asked about next as have been passed over so far: a decision has few tries. */
const STRIDE = 32;
/** At most, and in one question: one text has room for so many IPv6 addresses in every database. */
export const MOST = 16_384;
/** When so many are asked about for the packets of a batch, no packet adds others: the main loop is not held for long. */
const ROOM = 2 * MOST;

/** Where reservations of a subnet are learned from. */
export interface Teacher<Type extends string, Learned> {
  /** Called when there is something to take; if it is known by the time this returns, nothing is lacking. */
  lack(): void;
  /** What a client was offered something by a moment ago; `undefined` where it has to be asked for anew. */
  recall(identifiers: readonly HostIdentifier<Type>[]): Learned | undefined;
}

/** What there is to find out. */
interface Lacking<Type extends string, Key> {
  readonly identifiers: readonly HostIdentifier<Type>[];
  readonly keys: readonly Key[];
  /** Of these only which are reserved. */
  readonly many: readonly Key[];
}

export class LearnedHosts<Type extends string, Host extends Identified<Type>, Key extends string | number> {
  /** As of `HostIndex`. */
  readonly areLeftOut = false;
  readonly #indexes: readonly HostIndex<Type, Host, Key>[];
  readonly #ids: readonly Set<number>[];
  readonly #teacher: Teacher<Type, LearnedHosts<Type, Host, Key>>;
  /** By their types: a text of both would be made for each look. */
  readonly #knownIdentifiers = new Map<Type, Set<string>>();
  readonly #knownKeys = new Set<Key>();
  /** Known to be reserved, and not for whom. */
  readonly #reserved = new Set<Key>();
  #identifiers: HostIdentifier<Type>[] = [];
  #keys: Key[] = [];
  /** Too many to be told more of than whether they are reserved. What several packets are after is asked about once. */
  #many = new Set<Key>();
  /** Of the client that is decided about. */
  #client: readonly HostIdentifier<Type>[] = [];
  /** What that client was offered something by. */
  #recalled: LearnedHosts<Type, Host, Key> | undefined;

  /** @param databases how many */
  constructor(
    configured: HostIndex<Type, Host, Key>,
    databases: number,
    teacher: Teacher<Type, LearnedHosts<Type, Host, Key>>,
  ) {
    const learned = Array.from({ length: databases }, () => new HostIndex<Type, Host, Key>());
    this.#indexes = [configured, ...learned];
    this.#ids = learned.map(() => new Set());
    this.#teacher = teacher;
  }

  /** The identifiers that have been asked about since `begin`. */
  get client(): readonly HostIdentifier<Type>[] {
    return this.#client;
  }

  /** Another client is decided about, or none: nothing that is kept refers to what was kept before it. */
  begin(): void {
    this.#client = [];
    this.#recalled = undefined;
  }

  /** As Kea: the order of the identifiers counts before that of the sources. */
  find(identifiers: readonly HostIdentifier<Type>[]): Host | undefined {
    this.#client = identifiers;
    const [configured] = this.#indexes;
    for (const identifier of identifiers) {
      const own = configured!.get(identifier);
      if (own !== undefined) return own;
      if (!this.knows(identifier)) {
        this.#recalled = this.#teacher.recall(identifiers);
        if (this.#recalled !== undefined) return this.#recalled.find(identifiers);
        this.#wantIdentifiers(identifiers);
        if (!this.knows(identifier)) return undefined;
      }
      for (const index of this.#indexes) {
        const host = index.get(identifier);
        if (host !== undefined) return host;
      }
    }
    return undefined;
  }

  isReservedForOther(key: Key, host: Host | undefined): boolean {
    const known = this.#recalled?.tellsReserved(key, host) ?? this.tellsReserved(key, host);
    if (known !== undefined) return known;
    this.#wantKeys([key]);
    return this.#isForOther(key, host);
  }

  /** As `isReservedForOther`; `undefined` while that is not known. What is one's own need not be asked about. */
  tellsReserved(key: Key, host: Host | undefined): boolean | undefined {
    if (host !== undefined && this.#isOf(key, host)) return false;
    return this.#knownKeys.has(key) ? this.#isForOther(key, host) : undefined;
  }

  /**
   * The first of some addresses that is nobody else's; any of them while that is not known. While it is not even known
   * whether the client has a reservation, none is asked about: who has one needs none of them.
   * @param candidates the same ones at each call
   */
  firstFree<Address>(
    candidates: () => Iterable<Address>,
    keyOf: (address: Address) => Key,
    host: Host | undefined,
  ): Address | undefined {
    let passed = 0;
    let unknown: Address | undefined;
    const ahead: Key[] = [];
    for (const address of candidates()) {
      const key = keyOf(address);
      if (!this.#knownKeys.has(key)) {
        unknown ??= address;
        // Others of the batch are after what follows, too, or after all that there is room for.
        if (this.#many.has(key) || this.#many.size >= ROOM) break;
        ahead.push(key);
        if (ahead.length >= Math.min(MOST, Math.max(AHEAD, STRIDE * passed))) break;
      } else if (unknown === undefined) {
        if (!this.#isForOther(key, host)) return address;
        passed++;
      }
    }
    if (unknown === undefined) return undefined;
    this.#wantKeys(this.#identifiers.length > 0 ? [] : ahead);
    return this.#knownKeys.has(keyOf(unknown)) ? this.firstFree(candidates, keyOf, host) : unknown;
  }

  #isForOther(key: Key, host: Host | undefined): boolean {
    const isReserved = this.#reserved.has(key) || this.#indexes.some((index) => index.at(key).length > 0);
    return isReserved && !(host !== undefined && this.#isOf(key, host));
  }

  #isOf(key: Key, host: Host): boolean {
    return this.#indexes.some((index) => index.at(key).some((each) => isSame(each, host)));
  }

  knows({ type, key }: HostIdentifier<Type>): boolean {
    return this.#knownIdentifiers.get(type)?.has(key) === true;
  }

  /** @returns whether it was not */
  #becomesKnown({ type, key }: HostIdentifier<Type>): boolean {
    const known = this.#knownIdentifiers.get(type) ?? new Set();
    if (known.has(key)) return false;
    this.#knownIdentifiers.set(type, known.add(key));
    return true;
  }

  /** All identifiers of a client are asked about together. */
  #wantIdentifiers(all: readonly HostIdentifier<Type>[]): void {
    this.#identifiers.push(...all.filter((each) => !this.knows(each)));
    this.#teacher.lack();
  }

  #wantKeys(keys: readonly Key[]): void {
    if (keys.length <= AHEAD) this.#keys.push(...keys);
    else for (const key of keys) this.#many.add(key);
    this.#teacher.lack();
  }

  /** From now on it counts as known. */
  take(): Lacking<Type, Key> {
    const [identifiers, keys, many] = [this.#identifiers, this.#keys, [...this.#many]];
    this.#identifiers = [];
    this.#keys = [];
    this.#many = new Set();
    for (const each of [keys, many]) for (const key of each) this.#knownKeys.add(key);
    return { identifiers: identifiers.filter((identifier) => this.#becomesKnown(identifier)), keys, many };
  }

  /** Of `many`. */
  addReserved(key: Key): void {
    this.#reserved.add(key);
  }

  /** @param source which database @param id of the record */
  has(source: number, id: number): boolean {
    return this.#ids[source]!.has(id);
  }

  add(source: number, id: number, host: Host, keys: readonly Key[]): void {
    this.#ids[source]!.add(id);
    this.#indexes[source + 1]!.add(host, keys);
  }
}

/** One client may have the same reservation in two places. */
function isSame(a: Identified<string>, b: Identified<string>): boolean {
  return a === b || (a.identifierType === b.identifierType && equalBytes(a.identifier, b.identifier));
}
