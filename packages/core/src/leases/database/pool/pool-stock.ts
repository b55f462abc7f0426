/** What a pool of a shared store has at hand to give: keys that had no lease when last seen, then ones whose lease was over. */
export class PoolStock<L, Key> {
  readonly #unused = new Set<Key>();
  readonly #over = new Map<Key, L>();

  /** How many there are that have no lease at all. */
  get unused(): number {
    return this.#unused.size;
  }

  /**
   * What can be given, each once.
   * @param isBusy whether it is in use in the meantime; it is not asked about again
   * @param start where in the stock to begin, in [0, 1)
   */
  *candidates(isBusy: (key: Key) => boolean, start: number): Generator<Key, undefined> {
    let skip = Math.floor(start * this.#unused.size);
    const skipped: Key[] = [];
    for (const key of this.#unused) {
      if (isBusy(key)) this.#unused.delete(key);
      else if (skip-- > 0) skipped.push(key);
      else yield key;
    }
    yield* skipped;
    for (const key of this.#over.keys()) {
      if (isBusy(key)) this.#over.delete(key);
      else yield key;
    }
    return undefined;
  }

  /** The lease that is over; `undefined` where there is none. */
  leaseAt(key: Key): L | undefined {
    return this.#over.get(key);
  }

  addUnused(key: Key): void {
    this.#unused.add(key);
  }

  addOver(key: Key, lease: L): void {
    this.#over.set(key, lease);
  }

  dropUnused(key: Key): void {
    this.#unused.delete(key);
  }

  drop(key: Key): void {
    this.#unused.delete(key);
    this.#over.delete(key);
  }

  /** Another server gives from among these. */
  clearUnused(): void {
    this.#unused.clear();
  }
}
