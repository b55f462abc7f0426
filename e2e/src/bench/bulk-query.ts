/** The row about bulk leasequery: how long all leases take, what they cost, and what packets have of it meanwhile. */

import { connect } from "node:net";
import { buildMessage4 } from "@kotare/testkit/build-message4";
import { u32 } from "@kotare/testkit/payloads";
import { frame } from "@kotare/testkit/query-connection";
import { run } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import { formatTurns, UNDER_TURNS, watchTurns } from "../load/watch-turns.ts";
import type { Server } from "../subject/server.ts";
import { ipv6Bytes } from "../wire/ipv6-text.ts";
import { encodeMessage6, encodeOptions6 } from "../wire/message6.ts";
import { Bed, formatDelays, kotare } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { heldRow } from "./held.ts";
import { firstOf, writeLeases } from "./lease-files.ts";
import { warmUp } from "./peak.ts";
import { median, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

/** Where the requester is, and the server for it; no other network has them. */
const ENDS = {
  4: { server: "198.18.77.1", requester: "198.18.77.2", length: 24, port: 67 },
  6: { server: "2001:db8:7777::1", requester: "2001:db8:7777::2", length: 64, port: 547 },
};

/** Milliseconds that a packet may wait because of a query. */
const MOST_WAITED = 10;

interface Telling {
  readonly seconds: number;
  readonly messages: number;
  readonly bytes: number;
  /** MiB more than before, at the most. */
  readonly memory: number;
}

/** All leases of DHCPv4; in DHCPv6 those of a link. */
function queryOf({ family, large }: BenchFamily): Uint8Array {
  // With a start time, as there are addresses that were never leased.
  if (family === 4) return buildMessage4({ type: 14, chaddr: "", htype: 0, options: [[154, u32(0)]] });
  const link = Buffer.concat([
    Buffer.of(4),
    ipv6Bytes(String(large.subnet["subnet"]).split("/")[0]!),
    encodeOptions6([]),
  ]);
  return encodeMessage6({
    relays: [],
    type: 14,
    xid: 7,
    options: [
      [1, Buffer.of(0, 2, 0, 0, 0, 9, 7)],
      [44, link],
    ],
  });
}

/** Cuts what comes into messages, in memory that is used again: who reads must not take the processors from whom is measured. */
class Answer {
  messages = 0;
  bytes = 0;
  readonly #family: 4 | 6;
  readonly #room = Buffer.alloc(4 * PIECE);
  #end = 0;

  constructor(family: 4 | 6) {
    this.#family = family;
  }

  /** @returns whether that was the end of it */
  take(piece: Uint8Array): boolean {
    this.#room.set(piece, this.#end);
    this.#end += piece.length;
    this.bytes += piece.length;
    let at = 0;
    for (let next = this.#after(at); next <= this.#end; next = this.#after(at)) {
      if (this.#room[at + 2 + TYPE_AT[this.#family]] === DONE[this.#family]) return true;
      this.messages += 1;
      at = next;
    }
    this.#room.copyWithin(0, at, this.#end);
    this.#end -= at;
    return false;
  }

  /** Where the message ends that begins there. */
  #after(at: number): number {
    return at + 2 + (at + 2 > this.#end ? this.#room.length : this.#room.readUInt16BE(at));
  }
}

const PIECE = 0x10000;
/** Where a message has its type, as these servers write it, and that of the last one. */
const TYPE_AT = { 4: 242, 6: 0 } as const;
const DONE = { 4: 15, 6: 16 } as const;

async function tellAll(server: Server, family: BenchFamily): Promise<Telling> {
  const { server: host, requester, port } = ENDS[family.family];
  const before = server.usage().memory;
  let most = before;
  const sampler = setInterval(() => {
    most = Math.max(most, server.usage().memory);
  }, 20);
  const answer = new Answer(family.family);
  const began = performance.now();
  try {
    await new Promise<void>((resolve, reject) => {
      const callback = (length: number, buffer: Uint8Array) => {
        if (answer.take(buffer.subarray(0, length))) {
          resolve();
          socket.destroy();
        }
        return true;
      };
      const onread = { buffer: Buffer.alloc(PIECE), callback };
      const socket = connect({ host, port, localAddress: requester, onread });
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the server has closed the connection before the end")));
      socket.write(frame(queryOf(family)));
    });
  } finally {
    clearInterval(sampler);
  }
  const { messages, bytes } = answer;
  return { seconds: (performance.now() - began) / 1000, messages, bytes, memory: (most - before) / 2 ** 20 };
}

export function bulkQueryRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "bulk-query",
    async measure(effort, say) {
      const { server: own, requester, length } = ENDS[family.family];
      await using bed = new Bed(family);
      const network = bed.lab.network();
      run(
        "ip",
        "address",
        "add",
        `${requester}/${length}`,
        "dev",
        network.bridge,
        ...(family.family === 6 ? ["nodad"] : []),
      );
      bed.server.attach(network, "eth1", `${own}/${length}`);
      const folder = bed.newFolder();
      writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, effort.leases));
      const advanced = { "bulk-query-enabled": true, "lease-query-ip": own };
      const library = { library: "libdhcp_lease_query.so", parameters: { requesters: [requester], advanced } };
      const variant = { ...kotare, config: { "hooks-libraries": [library] } };
      const server = await bed.start(variant, [family.large.subnet], { folder, under: UNDER_TURNS });
      await warmUp(bed, effort);
      await delay(2000);
      const quietTurns = watchTurns(server);
      const quiet = await bed.watchedLoad({ rate: STEADY_RATE, seconds: effort.seconds });
      const without = `${formatDelays(quiet)}, ${formatTurns(quietTurns(), MOST_WAITED)}`;
      const [seconds, memory, delays, held]: [number[], number[], number[], number[]] = [[], [], [], []];
      let isWhole = true;
      for (let i = 0; i < effort.repeats; i++) {
        // Longer than it takes.
        const load = bed.watchedLoad({ rate: STEADY_RATE, seconds: Math.ceil(effort.leases / 33_000) + 4 });
        await delay(1000);
        const turns = watchTurns(server);
        const telling = await tellAll(server, family);
        const result = await load;
        isWhole &&= telling.messages >= effort.leases && result.completed === result.offered;
        seconds.push(telling.seconds);
        memory.push(telling.memory);
        delays.push(result.longest);
        const long = turns();
        held.push(...long);
        say(
          `${telling.messages} leases, ${Math.round(telling.bytes / 1e6)} MB after ${telling.seconds.toFixed(1)} s, ` +
            `${Math.round(telling.memory)} MiB more memory; of ${result.offered} exchanges ` +
            `${result.offered - result.completed} lost, longest delay ${formatDelays(result)}, ` +
            `${formatTurns(long, MOST_WAITED)}; in ${effort.seconds} s without a query ${without}`,
        );
      }
      const meanwhile = `leasequery for ${effort.leases} leases at ${STEADY_RATE}/s`;
      const row = (measure: string, unit: string, values: readonly number[], target: number) => ({
        measure: `${meanwhile}: ${measure}`,
        unit,
        values: { kotare: median(values) },
        ratio: median(values) / target,
        target: `≤ ${target} ${unit}`,
        met: isWhole && median(values) <= target,
      });
      return [
        row("time", "s", seconds, 30),
        row("more memory", "MiB", memory, 50),
        row("longest delay of a reply", "ms", delays, MOST_WAITED),
        heldRow(`beside a ${meanwhile}`, held, MOST_WAITED),
      ];
    },
  };
}
