/** The row about reservations in a file of ours: what 100,000 of them take at a start. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kotare } from "../bed.ts";
import type { BenchFamily } from "../family.ts";
import type { Row } from "../row.ts";
import { startCost } from "../scale.ts";

const HOSTS = 100_000;
const FILE = "hosts.jsonl";

function writeHosts(folder: string, { large }: BenchFamily, count: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const lines = Array.from({ length: count }, (_, i) => {
    const digits = i.toString(16).padStart(8, "0");
    const host = { "ip-address": large.member(i), hostname: `host-${i}` };
    const mac = `02:5a:${digits.replace(/..(?=.)/g, "$&:")}`;
    return `${JSON.stringify({ "subnet-id": large.subnet.id, "hw-address": mac, ...host })}\n`;
  });
  writeFileSync(join(folder, FILE), lines.join(""), { mode: 0o640 });
}

export function hostFileRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "hosts-file",
    async measure(effort, say) {
      const times: Record<string, number> = {};
      const memories: Record<string, number> = {};
      for (const count of [0, HOSTS]) {
        const config = { "hosts-databases": [{ type: "file", name: FILE }] };
        const prepare = (folder: string) => writeHosts(folder, family, count);
        const { time, memory } = await startCost(family, effort, { ...kotare, config }, prepare);
        const name = `${count} hosts`;
        times[name] = time;
        memories[name] = memory;
        say(`${name}: ${time.toFixed(2)} s, ${Math.round(memory)} MiB`);
      }
      const [less, more] = Object.values(memories) as [number, number];
      const [shorter, longer] = Object.values(times) as [number, number];
      return [
        {
          measure: `start with ${HOSTS} hosts in a file of ours`,
          unit: "s",
          values: times,
          ratio: longer / shorter,
          target: "≤ 2 s",
          met: longer <= 2,
        },
        {
          measure: `memory with ${HOSTS} hosts in a file of ours`,
          unit: "MiB",
          values: memories,
          ratio: more / less,
          target: "≤ 60 MiB more",
          met: more - less <= 60,
        },
      ];
    },
  };
}
