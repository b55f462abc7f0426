/** The rows about who measures, and on what: what dhcp-load and perfdhcp can play, and what any server takes on this machine. */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { Lab } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import { runLoad } from "../load/load.ts";
import { runPerfdhcp } from "../load/perfdhcp.ts";
import { top } from "../top.ts";
import { family4 } from "./family4.ts";
import { isSustained, searchRate } from "./peak.ts";
import { type Effort, median, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

const SERVER = "10.0.0.1";
const CLIENTS = 100_000;
type Played = Pick<Awaited<ReturnType<typeof runLoad>>, "offered" | "completed">;

const generators: Readonly<Record<string, (host: Host, rate: number, seconds: number) => Promise<Played>>> = {
  "dhcp-load": (host, rate, seconds) => runLoad(host, { rate, seconds, clients: CLIENTS, crowd: family4.large.crowd }),
  perfdhcp: async (host, rate, seconds) => {
    const [first, second] = await runPerfdhcp(host, 4, SERVER, { rate, seconds, clients: CLIENTS });
    return { offered: first!.sent, completed: second!.answered };
  },
};

async function ceilingOf(name: string, host: Host, { seconds }: Effort, say: (line: string) => void): Promise<number> {
  return await searchRate(20_000, async (rate) => {
    const { offered, completed } = await generators[name]!(host, rate, seconds);
    const isPlayed = isSustained({ offered, dropRatio: 1 - completed / offered }, rate, seconds);
    say(`  ${name}, ${rate}/s: ${Math.round(completed / seconds)}/s completed`);
    return isPlayed ? completed / seconds : undefined;
  });
}

/** A lab with a server that answers at once. */
async function startInstantServer(): Promise<{ readonly lab: Lab; readonly clients: Host }> {
  const lab = new Lab();
  const [server, clients] = ["server", "clients"].map((name) => lab.host(name));
  server!.connect("eth0", family4.serverAddress, clients!, "eth0", family4.clientAddresses[0]);
  await server!.start([join(top, "e2e/dist/instant-server")]).waitFor(/ready/);
  return { lab, clients: clients! };
}

export const generatorRow: Row = {
  family: 4,
  name: "generator",
  async measure(effort, say) {
    const { lab, clients } = await startInstantServer();
    await using _ = lab;
    const values: Record<string, number> = {};
    for (const name of Object.keys(generators)) {
      const ceilings: number[] = [];
      for (let i = 0; i < effort.repeats; i++) ceilings.push(await ceilingOf(name, clients, effort, say));
      values[name] = median(ceilings);
    }
    const ratio = values["dhcp-load"]! / values["perfdhcp"]!;
    return [
      {
        measure: "exchanges that can be played, at a server that answers at once",
        unit: "/s",
        values,
        ratio,
        target: "≥ 1.2 × perfdhcp",
        met: ratio >= 1.2,
      },
    ];
  },
};

/** Of a lease in the file. */
const LINE = Buffer.alloc(150, "x");

/** Milliseconds that each of some syncs takes, of a line that was added to a file where the servers have theirs. */
async function timeSyncs(folder: string, seconds: number): Promise<number[]> {
  const file = openSync(join(folder, "synced"), "a");
  const times: number[] = [];
  try {
    for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) {
      const began = performance.now();
      writeSync(file, LINE);
      fdatasyncSync(file);
      times.push(performance.now() - began);
      await delay(1);
    }
  } finally {
    closeSync(file);
  }
  return times;
}

/** Without any server's work: no reply comes sooner, and none that waits for the disk before the disk. */
export const machineRow: Row = {
  family: 4,
  name: "machine",
  async measure({ seconds }) {
    const { lab, clients } = await startInstantServer();
    await using _ = lab;
    const load = { rate: STEADY_RATE, seconds, clients: CLIENTS, crowd: family4.large.crowd };
    const { meanDelay, maxDelay } = await runLoad(clients, load);
    const syncs = await timeSyncs(lab.folder, seconds);
    const row = (measure: string, instant: number, sync: number) => ({
      measure: `${measure} on this machine`,
      unit: "ms",
      values: { "a reply that is there at once": instant, "a sync of the disk": sync },
      ratio: sync / instant,
      target: "none",
      met: true,
    });
    return [
      row("mean delay", meanDelay, syncs.reduce((all, each) => all + each, 0) / syncs.length),
      row("longest delay", maxDelay, Math.max(...syncs)),
    ];
  },
};
