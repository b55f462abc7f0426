/** The row about clients that renew while others flood the server with DISCOVERs. */
import { join } from "node:path";
import { top } from "../top.ts";
import { Bed, keas, kotare, type Variant, variants } from "./bed.ts";
import { inTurn } from "./contest.ts";
import { crowdBehind, family4 } from "./family4.ts";
import { type Effort, median, type Row } from "./row.ts";

/** What became of them: how many had no answer, and milliseconds until an answer; of those `RENEWAL_PATIENCE`. */
export interface Renewals {
  readonly lost: number;
  readonly median: number;
  readonly p99: number;
}

/** Milliseconds after which an answer counts as lost. */
export const RENEWAL_PATIENCE = 2000;
const SERVER = "10.0.0.1";
const RENEWERS = "10.0.0.9";
const CLIENTS = 300;
const RATE = 200;
/** More than any of the servers answers. */
const FLOOD = { rate: 60_000, crowd: crowdBehind("10.0.0.3", SERVER), more: ["-x", "offer"] };
/** Milliseconds. */
const TARGET = 100;

async function renew(variant: Variant, { seconds }: Effort): Promise<Renewals> {
  await using bed = new Bed(family4);
  await bed.start(variant, [family4.large.subnet]);
  bed.clients.ip("address", "add", `${RENEWERS}/8`, "dev", "eth0");
  const script = join(top, "e2e/dist/renewals.main.mjs");
  const renewals = bed.clients.start([
    process.execPath,
    script,
    RENEWERS,
    SERVER,
    `${CLIENTS}`,
    `${RATE}`,
    `${seconds}`,
  ]);
  await renewals.waitFor(/ready/);
  // It begins before them and ends after them.
  await Promise.all([bed.load({ ...FLOOD, seconds: seconds + 5 }), renewals.exited]);
  return JSON.parse(renewals.lines.at(-1)!) as Renewals;
}

export const floodRow: Row = {
  family: 4,
  name: "flood",
  async measure(effort, say) {
    const measured = await inTurn(
      variants,
      effort.repeats,
      (variant) => renew(variant, effort),
      ({ name }) => name,
    );
    const medianOf = (name: string, part: keyof Renewals) => median(measured.get(name)!.map((each) => each[part]));
    const p99 = Object.fromEntries(variants.map(({ name }) => [name, medianOf(name, "p99")]));
    for (const { name } of variants) {
      const times = `half within ${medianOf(name, "median").toFixed(1)} ms, 99 % within ${p99[name]!.toFixed(1)} ms`;
      say(`${name}: ${medianOf(name, "lost")} of ${RATE * effort.seconds} without an answer, ${times}`);
    }
    return [
      {
        measure: `99 % of ${RATE} renewals/s beside ${FLOOD.rate} DISCOVERs/s are answered within`,
        unit: "ms",
        values: p99,
        ratio: p99[kotare.name]! / Math.min(...keas.map(({ name }) => p99[name]!)),
        target: `≤ ${TARGET} ms`,
        met: p99[kotare.name]! <= TARGET,
      },
    ];
  },
};
