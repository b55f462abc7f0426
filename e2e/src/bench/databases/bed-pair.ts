/** Two test beds that share what is behind their servers: each plays half of every load. */

import type { Result } from "../../load/load.ts";
import type { Bed, BedLoad, LoadBed } from "../bed.ts";

export class BedPair implements LoadBed {
  readonly family: Bed["family"];
  readonly #beds: readonly [Bed, Bed];
  #loads = 0;

  constructor(...beds: readonly [Bed, Bed]) {
    this.family = beds[0].family;
    this.#beds = beds;
  }

  async load(load: BedLoad): Promise<Result> {
    const number = (++this.#loads & 255).toString(16).padStart(2, "0");
    const [one, other] = await Promise.all(
      this.#beds.map((bed, i) =>
        bed.load({ ...load, rate: Math.floor((load.rate + i) / 2), firstMac: `06:${number}:0${i}:00:00:00` }),
      ),
    );
    return add(one!, other!);
  }
}

function add(one: Result, other: Result): Result {
  const offered = one.offered + other.offered;
  const completed = one.completed + other.completed;
  return {
    offered,
    completed,
    rate: one.rate + other.rate,
    dropRatio: 1 - completed / offered,
    meanDelay: (one.meanDelay + other.meanDelay) / 2,
    maxDelay: Math.max(one.maxDelay, other.maxDelay),
    replies: one.replies + other.replies,
    slow: [...one.slow, ...other.slow],
    legDelays: one.legDelays.map((delay, leg) => (delay + other.legDelays[leg]!) / 2),
  };
}
