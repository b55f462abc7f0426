/** Two test beds that share what is behind their servers: each plays half of every load. */
import type { Bed, BedLoad, LoadBed } from "./bed.ts";
import { addResults, type Result } from "./perfdhcp.ts";

export class BedPair implements LoadBed {
  readonly family: Bed["family"];
  readonly #beds: readonly [Bed, Bed];
  #loads = 0;

  constructor(...beds: readonly [Bed, Bed]) {
    this.family = beds[0].family;
    this.#beds = beds;
  }

  async load(load: BedLoad): Promise<Result> {
    this.#loads++;
    const halves = this.#beds.map((bed, i) =>
      bed.load({ ...load, rate: Math.floor((load.rate + i) / 2), clientsFrom: 2 * this.#loads + i }),
    );
    return addResults(await Promise.all(halves));
  }
}
