/** The row about who measures: what dhcp-load and perfdhcp play against a server that answers at once. */
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { Lab } from "../lab/lab.ts";
import { runLoad } from "../load/load.ts";
import { runPerfdhcp } from "../load/perfdhcp.ts";
import { top } from "../top.ts";
import { family4 } from "./family4.ts";
import { isSustained, searchRate } from "./peak.ts";
import { type Effort, median, type Row } from "./row.ts";

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

export const generatorRow: Row = {
  family: 4,
  name: "generator",
  async measure(effort, say) {
    await using lab = new Lab();
    const [server, clients] = ["server", "clients"].map((name) => lab.host(name));
    server!.connect("eth0", family4.serverAddress, clients!, "eth0", family4.clientAddresses[0]);
    await server!.start([join(top, "e2e/dist/instant-server")]).waitFor(/ready/);
    const values: Record<string, number> = {};
    for (const name of Object.keys(generators)) {
      const ceilings: number[] = [];
      for (let i = 0; i < effort.repeats; i++) ceilings.push(await ceilingOf(name, clients!, effort, say));
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
