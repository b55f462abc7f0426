/** Servers that are measured in turns, so that whatever else the machine does meets all of them. */
import type { Server } from "../subject/server.ts";
import { Bed, type Variant } from "./bed.ts";
import type { BenchFamily } from "./family.ts";

export interface Contender {
  readonly variant: Variant;
  readonly bed: Bed;
  readonly server: Server;
}

export class Contest implements AsyncDisposable {
  readonly contenders: readonly Contender[];

  private constructor(contenders: readonly Contender[]) {
    this.contenders = contenders;
  }

  /** Each has a bed of its own. All run all the time: one that has nothing to do costs nothing. */
  static async start(
    family: BenchFamily,
    variants: readonly Variant[],
    start = (bed: Bed, variant: Variant) => bed.start(variant, [family.large.subnet]),
  ): Promise<Contest> {
    const contenders: Contender[] = [];
    for (const variant of variants) {
      const bed = new Bed(family);
      contenders.push({ variant, bed, server: await start(bed, variant) });
    }
    return new Contest(contenders);
  }

  measure<T>(times: number, measure: (contender: Contender) => Promise<T>): Promise<ReadonlyMap<string, readonly T[]>> {
    return inTurn(this.contenders, times, measure, ({ variant }) => variant.name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { bed } of this.contenders) await bed[Symbol.asyncDispose]();
  }
}

/**
 * Measures each side so many times. Each round begins with another one: a machine that gets slower must not favour any.
 * @returns what was measured, by the sides' names
 */
export async function inTurn<Side, T>(
  sides: readonly Side[],
  times: number,
  measure: (side: Side) => Promise<T>,
  nameOf: (side: Side) => string,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const measured = new Map<string, T[]>(sides.map((side) => [nameOf(side), []]));
  for (let round = 0; round < times; round++) {
    for (let i = 0; i < sides.length; i++) {
      const side = sides[(i + round) % sides.length]!;
      measured.get(nameOf(side))!.push(await measure(side));
    }
  }
  return measured;
}
