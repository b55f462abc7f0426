/** The answer of a search that finds nothing and does not end, for tests of what becomes of it. */
import type { Answer } from "../answer.ts";
import { found } from "../answer.ts";
import { type Json, JsonList } from "../kea-json.ts";

export class EndlessSearch {
  #steps = 0;
  #hasEnded = false;
  #found: Json;

  get answer(): Answer {
    return found(new JsonList(this.#search()));
  }

  get isUnderWay(): boolean {
    return this.#steps > 10;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ends it after all. */
  find(what: string): void {
    this.#found = what;
  }

  *#search(): Generator<Json | Promise<void>> {
    try {
      for (; this.#found === undefined; this.#steps++) yield new Promise((resolve) => setImmediate(resolve));
      yield this.#found;
    } finally {
      this.#hasEnded = true;
    }
  }
}
