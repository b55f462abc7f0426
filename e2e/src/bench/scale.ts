/** Rows about size: a million leases at start and under a reload, a large configuration. */
import { writeFileSync } from "node:fs";
import { Lab } from "../lab/lab.ts";
import { delay, findProgram, Program } from "../lab/program.ts";
import { type Family, ourDaemon, privateFolders } from "../subject/server.ts";
import { Bed, kea, kotare, type Variant } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { firstOf, writeLeases } from "./lease-files.ts";
import { warmUp } from "./peak.ts";
import { type Effort, median, type Row } from "./row.ts";

const sides: readonly Variant[] = [kotare, kea];

/** Seconds until a daemon serves, and MiB of memory that it then has. @param prepare writes its files */
export async function startCost(
  family: BenchFamily,
  { repeats }: Effort,
  variant: Variant,
  prepare: (folder: string) => void,
): Promise<{ readonly time: number; readonly memory: number }> {
  const times: number[] = [];
  const memories: number[] = [];
  for (let i = 0; i < repeats; i++) {
    await using bed = new Bed(family);
    const folder = bed.newFolder();
    prepare(folder);
    const began = performance.now();
    const server = await bed.start(variant, [family.large.subnet], { folder });
    times.push((performance.now() - began) / 1000);
    // What the loading needed may be given back in the first second.
    await delay(1000);
    memories.push(server.usage().memory / 2 ** 20);
  }
  return { time: median(times), memory: median(memories) };
}

export function startRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "start",
    async measure(effort, say) {
      const times: Record<string, number> = {};
      const memories: Record<string, number> = {};
      for (const variant of sides) {
        const { time, memory } = await startCost(family, effort, variant, (folder) =>
          writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, effort.leases)),
        );
        times[variant.name] = time;
        memories[variant.name] = memory;
        say(`${variant.name}: ${time.toFixed(2)} s, ${Math.round(memory)} MiB`);
      }
      const time = times[kotare.name]! / times[kea.name]!;
      const memory = memories[kotare.name]! / memories[kea.name]!;
      return [
        {
          measure: `start with ${effort.leases} leases`,
          unit: "s",
          values: times,
          ratio: time,
          target: "≤ 0.5 ×",
          met: time <= 0.5,
        },
        {
          measure: `memory with ${effort.leases} leases`,
          unit: "MiB",
          values: memories,
          ratio: memory,
          target: "≤ 0.5 ×",
          met: memory <= 0.5,
        },
      ];
    },
  };
}

const RELOAD_RATE = 1000;

export function reloadRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "reload",
    async measure(effort, say) {
      const values: Record<string, number> = {};
      for (const variant of sides) {
        await using bed = new Bed(family);
        const folder = bed.newFolder();
        writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, effort.leases));
        const server = await bed.start(variant, [family.large.subnet], { folder });
        await warmUp(bed, effort);
        const seconds = 10;
        const load = bed.load({ rate: RELOAD_RATE, seconds });
        await delay(2000);
        server.program.signal("SIGHUP");
        const result = await load;
        values[variant.name] = result.offered - result.completed;
        say(
          `${variant.name}: ${values[variant.name]} of ${result.offered} exchanges lost, mean delay ${result.meanDelay.toFixed(1)} ms`,
        );
      }
      const lost = values[kotare.name]!;
      return [
        {
          measure: `exchanges lost by SIGHUP with ${effort.leases} leases at 1,000/s`,
          unit: "",
          values,
          ratio: lost / values[kea.name]!,
          target: "0",
          met: lost === 0,
        },
      ];
    },
  };
}

function daemonOf(variant: Variant, family: Family): string {
  return variant.subject === "kotare" ? ourDaemon(family) : (findProgram(`kea-dhcp${family}`) ?? "kea");
}

const RESERVATIONS_EACH = 10;

/** Reservations spread over the subnets. */
function largeConfig({ family, otherSubnet, reservation }: BenchFamily, count: number): object {
  const hex = (number: number): string => number.toString(16).padStart(2, "0");
  const subnets = Array.from({ length: count }, (_, subnet) => ({
    ...otherSubnet(subnet),
    reservations: Array.from({ length: RESERVATIONS_EACH }, (_, index) => ({
      "hw-address": `0a:00:${hex(subnet >> 8)}:${hex(subnet & 255)}:00:${hex(index)}`,
      hostname: `host-${subnet}-${index}`,
      ...reservation(subnet, index),
    })),
  }));
  return {
    [`Dhcp${family}`]: {
      "interfaces-config": { interfaces: ["*"] },
      "lease-database": { type: "memfile" },
      [`subnet${family}`]: subnets,
    },
  };
}

export function checkRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "check",
    async measure(effort, say) {
      const values: Record<string, number> = {};
      const count = Math.round(10_000 * effort.scale);
      await using lab = new Lab();
      const file = `${lab.folder}/large.conf`;
      writeFileSync(file, JSON.stringify(largeConfig(family, count), undefined, 1));
      for (const variant of sides) {
        const times: number[] = [];
        for (let i = 0; i < effort.repeats; i++) {
          const began = performance.now();
          const checker = new Program([daemonOf(variant, family.family), "-t", file], {
            env: privateFolders(lab.folder),
          });
          const exit = await checker.exited;
          if (exit.code !== 0)
            throw new Error(`${variant.name} refuses the configuration:\n${checker.lines.slice(-5).join("\n")}`);
          times.push((performance.now() - began) / 1000);
        }
        values[variant.name] = median(times);
        say(`${variant.name}: ${values[variant.name]!.toFixed(2)} s`);
      }
      const ratio = values[kotare.name]! / values[kea.name]!;
      return [
        {
          measure: `check of ${count} subnets with ${RESERVATIONS_EACH * count} reservations`,
          unit: "s",
          values,
          ratio,
          target: "≤ 1 ×",
          met: ratio <= 1,
        },
      ];
    },
  };
}
