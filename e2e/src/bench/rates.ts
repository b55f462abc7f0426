/** Rows about speed under load: peak rate, overload, logging, many subnets. */
import type { Server } from "../subject/server.ts";
import { Bed, kea, keas, kotare, variants } from "./bed.ts";
import { compareSetups, compareVariants } from "./compare.ts";
import { Contest } from "./contest.ts";
import { type BenchFamily, type Crowd, purpose } from "./family.ts";
import { findPeak, warmUp } from "./peak.ts";
import { type Effort, median, medians, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

export function peakRow(family: BenchFamily, crowd: Crowd): Row {
  return {
    family: family.family,
    name: `peak${crowd.suffix}`,
    async measure(effort, say) {
      await using contest = await Contest.start(family, variants);
      for (const { bed } of contest.contenders) await warmUp(bed, effort, crowd);
      const lasts = new Map<string, number>();
      const peaks = await contest.measure(effort.repeats, async ({ variant: { name }, bed }) => {
        say(name);
        const found = await findPeak(bed, effort, say, { first: Math.round(lasts.get(name) || 6000), crowd });
        lasts.set(name, found);
        return found;
      });
      const values = medians(peaks);
      const ratio = values[kotare.name]! / Math.max(...keas.map(({ name }) => values[name]!));
      return [
        {
          measure: `exchanges${purpose(crowd)} at ≤ 1 % drops`,
          unit: "/s",
          values,
          ratio,
          target: "≥ 1.5 × the best Kea",
          met: ratio >= 1.5,
        },
      ];
    },
  };
}

const FIRST_PROCESSOR = ["taskset", "--cpu-list", "0"];
/** Programs that leave a server about a quarter of the processor. */
const NEIGHBOURS = 3;

/** Replies a second as the server counts them: clients give up those that are late. */
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
      `of which clients took ${perSecond(completed)}/s`,
  );
  return replies;
}

export function overloadRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "overload",
    measure: (effort, say) =>
      compareVariants(
        {
          measure: "replies sent at twice the peak, per those at the peak",
          target: "≥ 0.9",
          isMet: (ratio) => ratio >= 0.9,
        },
        variants,
        async (variant) => {
          await using bed = new Bed(family);
          // On a whole machine the clients would need the time that the server has: in a crowd both have theirs.
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
