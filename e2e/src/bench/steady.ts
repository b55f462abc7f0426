/** Rows about a server that has little to do: what an exchange costs and how long a reply takes, warm, cold, beside a neighbour. */
import { Bed, keas, kotare, variants } from "./bed.ts";
import { type Contender, Contest, inTurn } from "./contest.ts";
import { type BenchFamily, type Crowd, purpose } from "./family.ts";
import { type Effort, type Measured, medians, type Row } from "./row.ts";

export const STEADY_RATE = 5000;
/** In which a daemon is cold: its code is being compiled. */
const COLD_SECONDS = 4;
/** After which nothing is compiled any more that this load uses. */
const WARM_SECONDS = 2 * COLD_SECONDS;
/** Whoever else has something to do gets the processor first, except for what the scheduler grants to all. */
const NEIGHBOUR = ["nice", "-n", "19", "sh", "-c", "while :; do :; done"];

/** Of one exchange: microseconds of CPU time, and milliseconds until a reply. */
interface Cost {
  readonly cpu: number;
  readonly delay: number;
}

interface Targets {
  /** Times the cheapest Kea. */
  readonly cpu: number;
  readonly delay: { readonly text: string; isMet(delay: number, kea: number): boolean } | undefined;
}

export function costRow(family: BenchFamily, crowd: Crowd): Row {
  return {
    family: family.family,
    name: `cpu${crowd.suffix}`,
    async measure(effort, say) {
      await using contest = await Contest.start(family, variants);
      await warmUp(contest, crowd);
      const costs = await contest.measure(effort.repeats, (each) => cost(each, effort.seconds, crowd));
      const delay = { text: "≤ 1 × the quickest Kea", isMet: (ours: number, kea: number) => ours <= kea };
      return judge(`${purpose(crowd)} at 5,000/s`, costs, { cpu: 0.5, delay }, say);
    },
  };
}

export function coldRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "cold",
    async measure(effort, say) {
      const { crowd, subnet } = family.large;
      const costs = await inTurn(
        variants,
        effort.repeats,
        async (variant) => {
          await using bed = new Bed(family);
          return await cost({ variant, bed, server: await bed.start(variant, [subnet]) }, COLD_SECONDS, crowd);
        },
        ({ name }) => name,
      );
      const delay = { text: "≤ 2 ms", isMet: (ours: number) => ours <= 2 };
      return judge(` at 5,000/s in the first ${COLD_SECONDS} s`, costs, { cpu: 1, delay }, say);
    },
  };
}

export function neighbourRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "neighbour",
    async measure(effort, say) {
      await using contest = await Contest.start(family, variants);
      await warmUp(contest, family.large.crowd);
      contest.contenders[0]!.bed.server.start(NEIGHBOUR);
      const costs = await contest.measure(effort.repeats, (each) => cost(each, effort.seconds, family.large.crowd));
      return judge(" at 5,000/s beside a neighbour that spins", costs, { cpu: 0.75, delay: undefined }, say);
    },
  };
}

async function warmUp({ contenders }: Contest, crowd: Crowd): Promise<void> {
  for (const { bed } of contenders) await bed.load({ rate: STEADY_RATE, seconds: WARM_SECONDS, crowd });
}

async function cost({ bed, server }: Contender, seconds: Effort["seconds"], crowd: Crowd): Promise<Cost> {
  const { cpu, result } = await bed.cost(server, { rate: STEADY_RATE, seconds, crowd });
  return { cpu, delay: result.meanDelay };
}

function judge(
  when: string,
  costs: ReadonlyMap<string, readonly Cost[]>,
  targets: Targets,
  say: (line: string) => void,
): readonly Measured[] {
  const of = (part: keyof Cost) => new Map([...costs].map(([name, each]) => [name, each.map((one) => one[part])]));
  const [cpu, delay] = [medians(of("cpu")), medians(of("delay"))];
  for (const name of costs.keys()) say(`${name}: ${cpu[name]!.toFixed(1)} µs CPU, ${delay[name]!.toFixed(2)} ms delay`);
  const lowest = (values: Readonly<Record<string, number>>) => Math.min(...keas.map(({ name }) => values[name]!));
  const ratio = cpu[kotare.name]! / lowest(cpu);
  const ours = delay[kotare.name]!;
  return [
    {
      measure: `CPU per exchange${when}`,
      unit: "µs",
      values: cpu,
      ratio,
      target: `≤ ${targets.cpu} × the cheapest Kea`,
      met: ratio <= targets.cpu,
    },
    {
      measure: `mean reply delay${when}`,
      unit: "ms",
      values: delay,
      ratio: ours / lowest(delay),
      target: targets.delay?.text ?? "none",
      met: targets.delay?.isMet(ours, lowest(delay)) ?? true,
    },
  ];
}
