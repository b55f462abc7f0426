/** Rows about pairs in hot standby: ours, which sync their lease files, against Kea's, which do not. */
import type { Server } from "../../subject/server.ts";
import { keas, kotare, type Variant } from "../bed.ts";
import { inTurn } from "../contest.ts";
import type { BenchFamily } from "../family.ts";
import { findPeak, warmUp } from "../peak.ts";
import { type Measured, medians, type Row } from "../row.ts";
import { PairBed } from "./pair-bed.ts";

/** The setting of threads that does most in a pair. */
const kea = keas.find(({ name }) => name === "kea, 4 threads")!;
const pairs: readonly Variant[] = [kotare, kea];

/** Exchanges a second that every pair manages with ease. */
const CALM = 500;
const STEADY = 1000;

export function pairRows(family: BenchFamily): readonly Row[] {
  return [pairPeakRow(family), pairCostRow(family), pairSyncRow(family)];
}

async function inPairs<T>(
  family: BenchFamily,
  repeats: number,
  measure: (variant: Variant, bed: PairBed) => Promise<T>,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const beds = new Map<Variant, PairBed>();
  try {
    for (const variant of pairs) beds.set(variant, await PairBed.start(family, variant));
    return await inTurn(
      pairs,
      repeats,
      (variant) => measure(variant, beds.get(variant)!),
      ({ name }) => name,
    );
  } finally {
    for (const bed of beds.values()) await bed[Symbol.asyncDispose]();
  }
}

/** @param isMet of ours and theirs */
function measured(
  measure: string,
  unit: string,
  values: Readonly<Record<string, number>>,
  target: string,
  isMet: (ratio: number) => boolean,
): Measured {
  const ratio = values[kotare.name]! / values[kea.name]!;
  return { measure, unit, values, ratio, target, met: isMet(ratio) };
}

function pairPeakRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pair-peak",
    async measure(effort, say) {
      const lasts = new Map<string, number>();
      const peaks = await inPairs(family, effort.repeats, async ({ name }, bed) => {
        say(name);
        if (!lasts.has(name)) await warmUp(bed, effort);
        const found = await findPeak(bed, effort, say, { first: Math.round(lasts.get(name) || 2000) });
        lasts.set(name, found);
        return found;
      });
      const what = "exchanges of a pair in hot standby at ≤ 1 % drops";
      return [measured(what, "/s", medians(peaks), "≥ 5 × Kea's", (ratio) => ratio >= 5)];
    },
  };
}

function pairCostRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pair-cpu",
    async measure(effort, say) {
      const warm = new Set<string>();
      const costs = await inPairs(family, effort.repeats, async ({ name }, bed) => {
        if (!warm.has(name)) await bed.load({ rate: STEADY, seconds: 8 });
        warm.add(name);
        const { cpu, result } = await bed.cost({ rate: STEADY, seconds: effort.seconds });
        const lost = result.offered - result.completed;
        const parts = `${cpu.server1.toFixed(0)} + ${cpu.server2.toFixed(0)} µs CPU`;
        say(`${name}: ${parts}, ${result.meanDelay.toFixed(2)} ms delay, ${lost} lost`);
        return { cpu: cpu.server1 + cpu.server2, delay: result.meanDelay };
      });
      const of = (part: "cpu" | "delay") =>
        medians(new Map([...costs].map(([name, each]) => [name, each.map((one) => one[part])])));
      const at = `at ${STEADY}/s, of a pair in hot standby`;
      return [
        measured(`CPU per exchange ${at}, both servers`, "µs", of("cpu"), "≤ 0.25 × Kea's", (ratio) => ratio <= 0.25),
        measured(`mean reply delay ${at}`, "ms", of("delay"), "≤ 1.5 × Kea's", (ratio) => ratio <= 1.5),
      ];
    },
  };
}

function pairSyncRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pair-sync",
    async measure({ repeats, scale }, say) {
      const leases = Math.max(10_000, Math.round(100_000 * scale));
      const times = await inTurn(
        pairs,
        repeats,
        async (variant) => {
          await using bed = new PairBed(family, variant);
          await bed.start("server1", leases);
          await bed.inState("server1", "partner-down");
          // As long as any synchronisation takes.
          const load = bed.load({ rate: CALM, seconds: 15 });
          await bed.start("server2");
          const began = await bed.inState("server2", "syncing", "ready", "hot-standby");
          await bed.inState("server2", "ready", "hot-standby");
          const seconds = (performance.now() - began) / 1000;
          const { offered, completed, maxDelay } = await load;
          const held = rowsOf(bed.server("server2"));
          say(
            `${variant.name}: ${seconds.toFixed(2)} s, ${held} leases; of ${offered} exchanges meanwhile ` +
              `${offered - completed} lost, longest delay ${maxDelay.toFixed(0)} ms`,
          );
          if (held < leases) throw new Error(`${variant.name}: the standby has ${held} of ${leases} leases`);
          return seconds;
        },
        ({ name }) => name,
      );
      const what = `synchronisation of ${leases} leases at ${CALM} exchanges/s`;
      return [measured(what, "s", medians(times), "≤ 0.5 × Kea's", (ratio) => ratio <= 0.5)];
    },
  };
}

function rowsOf(server: Server): number {
  return server.leases().size;
}
