/** Packets that wait for what extensions find out: those that hold up nobody, and those that their batch waits for. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../../base/clock.ts";
import { PacketFacts } from "../../../extensions/packet-facts.ts";
import type { RunningExtension } from "../../../extensions/running-extension.ts";
import { toyMessage, toyPath, Verb } from "../../testing/toy-family.ts";
import { leasesInFile, ToyServer } from "../../testing/toy-server.ts";

const { take, show } = Verb;
/** About the first two something has to be found out. */
const [ALICE, BOB, CAROL] = [11, 12, 13] as const;
const [P, Q, R] = [5, 6, 7] as const;

let server: ToyServer;
/** How often the extension was asked; what it finds out is known when the test says so. */
let loads: { readonly count: number; end(learns?: boolean): Promise<void> }[];
let held: number[];

/** @param isSlow whether other packets do not wait for it */
async function setUp(isSlow: boolean) {
  const clock = new ManualClock();
  server = new ToyServer(await leasesInFile(clock), clock);
  server.parkedLimit = 2;
  loads = [];
  held = [];
  const extension = { name: "e", contributions: { facts: { isSlow } } } as unknown as RunningExtension;
  const { path } = server.pipeline;
  const { decide } = path;
  server.pipeline.path = {
    ...path,
    newFacts: () => new PacketFacts(),
    decide(query, facts) {
      if (query.client !== CAROL) facts.known?.ask(extension, "name");
      return decide(query, facts);
    },
    load: (packets) =>
      new Promise((resolve) => {
        const end = async (learns = true) => {
          if (learns) for (const known of packets) known.learn(extension, new Map());
          resolve();
          await Promise.resolve();
        };
        loads.push({ count: packets.length, end });
      }),
    hold: ({ lease }) => held.push(lease.hwaddr.at(-1)!),
  };
}

const told = () => server.reporter.told;
const sent = () =>
  server.transport.takeSent().map(({ payload: [transaction, client, member] }) => [transaction, client, member]);

describe("a packet that waits for a slow fact", () => {
  beforeEach(() => setUp(true));

  it("holds up no other of its batch, holds what it is to get, and is answered when the fact has come", async () => {
    const replies = await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, CAROL, Q));
    expect(replies).toEqual([`2: ${CAROL} has ${Q} for 100`]);
    expect([told(), held, server.released]).toEqual([["2 answered"], [ALICE], 1]);
    // The memory that it came in is used again.
    await server.serve(toyMessage(show, 3, CAROL, Q), toyMessage(show, 4, CAROL, Q));
    expect(loads.map(({ count }) => count)).toEqual([1]);
    await loads[0]!.end();
    await vi.waitFor(() => expect(told()).toContain("1 answered"));
    expect(sent()).toEqual([[1, ALICE, P]]);
    expect(told().filter((each) => each.startsWith("1 "))).toEqual(["1 answered"]);
  });

  it("is answered once, however often it comes meanwhile, and keeps no other client's from being answered", async () => {
    await server.serve(toyMessage(take, 1, ALICE, P));
    const again = () => server.serve(toyMessage(take, 1, ALICE, P));
    expect(await again()).toEqual([]);
    expect(await server.serve(toyMessage(take, 1, CAROL, Q))).toHaveLength(1);
    expect(await server.serve(toyMessage(take, 2, CAROL, Q))).toHaveLength(1);
    await server.serve(toyMessage(take, 3, ALICE, P));
    expect(loads).toHaveLength(2);
    await loads[0]!.end();
    // It has what it waited for, and its turn has not come yet.
    expect(await again()).toEqual([]);
    await vi.waitFor(() => expect(told().filter((each) => each.startsWith("1 a"))).toHaveLength(2));
    expect(told().filter((each) => each === "1 dropped: duplicate")).toHaveLength(2);
    expect(sent()).toEqual([[1, ALICE, P]]);
    expect(await again()).toEqual([]);
    expect(loads).toHaveLength(3);
  });

  it("gives way as the oldest where too many wait, and its fact comes too late", async () => {
    const message = (transaction: number) => toyMessage(take, transaction, BOB, P);
    await server.serve(message(1), message(2));
    expect(told()).toEqual([]);
    await server.serve(message(3));
    expect(told()).toEqual(["1 dropped: parked-full"]);
    const beginBatch = vi.spyOn(server.reporter, "beginBatch");
    for (const load of loads) await load.end();
    await vi.waitFor(() => expect(told()).toHaveLength(3));
    expect(told().toSorted()).toEqual(["1 dropped: parked-full", "2 answered", "3 answered"]);
    // All that have what they waited for come back together.
    expect(beginBatch).toHaveBeenCalledTimes(1);
    expect(sent()).toHaveLength(2);
    expect(await server.serve(message(1))).toEqual([]);
    expect(loads).toHaveLength(4);
  });

  it("waits again where it lacks something still", async () => {
    await server.serve(toyMessage(take, 1, ALICE, P));
    await loads[0]!.end(false);
    await vi.waitFor(() => expect(loads).toHaveLength(2));
    expect(told()).toEqual([]);
    await loads[1]!.end();
    await vi.waitFor(() => expect(told()).toEqual(["1 answered"]));
  });
});

describe("a packet that waits for a quick fact", () => {
  beforeEach(() => setUp(false));

  it("is waited for by its batch, whose facts are asked for together, and which is decided about again", async () => {
    const served = server.serve(
      toyMessage(take, 1, CAROL, R),
      toyMessage(take, 2, ALICE, P),
      toyMessage(take, 3, BOB, Q),
    );
    await vi.waitFor(() => expect(loads.map(({ count }) => count)).toEqual([2]));
    expect([told(), held]).toEqual([[], []]);
    // Nobody else sees what may be decided otherwise.
    expect(await server.serve(toyMessage(show, 4, CAROL, R))).toEqual([]);
    await loads[0]!.end();
    expect(await served).toEqual([
      `1: ${CAROL} has ${R} for 100`,
      `2: ${ALICE} has ${P} for 100`,
      `3: ${BOB} has ${Q} for 100`,
    ]);
    expect(server.decided).toEqual([1, 2, 3, 4, 1, 2, 3]);
    expect(told().toSorted()).toEqual(["1 answered", "2 answered", "3 answered", "4 dropped: free"]);
  });

  it("is dropped where what it takes to decide keeps changing", async () => {
    const served = server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, CAROL, R));
    for (let tries = 0; tries < 5; tries++) {
      await vi.waitFor(() => expect(loads).toHaveLength(tries + 1));
      await loads[tries]!.end(false);
    }
    expect(await served).toEqual([`2: ${CAROL} has ${R} for 100`]);
    expect(loads).toHaveLength(5);
    expect(told().toSorted()).toEqual([
      "1 dropped: commit-failed",
      "2 answered",
      "commit failed for 1: what it takes to decide kept changing",
    ]);
  });
});

it("no packet is asked about where nobody finds out anything", () => {
  expect([toyPath.newFacts, toyPath.load]).toEqual([undefined, undefined]);
});
