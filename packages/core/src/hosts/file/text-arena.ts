/** Texts of one byte a character, outside of the JavaScript heap: no garbage collector goes through them, or moves them. */
import { ByteArena } from "../../leases/rows/byte-arena.ts";

/** Before a text: its number, and its length. */
const HEAD = 8;

export class TextArena {
  readonly #arena = new ByteArena();

  /** @param number kept beside the text @returns what it is found by, from 1 on */
  add(text: string, number: number): number {
    const ref = this.#arena.allocate(HEAD + text.length);
    const [chunk, at] = [this.#arena.chunk(ref), this.#arena.offset(ref)];
    chunk.writeUInt32LE(number, at);
    chunk.writeUInt32LE(text.length, at + 4);
    chunk.write(text, at + HEAD, "latin1");
    return ref + 1;
  }

  textOf(place: number): string {
    const [chunk, at] = this.#at(place);
    return chunk.toString("latin1", at + HEAD, at + HEAD + chunk.readUInt32LE(at + 4));
  }

  numberOf(place: number): number {
    const [chunk, at] = this.#at(place);
    return chunk.readUInt32LE(at);
  }

  setNumber(place: number, number: number): void {
    const [chunk, at] = this.#at(place);
    chunk.writeUInt32LE(number, at);
  }

  remove(place: number): void {
    const [chunk, at] = this.#at(place);
    this.#arena.release(place - 1, HEAD + chunk.readUInt32LE(at + 4));
  }

  #at(place: number): readonly [chunk: Buffer, at: number] {
    return [this.#arena.chunk(place - 1), this.#arena.offset(place - 1)];
  }
}
