/** Rows about answers that are long because there are many subnets: what they cost, and when they begin beside packets. */
import { join } from "node:path";
import { delay } from "../lab/program.ts";
import { Bed, kea, kotare } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { warmUp } from "./peak.ts";
import { type Reading, readAnswer } from "./read-answer.ts";
import { median, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

/** Of one measurement: a kernel counts CPU time in steps that one answer has not many of. */
const CALLS = 5;

export function answerRow(family: BenchFamily, command: "config-get" | "statistic-get-all"): Row {
  return {
    family: family.family,
    name: command,
    async measure(effort, say) {
      const count = Math.round(10_000 * effort.scale);
      const subnets = [...Array.from({ length: count - 1 }, (_, i) => family.otherSubnet(i)), family.large.subnet];
      const cpu: Record<string, number> = {};
      const firstByte: Record<string, number> = {};
      let isWhole = true;
      for (const variant of [kotare, kea]) {
        await using bed = new Bed(family);
        const folder = bed.newFolder();
        const socket = join(folder, "control");
        const server = await bed.start(variant, subnets, { folder });
        await warmUp(bed, effort);
        const ask = async (): Promise<Reading> => {
          const reading = await readAnswer(socket, command);
          isWhole &&= /"result": 0 \}$/.test(reading.tail);
          return reading;
        };
        await ask();
        const costs: number[] = [];
        for (let i = 0; i < effort.repeats; i++) {
          const before = server.usage().cpu;
          for (let call = 0; call < CALLS; call++) await ask();
          costs.push((server.usage().cpu - before) / CALLS);
        }
        const load = bed.load({ rate: STEADY_RATE, seconds: effort.seconds + 6 });
        await delay(3000);
        const readings: Reading[] = [];
        for (let i = 0; i < effort.repeats; i++) readings.push(await ask());
        const { offered, completed, maxDelay } = await load;
        cpu[variant.name] = 1000 * median(costs);
        firstByte[variant.name] = 1000 * median(readings.map((reading) => reading.firstByte));
        say(
          `${variant.name}: ${Math.round(cpu[variant.name]!)} ms CPU for ${(readings[0]!.bytes / 1e6).toFixed(1)} MB; at ` +
            `${STEADY_RATE}/s first byte after ${firstByte[variant.name]!.toFixed(1)} ms, whole after ` +
            `${median(readings.map(({ seconds }) => seconds)).toFixed(2)} s; ${offered - completed} of ${offered} ` +
            `exchanges lost, longest delay ${maxDelay.toFixed(1)} ms`,
        );
      }
      const what = `${command} with ${count} subnets`;
      const ratio = cpu[kotare.name]! / cpu[kea.name]!;
      const first = firstByte[kotare.name]!;
      return [
        { measure: `${what}: CPU`, unit: "ms", values: cpu, ratio, target: "≤ 1 ×", met: isWhole && ratio <= 1 },
        {
          measure: `${what}: first byte at ${STEADY_RATE}/s`,
          unit: "ms",
          values: firstByte,
          ratio: first / firstByte[kea.name]!,
          target: "≤ 100 ms",
          met: isWhole && first <= 100,
        },
      ];
    },
  };
}
