/** Rows about client classes: what a hundred typical ones cost, and a thousand of which nearly all name one value. */
import { Bed, keas, kotare, type Variant, variants } from "./bed.ts";
import { compareSetups, compareVariants } from "./compare.ts";
import type { BenchFamily, Crowd } from "./family.ts";
import { warmUp } from "./peak.ts";
import { median, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

/** Clients that say what the classes ask about. */
function talkative({ large: { crowd }, classed }: BenchFamily): Crowd {
  return { ...crowd, arguments: [...classed.options, ...crowd.arguments] };
}

function withClasses(variant: Variant, tests: readonly string[]): Variant {
  const classes = tests.map((test, i) => ({ name: `c${i}`, test }));
  return { ...variant, config: { ...variant.config, "client-classes": classes } };
}

function typical({ classed }: BenchFamily, count: number): string[] {
  return Array.from({ length: count }, (_, i) => classed.test(i));
}

export function classesRow(family: BenchFamily): Row {
  const count = 100;
  return {
    family: family.family,
    name: "classes",
    async measure(effort, say) {
      const crowd = talkative(family);
      const values: Record<string, number> = {};
      for (const variant of variants) {
        await using bed = new Bed(family);
        const server = await bed.start(withClasses(variant, typical(family, count)), [family.large.subnet]);
        await warmUp(bed, effort, crowd);
        const costs: number[] = [];
        for (let i = 0; i < effort.repeats; i++) {
          costs.push((await bed.cost(server, { rate: STEADY_RATE, seconds: effort.seconds, crowd })).cpu);
        }
        values[variant.name] = median(costs);
        say(`${variant.name}: ${values[variant.name]!.toFixed(1)} µs CPU`);
      }
      const ratio = values[kotare.name]! / Math.min(...keas.map(({ name }) => values[name]!));
      return [
        {
          measure: `CPU per exchange with ${count} classes at 5,000/s`,
          unit: "µs",
          values,
          ratio,
          target: "≤ 0.6 × the cheaper Kea",
          met: ratio <= 0.6,
        },
      ];
    },
  };
}

export function manyClassesRow(family: BenchFamily): Row {
  const [few, many] = [10, 1000];
  return {
    family: family.family,
    name: "many-classes",
    measure(effort, say) {
      const crowd = talkative(family);
      const constants = Array.from({ length: many - few }, (_, i) => family.classed.constant(i));
      return compareVariants(
        {
          measure: `CPU with ${many} classes, of which ${many - few} name a value, against ${few}`,
          target: "≤ 2",
          isMet: (ratio) => ratio <= 2,
        },
        [kotare, ...keas],
        async (variant) => {
          const start = (tests: readonly string[]) => (bed: Bed) =>
            bed.start(withClasses(variant, tests), [family.large.subnet]);
          const { plain, other, ratio } = await compareSetups(
            family,
            effort,
            start(typical(family, few)),
            start([...typical(family, few), ...constants]),
            async (bed, server) => (await bed.cost(server, { rate: STEADY_RATE, seconds: effort.seconds, crowd })).cpu,
          );
          say(`${variant.name}: ${few} classes ${plain.toFixed(1)} µs, ${many} classes ${other.toFixed(1)} µs`);
          return ratio;
        },
      );
    },
  };
}
