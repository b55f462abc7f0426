/**
 * Looks for the message that costs the server most for its length: keeps the worst it has found, and changes them. What
 * comes of it is bounded, so that nobody can do with a few packets what takes others thousands.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import type { Speech } from "../oracle/speech.ts";
import { Server } from "../subject/server.ts";
import type { Option } from "../wire/message4.ts";
import type { LongMessages } from "./long-messages.ts";
import { LONGEST, type Random, randomFrom } from "./mutate.ts";

/** A piece by its number, and how many of it. */
type Gene = readonly [piece: number, count: number];

interface Recipe {
  readonly type: number;
  readonly genes: readonly Gene[];
}

interface Trial extends Recipe {
  /** Nanoseconds a byte, where a short message counts as a long one: of those each has the cost of a packet. */
  readonly cost: number;
}

/** One message is too quick to be measured. */
const COPIES = 40;
const KEPT = 6;
/** Room for headers, and for what is not an option. */
const ROOM = LONGEST - 300;
/** A byte of a long message may cost so many times what one of a usual message does, its packet included. */
const MOST = 4;
/** Without work for so many milliseconds all is done. */
const QUIET = 10;

function vary({ type, genes }: Recipe, pieces: number, random: Random): Recipe {
  const gene = (): Gene => [random(pieces), 1 + random(300)];
  const at = random(genes.length);
  switch (random(4)) {
    case 0:
      return { type: random(16), genes };
    case 1:
      return { type, genes: [...genes, gene()] };
    case 2:
      return { type, genes: genes.with(at, gene()) };
    default:
      return genes.length > 1 ? { type, genes: genes.toSpliced(at, 1) } : { type, genes: [gene()] };
  }
}

/** As many options of the recipe as one frame holds. */
function optionsOf<S extends Speech>({ genes }: Recipe, { pieces }: LongMessages<S>): Option[] {
  const options: Option[] = [];
  let room = ROOM;
  for (const [piece, count] of genes) {
    for (let wanted = count; wanted > 0; wanted = wanted >> 1) {
      const more = pieces[piece]!.options(wanted);
      const size = more.reduce((sum, [, value]) => sum + 4 + value.length, 0);
      if (size > room) continue;
      room -= size;
      options.push(...more);
      break;
    }
  }
  return options;
}

export async function fuzzCost<S extends Speech>(long: LongMessages<S>, seconds: number, seed: number): Promise<void> {
  const { stage, pieces } = long;
  const random = randomFrom(seed);
  console.log(`DHCPv${stage.family}: seed ${seed}`);
  await using lab = new Lab();
  const hosts = stage.plugIn(lab);
  const options = { family: stage.family, folder: join(lab.folder, "server"), logToFile: true } as const;
  await using server = await Server.start("kotare", hosts.server, { ...stage.config, ...long.config }, options);
  using voice = await stage.open(hosts.clients);
  let xid = 0;

  /** Nanoseconds that the main thread has run. */
  const ran = () => Number(readFileSync(`/proc/${server.program.pid}/schedstat`, "latin1").split(" ")[0]);

  async function quiet(): Promise<number> {
    for (let before = ran(); ; ) {
      await delay(QUIET);
      const now = ran();
      if (now - before < 1e6) return now;
      before = now;
    }
  }

  /** @param least bytes that a message counts for */
  async function costOf(query: S["query"], least: number): Promise<number> {
    const before = await quiet();
    let bytes = 0;
    for (let i = 0; i < COPIES; i++) {
      voice.send(query, ++xid % 0x80_0000, undefined, (payload) => {
        bytes += Math.max(least, payload.length);
        return payload;
      });
    }
    return ((await quiet()) - before) / bytes;
  }

  async function attempt(recipe: Recipe): Promise<Trial> {
    return { ...recipe, cost: await costOf(long.message(recipe.type, optionsOf(recipe, long)), ROOM) };
  }

  // What runs for the first time is compiled first.
  for (let i = 0; i < 20; i++) await costOf(long.usual, 0);
  const usual = await costOf(long.usual, 0);
  const end = performance.now() + 1000 * seconds;
  let kept: readonly Trial[] = [];
  for (const [piece] of pieces.entries()) kept = [...kept, await attempt({ type: random(16), genes: [[piece, 300]] })];
  let tried = kept.length;
  while (performance.now() < end) {
    kept = kept.toSorted((a, b) => b.cost - a.cost).slice(0, KEPT);
    kept = [...kept, await attempt(vary(kept[random(kept.length)]!, pieces.length, random))];
    tried++;
  }
  // A lucky mutation may have met with the garbage collector: the worst have to be it again.
  const again = [];
  for (const each of kept) again.push(await attempt(each));
  const [worst] = again.toSorted((a, b) => b.cost - a.cost) as [Trial];
  const words = worst.genes.map(([piece, count]) => `${count} × ${pieces[piece]!.name}`).join(", ");
  console.log(
    `usual: ${usual.toFixed(0)} ns a byte; worst of ${tried}: ${worst.cost.toFixed(0)}: type ${worst.type}, ${words}`,
  );
  if (worst.cost > MOST * usual) throw new Error(`seed ${seed}: a byte costs more than ${MOST} times what is usual`);
}
