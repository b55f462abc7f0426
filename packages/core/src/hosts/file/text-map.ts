/** Numbers by texts of one byte a character: what a `Map` does, with a fifth of the memory and none of it in the JavaScript heap. */
import { hashBytes } from "../../leases/rows/keyed-hash.ts";
import { NO_SLOT } from "../../leases/rows/lease-rows.ts";
import { SlotIndex } from "../../leases/rows/slot-index.ts";
import { TextArena } from "./text-arena.ts";

export class TextMap {
  readonly #texts = new TextArena();
  readonly #places = new SlotIndex<string>((place, text) => this.#texts.textOf(place) === text);

  get(text: string): number | undefined {
    const place = this.#places.find(text, hashOf(text));
    return place === NO_SLOT ? undefined : this.#texts.numberOf(place);
  }

  /** @returns the number that the text has: `number` where it had none */
  enter(text: string, number: number): number {
    const hash = hashOf(text);
    const place = this.#places.find(text, hash);
    if (place !== NO_SLOT) return this.#texts.numberOf(place);
    this.#places.add(this.#texts.add(text, number), hash);
    return number;
  }

  set(text: string, number: number): void {
    const hash = hashOf(text);
    const place = this.#places.find(text, hash);
    if (place === NO_SLOT) this.#places.add(this.#texts.add(text, number), hash);
    else this.#texts.setNumber(place, number);
  }

  delete(text: string): void {
    const hash = hashOf(text);
    const place = this.#places.find(text, hash);
    if (place === NO_SLOT) return;
    this.#places.remove(place, hash);
    this.#texts.remove(place);
  }
}

/** What is hashed: to make bytes of each text costs more than to hash it. */
let bytes = new Uint8Array(1024);

function hashOf(text: string): number {
  const { length } = text;
  if (length > bytes.length) bytes = new Uint8Array(2 * length);
  for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i);
  return hashBytes(bytes, length);
}
