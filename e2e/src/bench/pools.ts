/** Rows about what a lease costs where there are many already: a large pool in use, a small one almost full. */
import { Bed, kea, kotare, type Variant } from "./bed.ts";
import { compareInTurn, compareSetups, compareVariants } from "./compare.ts";
import type { BenchFamily, SmallGround } from "./family.ts";
import { firstOf, writeLeases } from "./lease-files.ts";
import { warmUp } from "./peak.ts";
import type { Effort, Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

export function largePoolRow(family: BenchFamily): Row {
  const { large } = family;
  return {
    family: family.family,
    name: "large-pool",
    measure: (effort, say) =>
      compareVariants(
        {
          measure: `CPU with ${effort.leases} leases in ${large.pool} against none`,
          target: "≤ 1.25",
          isMet: (ratio) => ratio <= 1.25,
        },
        [kotare, kea],
        async (variant) => {
          const { plain, other, ratio } = await compareSetups(
            family,
            effort,
            (bed) => bed.start(variant, [large.subnet]),
            (bed) => {
              const folder = bed.newFolder();
              writeLeases(folder, family, large.subnet.id, firstOf(large, effort.leases));
              return bed.start(variant, [large.subnet], { folder });
            },
            async (bed, server) => (await bed.cost(server, { rate: STEADY_RATE, seconds: effort.seconds })).cpu,
          );
          say(`${variant.name}: empty ${plain.toFixed(1)} µs, with leases ${other.toFixed(1)} µs`);
          return ratio;
        },
      ),
  };
}

const LEFT_FREE = 2000;

/** All members but `LEFT_FREE`, which are spread evenly. */
function* almostAll(ground: SmallGround): Generator<string> {
  const gap = Math.floor(ground.size / LEFT_FREE);
  for (let i = 0; i < ground.size; i++) if (i % gap !== 0 || i / gap >= LEFT_FREE) yield ground.member(i);
}

/** Microseconds of CPU per exchange while the last (or the first) members of the pool are given. */
async function measureFill(
  family: BenchFamily,
  variant: Variant,
  ground: SmallGround,
  full: boolean,
  effort: Effort,
): Promise<number> {
  await using bed = new Bed(family);
  const folder = bed.newFolder();
  if (full) writeLeases(folder, family, ground.subnet.id, almostAll(ground));
  const server = await bed.start(variant, [family.large.subnet, ground.subnet], { folder });
  await warmUp(bed, effort, ground.alike);
  const { cpu, result } = await bed.cost(server, {
    rate: 300,
    seconds: 10,
    exchanges: LEFT_FREE,
    clients: LEFT_FREE,
    crowd: ground.crowd,
  });
  if (variant === kotare && result.completed < 0.95 * LEFT_FREE)
    throw new Error(`only ${result.completed} of ${LEFT_FREE} leases were given`);
  return cpu;
}

export function lastFreeRow(family: BenchFamily, ground: SmallGround): Row {
  return {
    family: family.family,
    name: ground.row,
    measure: (effort, say) =>
      compareVariants(
        {
          measure: `CPU for the last 2,000 of ${ground.pool} against the first`,
          target: "≤ 1.5",
          isMet: (ratio) => ratio <= 1.5,
        },
        [kotare, kea],
        async (variant) => {
          const fill = (full: boolean) => (): Promise<number> => measureFill(family, variant, ground, full, effort);
          const { plain, other, ratio } = await compareInTurn(effort.repeats, fill(false), fill(true));
          say(`${variant.name}: empty ${plain.toFixed(0)} µs, last free ones ${other.toFixed(0)} µs`);
          return ratio;
        },
      ),
  };
}
