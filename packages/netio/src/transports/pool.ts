/** Keeps used objects for the next user, so that the packet path allocates nothing once it runs. */

export class Pool<T> {
  readonly #make: () => T;
  readonly #capacity: number;
  readonly #free: T[] = [];

  /** Keeps at most `capacity` idle objects; what comes back beyond that is left to the garbage collector. */
  constructor(make: () => T, capacity: number) {
    this.#make = make;
    this.#capacity = capacity;
  }

  take(): T {
    return this.#free.pop() ?? this.#make();
  }

  give(object: T): void {
    if (this.#free.length < this.#capacity) this.#free.push(object);
  }
}
