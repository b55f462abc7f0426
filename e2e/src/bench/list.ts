/** The row about a list of all leases: how long it takes, what it costs, and what packets have of it meanwhile. */
import { join } from "node:path";
import { delay } from "../lab/program.ts";
import type { Server } from "../subject/server.ts";
import { Bed, formatDelays, kea, kotare } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { firstOf, writeLeases } from "./lease-files.ts";
import { warmUp } from "./peak.ts";
import { readAnswer } from "./read-answer.ts";
import { median, type Row } from "./row.ts";

const RATE = 500;

interface Listing {
  readonly seconds: number;
  readonly bytes: number;
  /** Whether it came to its end. */
  readonly isWhole: boolean;
  /** MiB more than before, at the most. */
  readonly memory: number;
}

async function list(server: Server, socket: string, command: string): Promise<Listing> {
  const before = server.usage().memory;
  let most = before;
  const sampler = setInterval(() => {
    most = Math.max(most, server.usage().memory);
  }, 20);
  const { seconds, bytes, tail } = await readAnswer(socket, command);
  clearInterval(sampler);
  return { seconds, bytes, isWhole: tail.includes("lease(s) found."), memory: (most - before) / 2 ** 20 };
}

export function listRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "list",
    async measure(effort, say) {
      const seconds: Record<string, number> = {};
      const memory: Record<string, number> = {};
      const delays: Record<string, number> = {};
      let isDone = true;
      for (const variant of [kotare, kea]) {
        await using bed = new Bed(family);
        const folder = bed.newFolder();
        const socket = join(folder, "socket");
        writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, effort.leases));
        const config = {
          ...variant.config,
          "control-socket": { "socket-type": "unix", "socket-name": socket },
          "hooks-libraries": [{ library: "libdhcp_lease_cmds.so" }],
        };
        const server = await bed.start({ ...variant, config }, [family.large.subnet], { folder });
        await warmUp(bed, effort);
        await delay(2000);
        const quiet = await bed.watchedLoad({ rate: RATE, seconds: effort.seconds });
        const longest: number[] = [];
        // Kea takes a minute to say nothing: once is enough.
        for (let i = 0; i < (variant === kotare ? effort.repeats : 1); i++) {
          // Longer than any list takes.
          const load = bed.watchedLoad({ rate: RATE, seconds: 2 * effort.seconds + 6 });
          await delay(1000);
          const listing = await list(server, socket, `lease${family.family}-get-all`);
          const result = await load;
          longest.push(result.longest);
          seconds[variant.name] = Math.max(listing.seconds, seconds[variant.name] ?? 0);
          memory[variant.name] = Math.max(listing.memory, memory[variant.name] ?? 0);
          if (variant === kotare) isDone &&= listing.isWhole && result.completed === result.offered;
          say(
            `${variant.name}: ${listing.isWhole ? "whole" : "NOT WHOLE"} after ${listing.seconds.toFixed(1)} s, ` +
              `${Math.round(listing.bytes / 1e6)} MB, ${Math.round(listing.memory)} MiB more memory; of ` +
              `${result.offered} exchanges ${result.offered - result.completed} lost, longest delay ` +
              `${formatDelays(result)}; without a list ${formatDelays(quiet)}`,
          );
        }
        delays[variant.name] = median(longest);
      }
      const what = `list of ${effort.leases} leases at ${RATE}/s`;
      const ratio = (values: Record<string, number>) => values[kotare.name]! / values[kea.name]!;
      const row = (measure: string, unit: string, values: Record<string, number>, target: number) => ({
        measure: `${what}: ${measure}`,
        unit,
        values,
        ratio: ratio(values),
        target: `≤ ${target} ${unit}`,
        met: isDone && values[kotare.name]! <= target,
      });
      return [
        row("time", "s", seconds, 20),
        row("more memory", "MiB", memory, 50),
        row("longest delay of a reply", "ms", delays, 10),
      ];
    },
  };
}
