/** Two servers of a pair, whatever becomes of their messages, their clocks and themselves. */
import { runs } from "@kotare/core/base/testing/runs";
import { createRandom } from "@kotare/core/storage/testing/crash-disk";
import fc from "fast-check";
import { it } from "vitest";
import { PairClients4, type Utterance } from "../testing/pair-clients4.ts";
import { TestPair4, type Way, type Which } from "../testing/test-pair4.ts";

/** Few addresses and more clients, so that they get into each other's way. */
const ADDRESSES = ["192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13"];
const CLIENTS = 6;
const LAN = { id: 7, subnet: "192.0.2.0/24" };

const configs = {
  "hot-standby": { "valid-lifetime": 100, subnet4: [{ ...LAN, pools: [{ pool: "192.0.2.10-192.0.2.13" }] }] },
  "load-balancing": {
    "valid-lifetime": 100,
    subnet4: [
      {
        ...LAN,
        pools: [
          { pool: "192.0.2.10-192.0.2.11", "client-class": "HA_server1" },
          { pool: "192.0.2.12-192.0.2.13", "client-class": "HA_server2" },
        ],
      },
    ],
  },
} as const;

const which = fc.constantFrom<Which>(0, 1);

const utterance: fc.Arbitrary<Utterance> = fc.record({
  client: fc.integer({ min: 1, max: CLIENTS }),
  verb: fc.constantFrom<Utterance["verb"]>(
    "discover",
    "renew",
    "renew",
    "rebind",
    "rebind",
    "reboot",
    "release",
    "decline",
  ),
  address: fc.constantFrom(...ADDRESSES),
  unheardBy: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  secs: fc.constantFrom(0, 5),
});

type Step =
  | { readonly do: "say"; readonly utterances: readonly Utterance[] }
  | { readonly do: "wait"; readonly milliseconds: number }
  | { readonly do: "network"; readonly which: Which; readonly way: Way }
  | { readonly do: "kill"; readonly which: Which; readonly isDark: boolean }
  | { readonly do: "start" | "freeze" | "thaw"; readonly which: Which };

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
);

const world = fc.record({
  mode: fc.constantFrom("hot-standby", "load-balancing"),
  seed: fc.integer(),
  unacked: fc.constantFrom(0, 1),
  /** Seconds between the clocks. */
  skew: fc.constantFrom(0, 0, 2, 30, -120, 1000),
  steps: fc.array(step, { minLength: 10, maxLength: 60, size: "max" }),
});

const GOOD: Way = { isCut: false, lost: 0, doubled: 0, late: 5 };
/** Milliseconds until the two are together again once nothing goes wrong any more. */
const PATIENCE = 150_000;

async function play(pair: TestPair4, clients: PairClients4, steps: readonly Step[]): Promise<void> {
  for (const each of steps) {
    switch (each.do) {
      case "say":
        for (const said of each.utterances) clients.say(said);
        break;
      case "wait":
        await pair.time.pass(each.milliseconds);
        break;
      case "network":
        Object.assign(pair.ways[each.which], each.way);
        break;
      case "kill":
        pair.kill(each.which, each.isDark);
        break;
      case "start":
        await pair.start(each.which);
        break;
      case "freeze":
        pair.machines[each.which].process?.freeze();
        break;
      case "thaw":
        pair.machines[each.which].process?.thaw();
    }
    await pair.time.pass(1);
    clients.judge();
  }
}

async function recover(pair: TestPair4): Promise<void> {
  for (const which of [0, 1] as const) {
    Object.assign(pair.ways[which], GOOD);
    pair.machines[which].process?.thaw();
    await pair.start(which);
  }
}

it("an address is one client's, a lease is at both, and they find together again", { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(world, async ({ mode, seed, unacked, skew, steps }) => {
    using pair = new TestPair4({
      mode,
      config: configs[mode],
      relationship: { "max-unacked-clients": unacked },
      random: createRandom(seed),
    });
    const clients = new PairClients4(pair);
    pair.machines[1].clock.jump(skew);
    for (const which of [0, 1] as const) await pair.start(which);
    await pair.time.pass(5000);
    await play(pair, clients, steps);
    await recover(pair);
    const isTogether = () => [0, 1].every((which) => pair.stateOf(which as Which) === mode);
    const { now } = pair.time;
    while (!isTogether() && pair.time.now < now + PATIENCE) await pair.time.pass(1000);
    clients.judge();
    if (!isTogether()) throw new Error(`they are ${pair.stateOf(0)} and ${pair.stateOf(1)} for ever`);
  });
  await fc.assert(property, { numRuns: runs(10), endOnFailure: true });
});
