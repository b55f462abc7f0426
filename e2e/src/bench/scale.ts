/** Rows about size: a million leases at start and under a reload, a large configuration, an almost full pool. */
import { writeFileSync } from "node:fs";
import { Lab } from "../lab/lab.ts";
import { delay, findProgram, Program } from "../lab/program.ts";
import { ourDaemon, privateFolders } from "../subject/server.ts";
import { Bed, keas, kotare, LARGE_SUBNET, median, type Variant } from "./bed.ts";
import { addressesFrom, writeLeases } from "./lease-files.ts";
import { warmUp } from "./peak.ts";
import { manySubnets } from "./rates.ts";
import type { Effort, Measured, Row } from "./row.ts";

/** 10.16.0.0, where the pool of the large subnet begins. */
const POOL_START = 0x0a10_0000;

/** Kea reads its files on one thread in both modes. */
const kea = keas[1]!;
const sides: readonly Variant[] = [kotare, kea];

export const startRow: Row = {
  name: "start",
  async measure(effort, say) {
    const times: Record<string, number> = {};
    const memories: Record<string, number> = {};
    for (const variant of sides) {
      const samples: { time: number; memory: number }[] = [];
      for (let i = 0; i < effort.repeats; i++) {
        await using bed = new Bed();
        const folder = bed.newFolder();
        writeLeases(folder, LARGE_SUBNET.id, addressesFrom(POOL_START, effort.leases));
        const began = performance.now();
        await using server = await bed.start(variant, { subnet4: [LARGE_SUBNET] }, { folder });
        const time = (performance.now() - began) / 1000;
        // What the loading needed may be given back in the first second.
        await delay(1000);
        samples.push({ time, memory: server.usage().memory / 2 ** 20 });
      }
      times[variant.name] = median(samples.map((sample) => sample.time));
      memories[variant.name] = median(samples.map((sample) => sample.memory));
      say(`${variant.name}: ${times[variant.name]!.toFixed(2)} s, ${Math.round(memories[variant.name]!)} MiB`);
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

const RELOAD_RATE = 1000;

export const reloadRow: Row = {
  name: "reload",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    for (const variant of sides) {
      await using bed = new Bed();
      const folder = bed.newFolder();
      writeLeases(folder, LARGE_SUBNET.id, addressesFrom(POOL_START, effort.leases));
      await using server = await bed.start(variant, { subnet4: [LARGE_SUBNET] }, { folder });
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

function daemonOf(variant: Variant): string {
  return variant.subject === "kea" ? (findProgram("kea-dhcp4") ?? "kea-dhcp4") : ourDaemon(4);
}

/** Reservations spread over the subnets, inside and outside of their pools. */
function largeConfig(effort: Effort): object {
  const subnets = manySubnets(Math.round(10_000 * effort.scale));
  const each = 10;
  const withHosts = subnets.map((subnet, index) => {
    const network = String(subnet["subnet"]).replace(/\.(\d+)\/\d+$/, "");
    const first = Number(/\.(\d+)\//.exec(String(subnet["subnet"]))![1]);
    const reservations = Array.from({ length: each }, (_, i) => ({
      "hw-address": `0a:00:${(index >> 8).toString(16).padStart(2, "0")}:${(index & 255).toString(16).padStart(2, "0")}:00:${i.toString(16).padStart(2, "0")}`,
      "ip-address": `${network}.${first + 10 + i}`,
      hostname: `host-${index}-${i}`,
    }));
    return { ...subnet, reservations };
  });
  return {
    Dhcp4: { "interfaces-config": { interfaces: ["*"] }, "lease-database": { type: "memfile" }, subnet4: withHosts },
  };
}

export const checkRow: Row = {
  name: "check",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    await using lab = new Lab();
    const file = `${lab.folder}/large.conf`;
    writeFileSync(file, JSON.stringify(largeConfig(effort), undefined, 1));
    for (const variant of sides) {
      const times: number[] = [];
      for (let i = 0; i < effort.repeats; i++) {
        const began = performance.now();
        const checker = new Program([daemonOf(variant), "-t", file], { env: privateFolders(lab.folder) });
        const exit = await checker.exited;
        if (exit.code !== 0)
          throw new Error(`${variant.name} refuses the configuration:\n${checker.lines.slice(-5).join("\n")}`);
        times.push((performance.now() - began) / 1000);
      }
      values[variant.name] = median(times);
      say(`${variant.name}: ${values[variant.name]!.toFixed(2)} s`);
    }
    const ratio = values[kotare.name]! / values[kea.name]!;
    const subnets = Math.round(10_000 * effort.scale);
    return [
      {
        measure: `check of ${subnets} subnets with ${10 * subnets} reservations`,
        unit: "s",
        values,
        ratio,
        target: "≤ 1 ×",
        met: ratio <= 1,
      },
    ];
  },
};

/** 10.2.0.0/16: its pool leaves out the first and the last address. */
const SIXTEEN = {
  id: 7,
  subnet: "10.2.0.0/16",
  pools: [{ pool: "10.2.0.1 - 10.2.255.254" }],
  relay: { "ip-addresses": ["10.0.0.3"] },
};
const SIXTEEN_FIRST = 0x0a02_0001;
const SIXTEEN_SIZE = 65_534;
const LEFT_FREE = 2000;

/** Microseconds of CPU per exchange while the last (or the first) 2,000 addresses of the /16 are given. */
async function measureFill(variant: Variant, full: boolean, effort: Effort): Promise<number> {
  await using bed = new Bed();
  bed.clients.ip("address", "add", "10.0.0.3/8", "dev", "eth0");
  const folder = bed.newFolder();
  const gap = Math.floor(SIXTEEN_SIZE / LEFT_FREE);
  const taken = [...addressesFrom(SIXTEEN_FIRST, SIXTEEN_SIZE)].filter((_, i) => i % gap !== 0 || i / gap >= LEFT_FREE);
  if (full) writeLeases(folder, SIXTEEN.id, taken);
  await using server = await bed.start(variant, { subnet4: [LARGE_SUBNET, SIXTEEN] }, { folder });
  await warmUp(bed, effort);
  const before = server.usage().cpu;
  const result = await bed.load({
    rate: 300,
    seconds: 10,
    exchanges: LEFT_FREE,
    clients: LEFT_FREE,
    relay: "10.0.0.3",
  });
  if (result.completed < 0.5 * LEFT_FREE)
    throw new Error(`${variant.name} gave only ${result.completed} of ${LEFT_FREE} addresses`);
  return (1e6 * (server.usage().cpu - before)) / result.completed;
}

export const lastAddressRow: Row = {
  name: "last-address",
  async measure(effort, say) {
    const values: Record<string, number> = {};
    for (const variant of sides) {
      const firsts: number[] = [];
      const lasts: number[] = [];
      for (let i = 0; i < effort.repeats; i++) {
        firsts.push(await measureFill(variant, false, effort));
        lasts.push(await measureFill(variant, true, effort));
      }
      values[variant.name] = median(lasts) / median(firsts);
      say(`${variant.name}: empty /16 ${median(firsts).toFixed(0)} µs, last addresses ${median(lasts).toFixed(0)} µs`);
    }
    const ratio = values[kotare.name]!;
    const measured: Measured = {
      measure: "CPU for the last 2,000 addresses of a /16 against the first",
      unit: "×",
      values,
      ratio,
      target: "≤ 1.5",
      met: ratio <= 1.5,
    };
    return [measured];
  },
};
