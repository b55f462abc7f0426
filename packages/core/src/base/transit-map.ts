/**
 * A map that entries only pass through. JavaScript's own gets a new table whenever its old one is full of holes, and each
 * table refers to the one after it: once the garbage collector counts one among what lasts, all that follow last with it,
 * and entries that live for milliseconds cost what those cost that live for hours. So two maps take turns here, and none
 * gets old.
 */
export class TransitMap<Key, Value> {
  /** Takes what comes. */
  #young = new Map<Key, Value>();
  /** Takes nothing; the other one follows when all have left it. */
  #old = new Map<Key, Value>();

  get size(): number {
    return this.#old.size + this.#young.size;
  }

  get(key: Key): Value | undefined {
    return this.#old.get(key) ?? this.#young.get(key);
  }

  has(key: Key): boolean {
    return this.#old.has(key) || this.#young.has(key);
  }

  set(key: Key, value: Value): void {
    (this.#old.has(key) ? this.#old : this.#young).set(key, value);
  }

  delete(key: Key): void {
    if (!this.#old.delete(key)) this.#young.delete(key);
    if (this.#old.size === 0 && this.#young.size > 0) {
      this.#old = this.#young;
      this.#young = new Map();
    }
  }

  clear(): void {
    this.#old = new Map();
    this.#young = new Map();
  }

  /** In the order in which they came; those that come meanwhile may be left out. */
  *values(): IterableIterator<Value> {
    const young = this.#young;
    yield* this.#old.values();
    yield* young.values();
  }
}
