/**
 * Random histories of a server: batches of messages that may overlap, reloads, a disk that breaks, time that passes, and
 * faults of ours.
 */

import { exceptInjected, type FaultInjector } from "@kotare/core/base/testing/fault-injector";
import { runs } from "@kotare/core/base/testing/runs";
import fc from "fast-check";

/** @typeParam Utterance what a client says */
type Step<Utterance> =
  | { readonly do: "batch"; readonly utterances: readonly Utterance[]; readonly isAwaited: boolean }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "reload"; readonly config: number }
  | { readonly do: "fault"; readonly turn: number; readonly isLate: boolean }
  | { readonly do: "break" | "mend" | "reclaim" | "forget" | "turn" };

/** The server to which it happens. */
interface HistoryServer {
  readonly clock: { advance(seconds: number): void };
  breakDisk(): void;
  mendDisk(): void;
  upkeep(): { reclaim(): Promise<unknown>; forget(): Promise<unknown> };
}

/** Clients around a server, and what must be true of them. */
export interface HistoryWorld<Utterance> {
  readonly server: HistoryServer;
  /** Absent where there are no faults of ours to be. */
  readonly faults?: FaultInjector | undefined;
  /** Has these said at once. */
  serve(utterances: readonly Utterance[]): Promise<unknown>;
  reload(config: number): void;
  /** Throws when something is wrong with what came out. */
  judge(): void;
}

const MOST_STEPS = 40;
/** Of the event loop, until all is written. */
const LAST_TURNS = 10;
/** About as many as a batch of four packets makes. */
const MOST_CALLS = 90;
const RUNS = runs(40);
/** Milliseconds that all runs may take. */
export const HISTORIES_TIME = Math.max(60_000, RUNS * 500);

/** @param configs how many configurations a reload may bring */
export async function checkHistories<Utterance>(
  utterance: fc.Arbitrary<Utterance>,
  configs: number,
  create: () => Promise<HistoryWorld<Utterance>>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(stepOf(utterance, configs), { maxLength: MOST_STEPS }), async (steps) => {
      const world = await create();
      await live(world, steps);
      world.judge();
    }),
    { numRuns: RUNS },
  );
}

function stepOf<Utterance>(utterance: fc.Arbitrary<Utterance>, configs: number): fc.Arbitrary<Step<Utterance>> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constant("batch" as const),
        utterances: fc.array(utterance, { minLength: 1, maxLength: 4 }),
        isAwaited: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 70 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reload" as const), config: fc.nat(configs - 1) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("fault" as const),
        turn: fc.integer({ min: 1, max: MOST_CALLS }),
        isLate: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom<Step<Utterance>>(
        { do: "break" },
        { do: "mend" },
        { do: "mend" },
        { do: "reclaim" },
        { do: "forget" },
        { do: "turn" },
      ),
    },
  );
}

async function live<Utterance>(world: HistoryWorld<Utterance>, steps: readonly Step<Utterance>[]): Promise<void> {
  const { server } = world;
  const pending: Promise<unknown>[] = [];
  let isBroken = false;
  for (const step of steps) {
    switch (step.do) {
      case "batch": {
        const served = world.serve(step.utterances).catch(exceptInjected);
        if (step.isAwaited) await served;
        else pending.push(served);
        break;
      }
      case "wait":
        server.clock.advance(step.seconds);
        break;
      case "reload":
        world.reload(step.config);
        break;
      case "fault":
        world.faults?.arm(step.turn, step.isLate);
        break;
      case "break":
        isBroken = true;
        server.breakDisk();
        break;
      case "mend":
        if (isBroken) server.mendDisk();
        isBroken = false;
        break;
      case "reclaim":
        pending.push(server.upkeep().reclaim());
        break;
      case "forget":
        pending.push(server.upkeep().forget());
        break;
      case "turn":
        await new Promise(setImmediate);
        break;
    }
  }
  server.mendDisk();
  await Promise.all(pending);
  // A commit may be on its way though a fault has hidden it from who waits for it.
  for (let turns = 0; turns < LAST_TURNS; turns++) await new Promise(setImmediate);
}

/**
 * Clients that say nothing more before they know what has become of their last word. With a database others need not be
 * judged: what comes at once may be decided in any order, and only what a batch ends with leaves rows.
 */
export class PatientClients {
  readonly #waiting = new Set<number>();

  async serve<Utterance extends { readonly client: number }>(
    utterances: readonly Utterance[],
    serve: (utterances: readonly Utterance[]) => Promise<unknown>,
  ): Promise<void> {
    const last = new Map(utterances.map((each) => [each.client, each]));
    for (const client of this.#waiting) last.delete(client);
    if (last.size === 0) return;
    for (const client of last.keys()) this.#waiting.add(client);
    try {
      await serve([...last.values()]);
    } finally {
      for (const client of last.keys()) this.#waiting.delete(client);
    }
  }
}
