/** A message made once, of which each client's differs in a few places. */
import { type Clients, findNumber, type NumberField, writeNumber } from "./clients.ts";

export class Template {
  readonly bytes: Uint8Array;
  readonly #macs: readonly number[];
  readonly #numbers: readonly NumberField[];

  /**
   * @param macs where the client's hardware address stands
   * @param names where names stand in which a run of `#` is the client's number
   */
  constructor(bytes: Uint8Array, macs: readonly number[], names: readonly (readonly [from: number, to: number])[]) {
    this.bytes = bytes;
    this.#macs = macs;
    this.#numbers = names.map(([from, to]) => findNumber(bytes, from, to)).filter((field) => field !== undefined);
  }

  write(clients: Clients, client: number, buffer: Uint8Array, at: number): number {
    buffer.set(this.bytes, at);
    for (const mac of this.#macs) clients.writeMac(client, buffer, at + mac);
    for (const field of this.#numbers) writeNumber(client, buffer, at + field.at, field.digits);
    return this.bytes.length;
  }
}
