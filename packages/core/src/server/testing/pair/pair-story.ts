/** What may become of two servers of a pair and their network, and what holds all the same. */
import fc from "fast-check";
import { createRandom } from "../../../storage/testing/crash-disk.ts";
import type { PairOptions, TestPair, Way, Which } from "./test-pair.ts";

/** What a client says. Who has nothing begins anew, whatever the verb. */
export interface Utterance {
  /** From 1. */
  readonly client: number;
  /** `reboot` is also for whoever remembers something. */
  readonly verb: "discover" | "renew" | "rebind" | "reboot" | "release" | "decline";
  /** Wanted by a client that has none: one of the few addresses. */
  readonly wanted: number;
  /** The server that does not hear it. */
  readonly unheardBy?: Which | undefined;
  readonly secs: number;
}

/** The clients. */
interface Clients {
  say(utterance: Utterance): void;
  /** Throws when something is not as it must be. */
  judge(): void;
}

/** Few addresses and more clients, so that they get into each other's way. */
const ADDRESSES = 4;
const CLIENTS = 6;

const which = fc.constantFrom<Which>(0, 1);
const VERBS = ["discover", "renew", "renew", "rebind", "rebind", "reboot", "release", "decline"] as const;

const utterance: fc.Arbitrary<Utterance> = fc.record({
  client: fc.integer({ min: 1, max: CLIENTS }),
  verb: fc.constantFrom(...VERBS),
  wanted: fc.nat(ADDRESSES - 1),
  unheardBy: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  secs: fc.constantFrom(0, 5),
});

type Step =
  | { readonly do: "say"; readonly utterances: readonly Utterance[] }
  | { readonly do: "wait"; readonly milliseconds: number }
  | { readonly do: "network"; readonly which: Which; readonly way: Way }
  | { readonly do: "kill"; readonly which: Which; readonly isDark: boolean }
  | { readonly do: "start" | "freeze" | "thaw"; readonly which: Which }
  | { readonly do: "tell"; readonly which: Which; readonly command: (typeof COMMANDS)[number] };

/** An administrator's; that of scopes has the two serve the same clients, if that is what it says. */
const COMMANDS = ["ha-maintenance-start", "ha-maintenance-cancel", "ha-reset", "ha-sync"] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      utterances: fc.array(utterance, { minLength: 1, maxLength: 4, size: "max" }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      milliseconds: fc.oneof(fc.nat(20), fc.nat(5000), fc.nat(60_000)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("network" as const),
      which,
      way: fc.record({
        isCut: fc.boolean(),
        lost: fc.constantFrom(0, 0, 30),
        doubled: fc.constantFrom(0, 30),
        late: fc.constantFrom(0, 5, 500, 15_000),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), which, isDark: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("start", "start", "freeze", "thaw"), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("tell" as const), which, command: fc.constantFrom(...COMMANDS) }),
  },
);

/** What happens to a pair, from its start on. */
export interface Story {
  readonly mode: PairOptions<never>["mode"];
  readonly seed: number;
  readonly unacked: number;
  /** Changes that are kept while the link is cut, in load-balancing. */
  readonly delayed: number;
  /** Of a lease's time, in which it is given from the cache. */
  readonly cached: number;
  /** Seconds between the clocks. */
  readonly skew: number;
  readonly steps: readonly Step[];
}

export const stories: fc.Arbitrary<Story> = fc.record({
  mode: fc.constantFrom("hot-standby", "load-balancing"),
  seed: fc.integer(),
  unacked: fc.constantFrom(0, 1),
  delayed: fc.constantFrom(0, 2, 100),
  cached: fc.constantFrom(0, 0.25, 0.8),
  skew: fc.constantFrom(0, 0, 2, 30, -120, 1000),
  steps: fc.array(step, { minLength: 10, maxLength: 60, size: "max" }),
});

const GOOD: Way = { isCut: false, lost: 0, doubled: 0, late: 5 };
/** Milliseconds until the two are together again once nothing goes wrong any more. */
const PATIENCE = 150_000;

/** Of either family. */
interface Players extends Pick<TestPair<never, never>, "kill" | "start" | "stateOf" | "tell" | "time" | "ways"> {
  readonly machines: readonly [Player, Player];
}

interface Player {
  readonly clock: { jump(seconds: number): void };
  readonly process: { freeze(): void; thaw(): void } | undefined;
}

/** @param config without a cache @returns what a pair is made with */
export function pairOptions<Text extends object>(
  { mode, seed, unacked, delayed, cached }: Story,
  config: Text,
): PairOptions<Text> {
  return {
    mode,
    config: { ...config, "cache-threshold": cached },
    relationship: {
      "max-unacked-clients": unacked,
      ...(mode === "load-balancing" && { "delayed-updates-limit": delayed }),
    },
    random: createRandom(seed),
  };
}

/** Rejects when something is not as it must be: an address is one client's, a lease is at both, and they find together again. */
export async function playStory(pair: Players, clients: Clients, { mode, skew, steps }: Story): Promise<void> {
  pair.machines[1].clock.jump(skew);
  for (const which of [0, 1] as const) await pair.start(which);
  await pair.time.pass(5000);
  for (const each of steps) {
    await take(pair, clients, each);
    await pair.time.pass(1);
    clients.judge();
  }
  await recover(pair);
  const isTogether = () => ([0, 1] as const).every((one) => pair.stateOf(one) === mode);
  const { now } = pair.time;
  while (!isTogether() && pair.time.now < now + PATIENCE) {
    endMaintenance(pair);
    await pair.time.pass(1000);
  }
  clients.judge();
  if (!isTogether()) throw new Error(`they are ${pair.stateOf(0)} and ${pair.stateOf(1)} for ever`);
}

/** It ends when somebody says so. */
function endMaintenance(pair: Players): void {
  const isMaintained = ([0, 1] as const).some((which) => pair.stateOf(which) === "partner-in-maintenance");
  for (const which of [0, 1] as const) {
    if (isMaintained) pair.tell(which, "ha-maintenance-cancel");
    else if (pair.stateOf(which) === "in-maintenance") pair.tell(which, "ha-reset");
  }
}

async function take(pair: Players, clients: Clients, step: Step): Promise<void> {
  switch (step.do) {
    case "say":
      for (const said of step.utterances) clients.say(said);
      break;
    case "wait":
      await pair.time.pass(step.milliseconds);
      break;
    case "network":
      Object.assign(pair.ways[step.which], step.way);
      break;
    case "kill":
      pair.kill(step.which, step.isDark);
      break;
    case "start":
      await pair.start(step.which);
      break;
    case "freeze":
      pair.machines[step.which].process?.freeze();
      break;
    case "thaw":
      pair.machines[step.which].process?.thaw();
      break;
    case "tell":
      pair.tell(step.which, step.command);
  }
}

async function recover(pair: Players): Promise<void> {
  for (const which of [0, 1] as const) {
    Object.assign(pair.ways[which], GOOD);
    pair.machines[which].process?.thaw();
    await pair.start(which);
  }
}
