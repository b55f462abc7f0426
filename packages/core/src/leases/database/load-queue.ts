/** Loads on their way to the database: what comes while one is under way waits, and goes with the next one together. */
import type { Loaded, Wanted } from "./lease-database.ts";

interface Waiting<L, Key, Range> {
  readonly wanted: Wanted<Key, Range>;
  readonly resolve: (loaded: Loaded<L>) => void;
  readonly reject: (error: unknown) => void;
}

export class LoadQueue<L, Key, Range> {
  readonly #load: (wanted: Wanted<Key, Range>) => Promise<Loaded<L>>;
  #waiting: Waiting<L, Key, Range>[] = [];
  #isLoading = false;

  constructor(load: (wanted: Wanted<Key, Range>) => Promise<Loaded<L>>) {
    this.#load = load;
  }

  /** @returns what is wanted, and perhaps more; rejects as the load that it went with */
  load(wanted: Wanted<Key, Range>): Promise<Loaded<L>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wanted, resolve, reject });
      if (!this.#isLoading) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isLoading = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        const loaded = await this.#load(unite(together.map(({ wanted }) => wanted)));
        for (const { resolve } of together) resolve(loaded);
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#isLoading = false;
  }
}

function unite<Key, Range>(wanted: readonly Wanted<Key, Range>[]): Wanted<Key, Range> {
  if (wanted.length === 1) return wanted[0]!;
  return {
    keys: new Set(wanted.flatMap(({ keys }) => [...keys])),
    identifiers: new Set(wanted.flatMap(({ identifiers }) => [...identifiers])),
    crossings: wanted.flatMap(({ crossings }) => crossings),
    limits: new Set(wanted.flatMap(({ limits }) => [...limits])),
  };
}
