/** Entries that come before those that stay are moved out of the way. */
const ROOM = 256;

/**
 * A map that most entries only pass through. JavaScript's own gets a new table whenever its old one is full of holes, and
 * each table refers to the one after it: once the garbage collector counts one among what lasts, all that follow last with
 * it, and entries that live for milliseconds cost what those cost that live for hours. So maps take turns here: none that
 * is filled and emptied gets old.
 */
export class TransitMap<Key, Value> {
  /** Takes what comes. */
  #young = new Map<Key, Value>();
  /** Takes nothing; the young one follows when all have left it, or all but few. */
  #old = new Map<Key, Value>();
  /** Those few. */
  readonly #stayed = new Map<Key, Value>();
  /** How many the young one has taken. */
  #came = 0;

  get size(): number {
    return this.#stayed.size + this.#old.size + this.#young.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key) ?? this.#old.get(key);
    // Mostly there are none.
    return value === undefined && this.#stayed.size > 0 ? this.#stayed.get(key) : value;
  }

  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key) || this.#stayed.has(key);
  }

  set(key: Key, value: Value): void {
    const home = [this.#young, this.#old, this.#stayed].find((map) => map.has(key));
    (home ?? this.#young).set(key, value);
    if (home !== undefined) return;
    // By then as many as are here have come and gone twice.
    if (++this.#came > ROOM + 2 * (this.#old.size + this.#young.size)) this.#turn();
  }

  delete(key: Key): void {
    if (!this.#old.delete(key) && !this.#young.delete(key)) this.#stayed.delete(key);
    if (this.#old.size === 0 && this.#young.size > 0) this.#turn();
  }

  #turn(): void {
    for (const [key, value] of this.#old) this.#stayed.set(key, value);
    this.#old = this.#young;
    this.#young = new Map();
    this.#came = 0;
  }

  clear(): void {
    this.#stayed.clear();
    this.#old = new Map();
    this.#young = new Map();
    this.#came = 0;
  }

  /** In the order in which they came. Meanwhile entries may leave, and none may come. */
  *values(): IterableIterator<Value> {
    const [old, young] = [this.#old, this.#young];
    yield* this.#stayed.values();
    yield* old.values();
    yield* young.values();
  }
}
