/** Rows about pairs in hot standby: ours, which sync their lease files, against Kea's, which do not. */
import { delay } from "../../lab/program.ts";
import type { Server } from "../../subject/server.ts";
import { getServed } from "../../wire/dora.ts";
import { Probe4 } from "../../wire/probe4.ts";
import { keas, kotare, type Variant } from "../bed.ts";
import { inTurn } from "../contest.ts";
import type { BenchFamily } from "../family.ts";
import { findPeak, warmUp } from "../peak.ts";
import { type Effort, type Measured, medians, type Row } from "../row.ts";
import { PairBed, type Side } from "./pair-bed.ts";

/** The setting of threads that does most in a pair. */
const kea = keas.find(({ name }) => name === "kea, 4 threads")!;
const pairs: readonly Variant[] = [kotare, kea];

/** Exchanges a second that every pair manages with ease. */
const CALM = 500;
const STEADY = 1000;
/** About what Kea's pair can do. */
const BUSY = 2000;

export function pairRows(family: BenchFamily): readonly Row[] {
  const all = [pairPeakRow(family), pairCostRow(family), pairSyncRow(family), mixedSyncRow(family)];
  return family.family === 4 ? [...all, pairFailureRow(family)] : all;
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
        const calm = (await bed.load({ rate: STEADY, seconds: effort.seconds })).meanDelay;
        const { cpu, result } = await bed.cost({ rate: BUSY, seconds: effort.seconds });
        const parts = `${cpu.server1.toFixed(0)} + ${cpu.server2.toFixed(0)} µs CPU`;
        say(`${name}: ${parts}, ${result.offered - result.completed} lost; ${calm.toFixed(2)} ms delay`);
        return { cpu: cpu.server1 + cpu.server2, delay: calm };
      });
      const of = (part: "cpu" | "delay") =>
        medians(new Map([...costs].map(([name, each]) => [name, each.map((one) => one[part])])));
      const cpu = `CPU per exchange at ${BUSY}/s, both servers of a pair in hot standby`;
      const what = `mean reply delay at ${STEADY}/s, of a pair in hot standby`;
      return [
        measured(cpu, "µs", of("cpu"), "≤ 0.25 × Kea's", (ratio) => ratio <= 0.25),
        measured(what, "ms", of("delay"), "≤ 1.5 × Kea's", (ratio) => ratio <= 1.5),
      ];
    },
  };
}

function pairSyncRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pair-sync",
    async measure(effort, say) {
      const whose = pairs.map((variant) => ({ name: variant.name, from: variant, to: variant }));
      const { what, values } = await synchronise(family, effort, say, whose);
      return [measured(what, "s", values, "≤ 0.5 × Kea's", (ratio) => ratio <= 0.5)];
    },
  };
}

/** One of the two is a Kea. */
function mixedSyncRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pair-sync-mixed",
    async measure(effort, say) {
      const whose = [
        { name: kea.name, from: kea, to: kea },
        { name: "kotare from kea", from: kea, to: kotare },
        { name: "kea from kotare", from: kotare, to: kea },
      ];
      const { what, values } = await synchronise(family, effort, say, whose);
      const ratio = Math.max(values["kotare from kea"]!, values["kea from kotare"]!) / values[kea.name]!;
      return [{ measure: what, unit: "s", values, ratio, target: "≤ 1 × Kea's", met: ratio <= 1 }];
    },
  };
}

interface Sides {
  readonly name: string;
  /** Has all leases. */
  readonly from: Variant;
  /** Fetches them. */
  readonly to: Variant;
}

async function synchronise(
  family: BenchFamily,
  { repeats, scale }: Effort,
  say: (text: string) => void,
  whose: readonly Sides[],
): Promise<{ what: string; values: Readonly<Record<string, number>> }> {
  const leases = Math.max(10_000, Math.round(100_000 * scale));
  const times = await inTurn(
    whose,
    repeats,
    async ({ name, from, to }) => {
      await using bed = new PairBed(family, from, to);
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
        `${name}: ${seconds.toFixed(2)} s, ${held} leases; of ${offered} exchanges meanwhile ` +
          `${offered - completed} lost, longest delay ${maxDelay.toFixed(0)} ms`,
      );
      if (held < leases) throw new Error(`${name}: the standby has ${held} of ${leases} leases`);
      return seconds;
    },
    ({ name }) => name,
  );
  return { what: `synchronisation of ${leases} leases at ${CALM} exchanges/s`, values: medians(times) };
}

function rowsOf(server: Server): number {
  return server.leases().size;
}

/** Seconds that a partner may be silent, as the pairs are configured. */
const SILENCE = 4;

function pairFailureRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pair-failure",
    async measure({ repeats }, say) {
      const times = await inTurn(
        pairs,
        repeats,
        async (variant) => {
          const [standby, primary] = [
            await outage(family, variant, "server2"),
            await outage(family, variant, "server1"),
          ];
          say(
            `${variant.name}: nobody served for ${standby.toFixed(2)} s without the standby, ${primary.toFixed(2)} s without the primary`,
          );
          return { standby, beyond: primary - SILENCE };
        },
        ({ name }) => name,
      );
      const row = (measure: string, part: "standby" | "beyond", most: number): Measured => {
        const values = medians(new Map([...times].map(([name, each]) => [name, each.map((one) => one[part])])));
        const ours = values[kotare.name]!;
        const ratio = ours / values[kea.name]!;
        return { measure, unit: "s", values, ratio, target: `≤ ${most} s`, met: ours <= most };
      };
      return [
        row("clients of a primary unserved when its standby is killed", "standby", 2),
        row("clients unserved when the primary is killed, beyond the silence that is allowed", "beyond", 1),
      ];
    },
  };
}

/** @returns the longest time for which no client was served after a server was killed, in seconds */
async function outage(family: BenchFamily, variant: Variant, killed: Side): Promise<number> {
  await using bed = await PairBed.start(family, variant);
  using probe = await Probe4.open(bed.clients, "eth0");
  let client = 0;
  const serve = () => getServed(probe, `02:00:00:00:0b:${(++client).toString(16).padStart(2, "0")}`);
  await serve();
  bed.server(killed).program.signal("SIGKILL");
  let longest = 0;
  const begin = performance.now();
  for (let last = begin; last < begin + 2000 * SILENCE && client < 255; ) {
    await serve();
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    await delay(50);
  }
  return longest / 1000;
}
