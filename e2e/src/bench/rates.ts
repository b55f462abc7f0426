/** Rows about speed under load: peak rate, CPU and delay, overload, logging, many subnets. */
import type { Server } from "../subject/server.ts";
import { Bed, kea, keas, kotare, median, variants } from "./bed.ts";
import { compareSetups, compareVariants } from "./compare.ts";
import type { BenchFamily, Crowd } from "./family.ts";
import { findPeak, medianPeak, warmUp } from "./peak.ts";
import type { Effort, Row } from "./row.ts";

type Values = Readonly<Record<string, number>>;

function lowest(values: Values): number {
  return Math.min(...keas.map((variant) => values[variant.name]!));
}

function highest(values: Values): number {
  return Math.max(...keas.map((variant) => values[variant.name]!));
}

/** ` for prefixes`; nothing for the usual crowd. */
function purpose({ asks, suffix }: Crowd): string {
  return suffix === "" ? "" : ` for ${asks}`;
}

export function peakRow(family: BenchFamily, crowd: Crowd): Row {
  return {
    family: family.family,
    name: `peak${crowd.suffix}`,
    async measure(effort, say) {
      const values: Record<string, number> = {};
      for (const variant of variants) {
        say(variant.name);
        await using bed = new Bed(family);
        await bed.start(variant, [family.large.subnet]);
        await warmUp(bed, effort, crowd);
        values[variant.name] = await medianPeak(bed, effort, say, crowd);
      }
      const ratio = values[kotare.name]! / highest(values);
      return [
        {
          measure: `exchanges${purpose(crowd)} at ≤ 1 % drops`,
          unit: "/s",
          values,
          ratio,
          target: "≥ 1.5 × the better Kea",
          met: ratio >= 1.5,
        },
      ];
    },
  };
}

export const STEADY_RATE = 5000;

export function costRow(family: BenchFamily, crowd: Crowd): Row {
  return {
    family: family.family,
    name: `cpu${crowd.suffix}`,
    async measure(effort, say) {
      const cpu: Record<string, number> = {};
      const delays: Record<string, number> = {};
      for (const variant of variants) {
        await using bed = new Bed(family);
        const server = await bed.start(variant, [family.large.subnet]);
        await warmUp(bed, effort, crowd);
        const costs: { cpu: number; delay: number }[] = [];
        for (let i = 0; i < effort.repeats; i++) {
          const { cpu, result } = await bed.cost(server, { rate: STEADY_RATE, seconds: effort.seconds, crowd });
          costs.push({ cpu, delay: result.meanDelay });
        }
        cpu[variant.name] = median(costs.map((cost) => cost.cpu));
        delays[variant.name] = median(costs.map((cost) => cost.delay));
        say(`${variant.name}: ${cpu[variant.name]!.toFixed(1)} µs CPU, ${delays[variant.name]!.toFixed(2)} ms delay`);
      }
      const ratio = cpu[kotare.name]! / lowest(cpu);
      const delay = delays[kotare.name]!;
      return [
        {
          measure: `CPU per exchange${purpose(crowd)} at 5,000/s`,
          unit: "µs",
          values: cpu,
          ratio,
          target: "≤ 0.75 × the cheaper Kea",
          met: ratio <= 0.75,
        },
        {
          measure: `mean reply delay${purpose(crowd)} at 5,000/s`,
          unit: "ms",
          values: delays,
          ratio: delay / lowest(delays),
          target: "≤ 2 ms",
          met: delay <= 2,
        },
      ];
    },
  };
}

const FIRST_PROCESSOR = ["taskset", "--cpu-list", "0"];
/** Programs that leave a server about a quarter of the processor. */
const NEIGHBOURS = 3;

/** Replies a second as the server counts them: perfdhcp has no time for all of them when it offers most. */
async function goodput(
  bed: Bed,
  server: Server,
  rate: number,
  { seconds }: Effort,
  say: (line: string) => void,
): Promise<number> {
  const before = bed.repliesSent(server);
  const { offered, completed, maxDelay } = await bed.load({ rate: Math.round(rate), seconds });
  const replies = (bed.repliesSent(server) - before) / seconds;
  const perSecond = (count: number): number => Math.round(count / seconds);
  say(
    `  ${perSecond(offered)}/s offered: ${Math.round(replies)}/s within ${maxDelay.toFixed(0)} ms, ` +
      `of which perfdhcp took ${perSecond(completed)}/s`,
  );
  return replies;
}

export function overloadRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "overload",
    measure: (effort, say) =>
      compareVariants(
        { measure: "goodput at twice the peak, per peak", target: "≥ 0.9", isMet: (ratio) => ratio >= 0.9 },
        variants,
        async (variant) => {
          await using bed = new Bed(family);
          // perfdhcp offers hardly more than a server on a whole machine can do, but twice what one in a crowd can.
          const server = await bed.start(variant, [family.large.subnet], { under: FIRST_PROCESSOR });
          for (let i = 0; i < NEIGHBOURS; i++) {
            bed.server.start([...FIRST_PROCESSOR, "sh", "-c", "while :; do :; done"]);
          }
          await warmUp(bed, effort);
          const peak = await findPeak(bed, effort, say);
          // What neighbours leave varies from load to load: both rates take turns.
          const atPeak: number[] = [];
          const beyond: number[] = [];
          for (let i = 0; i < effort.repeats; i++) {
            atPeak.push(await goodput(bed, server, peak, effort, say));
            beyond.push(await goodput(bed, server, 2 * peak, effort, say));
          }
          return median(beyond) / median(atPeak);
        },
      ),
  };
}

export function loggingRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "logging",
    measure: (effort, say) =>
      compareVariants(
        { measure: "CPU with logging at INFO against WARN", target: "≤ 1.25", isMet: (ratio) => ratio <= 1.25 },
        variants,
        async (variant) => {
          const { plain, other, ratio } = await compareSetups(
            family,
            effort,
            (bed) => bed.start(variant, [family.large.subnet], { severity: "WARN" }),
            (bed) => bed.start(variant, [family.large.subnet], { severity: "INFO" }),
            async (bed, server) => (await bed.cost(server, { rate: STEADY_RATE, seconds: effort.seconds })).cpu,
          );
          say(`${variant.name}: WARN ${plain.toFixed(1)} µs, INFO ${other.toFixed(1)} µs`);
          return ratio;
        },
      ),
  };
}

/** So many times the peak is more than a server can do. */
const SATURATING = 1.2;

export function subnetsRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "subnets",
    measure(effort, say) {
      const count = Math.round(10_000 * effort.scale);
      // The clients' subnet is the last one, where a search from the start finds it last.
      const many = [...Array.from({ length: count - 1 }, (_, i) => family.otherSubnet(i)), family.large.subnet];
      return compareVariants(
        { measure: `throughput with ${count} subnets against 1`, target: "≥ 0.9", isMet: (ratio) => ratio >= 0.9 },
        [kotare, kea],
        async (variant) => {
          let rate: number | undefined;
          const { plain, other, ratio } = await compareSetups(
            family,
            effort,
            (bed) => bed.start(variant, [family.large.subnet]),
            (bed) => bed.start(variant, many),
            async (bed) => {
              rate ??= Math.round(SATURATING * (await findPeak(bed, effort, say, { crowd: family.relayed })));
              const { seconds } = effort;
              return (await bed.load({ rate, seconds, crowd: family.relayed })).completed / seconds;
            },
          );
          say(`${variant.name}: 1 subnet ${Math.round(plain)}/s, ${count} subnets ${Math.round(other)}/s`);
          return ratio;
        },
      );
    },
  };
}
