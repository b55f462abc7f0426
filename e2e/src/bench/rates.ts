/** Rows about speed under load: peak rate, CPU and delay, overload, logging, many subnets. */
import { Bed, keas, kotare, LARGE_SUBNET, median, type Variant, variants } from "./bed.ts";
import { findPeak, medianPeak, warmUp } from "./peak.ts";
import type { Effort, Row } from "./row.ts";

const CONFIG = { subnet4: [LARGE_SUBNET] };

/** What a steady load costs the server. */
interface Cost {
  /** Microseconds of CPU time per completed exchange. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly delay: number;
}

async function measureCost(
  variant: Variant,
  effort: Effort,
  rate: number,
  severity: "WARN" | "INFO" = "WARN",
): Promise<Cost> {
  await using bed = new Bed();
  await using server = await bed.start(variant, CONFIG, { severity });
  await warmUp(bed, effort);
  const costs: Cost[] = [];
  for (let i = 0; i < effort.repeats; i++) {
    const before = server.usage().cpu;
    const result = await bed.load({ rate, seconds: effort.seconds });
    costs.push({ cpu: (1e6 * (server.usage().cpu - before)) / result.completed, delay: result.meanDelay });
  }
  return { cpu: median(costs.map((cost) => cost.cpu)), delay: median(costs.map((cost) => cost.delay)) };
}

function lowest(values: Readonly<Record<string, number>>): number {
  return Math.min(...keas.map((variant) => values[variant.name]!));
}

function highest(values: Readonly<Record<string, number>>): number {
  return Math.max(...keas.map((variant) => values[variant.name]!));
}

export const peakRow: Row = {
  name: "peak",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    for (const variant of variants) {
      say(variant.name);
      await using bed = new Bed();
      await using _server = await bed.start(variant, CONFIG);
      await warmUp(bed, effort);
      values[variant.name] = await medianPeak(bed, effort, say);
    }
    const ratio = values[kotare.name]! / highest(values);
    return [
      {
        measure: "exchanges at ≤ 1 % drops",
        unit: "/s",
        values,
        ratio,
        target: "≥ 1.5 × the better Kea",
        met: ratio >= 1.5,
      },
    ];
  },
};

const STEADY_RATE = 5000;

export const costRow: Row = {
  name: "cpu",
  async measure(effort, say) {
    const cpu: Record<string, number> = {};
    const delays: Record<string, number> = {};
    for (const variant of variants) {
      const cost = await measureCost(variant, effort, STEADY_RATE);
      say(`${variant.name}: ${cost.cpu.toFixed(1)} µs CPU, ${cost.delay.toFixed(2)} ms delay`);
      cpu[variant.name] = cost.cpu;
      delays[variant.name] = cost.delay;
    }
    const ratio = cpu[kotare.name]! / lowest(cpu);
    const delay = delays[kotare.name]!;
    return [
      {
        measure: "CPU per exchange at 5,000/s",
        unit: "µs",
        values: cpu,
        ratio,
        target: "≤ 0.75 × the cheaper Kea",
        met: ratio <= 0.75,
      },
      {
        measure: "mean reply delay at 5,000/s",
        unit: "ms",
        values: delays,
        ratio: delay / lowest(delays),
        target: "≤ 2 ms",
        met: delay <= 2,
      },
    ];
  },
};

export const overloadRow: Row = {
  name: "overload",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    for (const variant of variants) {
      await using bed = new Bed();
      await using _server = await bed.start(variant, CONFIG);
      await warmUp(bed, effort);
      const peak = await findPeak(bed, effort, 6000, say);
      const over = await bed.load({ rate: Math.round(2 * peak), seconds: effort.seconds });
      values[variant.name] = over.completed / effort.seconds / peak;
      say(
        `${variant.name}: peak ${Math.round(peak)}/s, at twice that ${Math.round(over.completed / effort.seconds)}/s`,
      );
    }
    const ratio = values[kotare.name]!;
    return [
      { measure: "goodput at twice the peak, per peak", unit: "×", values, ratio, target: "≥ 0.9", met: ratio >= 0.9 },
    ];
  },
};

export const loggingRow: Row = {
  name: "logging",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    for (const variant of variants) {
      const quiet = await measureCost(variant, effort, STEADY_RATE, "WARN");
      const chatty = await measureCost(variant, effort, STEADY_RATE, "INFO");
      values[variant.name] = chatty.cpu / quiet.cpu;
      say(`${variant.name}: WARN ${quiet.cpu.toFixed(1)} µs, INFO ${chatty.cpu.toFixed(1)} µs`);
    }
    const ratio = values[kotare.name]!;
    return [
      {
        measure: "CPU with logging at INFO against WARN",
        unit: "×",
        values,
        ratio,
        target: "≤ 1.25",
        met: ratio <= 1.25,
      },
    ];
  },
};

/** `count` subnets; the clients' relay is in the last one, where a search from the start finds it last. */
export function manySubnets(count: number): Readonly<Record<string, unknown>>[] {
  const others = Array.from({ length: count - 1 }, (_, i) => {
    const network = `172.${16 + (i >> 10)}.${(i >> 2) & 255}.${(i & 3) * 64}`;
    const base = network.slice(0, network.lastIndexOf(".") + 1);
    return {
      id: 2 + i,
      subnet: `${network}/26`,
      pools: [{ pool: `${base}${(i & 3) * 64 + 1}-${base}${(i & 3) * 64 + 62}` }],
    };
  });
  return [...others, LARGE_SUBNET];
}

export const subnetsRow: Row = {
  name: "subnets",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    const count = Math.round(10_000 * effort.scale);
    for (const variant of [kotare, keas[1]!]) {
      const peaks: number[] = [];
      for (const subnet4 of [[LARGE_SUBNET], manySubnets(count)]) {
        await using bed = new Bed();
        await using _server = await bed.start(variant, { subnet4 });
        await warmUp(bed, effort);
        peaks.push(await medianPeak(bed, effort, say));
      }
      values[variant.name] = peaks[1]! / peaks[0]!;
      say(`${variant.name}: 1 subnet ${Math.round(peaks[0]!)}/s, ${count} subnets ${Math.round(peaks[1]!)}/s`);
    }
    const ratio = values[kotare.name]!;
    return [
      {
        measure: `throughput with ${count} subnets against 1`,
        unit: "×",
        values,
        ratio,
        target: "≥ 0.9",
        met: ratio >= 0.9,
      },
    ];
  },
};
