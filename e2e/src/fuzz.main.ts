/**
 * fuzz [--family 4|6] [--seconds N] [--seed N] [--cost]: sends our daemons, at their highest log level, mutations of what
 * clients and relays send. Nothing but answers and counted drops may come of it: after every burst a well-behaved client
 * must be served, the log may show no error of ours, the main loop is not held for long, and memory stays where it was.
 * With `--cost` it looks for the message that costs most for its length. Runs inside e2e/bin/in-lab.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzzCost } from "./fuzz/cost.ts";
import type { FuzzTarget } from "./fuzz/fuzz-target.ts";
import { longMessages4 } from "./fuzz/long-messages4.ts";
import { longMessages6 } from "./fuzz/long-messages6.ts";
import { mutate, randomFrom } from "./fuzz/mutate.ts";
import { target4 } from "./fuzz/target4.ts";
import { target6 } from "./fuzz/target6.ts";
import { Lab } from "./lab/lab.ts";
import type { Speech, Voice } from "./oracle/speech.ts";
import { Server } from "./subject/server.ts";

const { values: flags } = parseArgs({
  options: {
    family: { type: "string" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    cost: { type: "boolean", default: false },
  },
});

const OUR_FAULT = /UNEXPECTED|PROCESS_EXCEPTION|TypeError|RangeError|ReferenceError|SyntaxError/;
const BURST = 200;
const MAX_GROWTH = 128 * 2 ** 20;
/** Milliseconds: ten times what is seen on a quiet machine. */
const MAX_STALL = 250;
/** Milliseconds, for an answer and for a client to be served. */
const RETRY = 250;
const PATIENCE = 10_000;

/** Transactions of the well-behaved client; those of the others are their number in the run. */
let lastXid = 0x80_0000;

/** Sends again until it is answered, as every client does. */
async function insist<S extends Speech>(
  voice: Voice<S>,
  query: S["query"],
  isAnswer: (message: S["message"]) => boolean,
): Promise<S["message"]> {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const xid = ++lastXid;
    voice.send(query, xid);
    // Answers to others may stand before ours.
    for (const patience = performance.now() + RETRY; performance.now() < patience; ) {
      const answer = await voice.next(patience - performance.now());
      if (answer?.message.xid === xid && isAnswer(answer.message)) return answer.message;
    }
  }
  throw new Error(`a client was not served within ${PATIENCE} ms`);
}

/** Milliseconds that packets had to wait; 0 for any other line. */
function stallIn(line: string): number {
  return Number(/DAEMON_STALLED .*held for (\d+) ms/.exec(line)?.[1] ?? 0);
}

async function fuzz<S extends Speech>({ stage, config, corpus, header, getServed }: FuzzTarget<S>): Promise<void> {
  const seed = Number(flags.seed);
  const random = randomFrom(seed);
  console.log(`DHCPv${stage.family}: seed ${seed}`);
  await using lab = new Lab();
  const hosts = stage.plugIn(lab);
  const options = { family: stage.family, folder: join(lab.folder, "server"), severity: "DEBUG" } as const;
  await using server = await Server.start("kotare", hosts.server, { ...stage.config, ...config }, options);
  using voice = await stage.open(hosts.clients);
  const end = performance.now() + 1000 * Number(flags.seconds);
  let sent = 0;
  let settled: number | undefined;
  let longestStall = 0;
  while (performance.now() < end) {
    for (let i = 0; i < BURST; i++, sent++) {
      const [message, route] = corpus[random(corpus.length)]!;
      voice.send(message, sent % 0x80_0000, route, (payload) => mutate(payload, header, random));
    }
    await getServed((query, isAnswer) => insist(voice, query, isAnswer));
    const fault = server.program.lines.find((line) => OUR_FAULT.test(line));
    if (fault !== undefined) throw new Error(`seed ${seed}, within packet ${sent - BURST} to ${sent}: ${fault}`);
    const { memory } = server.usage();
    // The first bursts fill caches and compile code.
    if (sent === 20 * BURST) settled = memory;
    if (settled !== undefined && memory > settled + MAX_GROWTH)
      throw new Error(`memory grew from ${settled} to ${memory} bytes`);
    for (const line of server.program.lines) longestStall = Math.max(longestStall, stallIn(line));
    if (longestStall > MAX_STALL) throw new Error(`seed ${seed}: the main loop was held for ${longestStall} ms`);
    // The log has been looked at; it need not be kept.
    server.program.lines.length = 0;
  }
  console.log(`${sent} mutated packets: the server is well, its main loop was held for ${longestStall} ms at the most`);
}

const [seconds, seed] = [Number(flags.seconds), Number(flags.seed)];
if (flags.family !== "6") await (flags.cost ? fuzzCost(longMessages4, seconds, seed) : fuzz(target4));
if (flags.family !== "4") await (flags.cost ? fuzzCost(longMessages6, seconds, seed) : fuzz(target6));
