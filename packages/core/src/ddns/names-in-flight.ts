/** Names that the DNS updater is being told of: with one that confirms nothing, several times at once. */
import { TransitMap } from "../base/transit-map.ts";

export class NamesInFlight {
  /** How often, by `nameKey`. */
  readonly #counts = new TransitMap<string, number>();

  has(name: string): boolean {
    return this.#counts.has(name);
  }

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** It must be in it. */
  remove(name: string): void {
    const others = this.#counts.get(name)! - 1;
    if (others > 0) this.#counts.set(name, others);
    else this.#counts.delete(name);
  }

  clear(): void {
    this.#counts.clear();
  }
}
