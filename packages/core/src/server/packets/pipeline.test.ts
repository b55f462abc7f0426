import { beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { exceptInjected, FaultInjector } from "../../base/testing/fault-injector.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import { clientOf, ELSEWHERE, type ToyTypes, toyMessage, toyPath, Verb } from "../testing/toy-family.ts";
import { leasesInDatabase, leasesInFile, ToyDatabase, type ToyLeases, ToyServer } from "../testing/toy-server.ts";
import { extendPath } from "./extended-path.ts";
import type { PacketPath, Unsafe } from "./packet-path.ts";

const { take, offer, show, leave } = Verb;
/** One client each. */
const [ALICE, BOB, CAROL] = [11, 12, 13] as const;
/** Members of the pool. */
const [P, Q, R, S] = [5, 6, 7, 8] as const;

let clock: ManualClock;
let leases: ToyLeases;
let server: ToyServer;

const told = () => server.reporter.told;
/** Of each packet once, sorted. */
const attempts = () => server.reporter.attempts.toSorted();

describe.each([
  ["a file", leasesInFile],
  ["a database", async (now: ManualClock) => leasesInDatabase(now)],
])("with leases in %s", (_, open) => {
  beforeEach(async () => {
    clock = new ManualClock();
    leases = await open(clock);
    server = new ToyServer(leases, clock);
  });

  describe("a batch", () => {
    it("is answered in the order of its packets, each of which sees what those before it did", async () => {
      const replies = await server.serve(
        toyMessage(take, 1, ALICE, P),
        toyMessage(take, 2, BOB, P),
        toyMessage(take, 3, BOB, Q),
        toyMessage(leave, 4, ALICE, P),
        toyMessage(take, 5, CAROL, P),
        toyMessage(take, 6, CAROL, R),
        toyMessage(take, 7, CAROL, S),
      );
      expect(replies).toEqual([
        `1: ${ALICE} has ${P} for 100`,
        `3: ${BOB} has ${Q} for 100`,
        `5: ${CAROL} has ${P} for 100`,
        `6: ${CAROL} has ${R} for 100`,
      ]);
      const answered = [1, 3, 4, 5, 6].map((transaction) => `${transaction} answered`);
      expect(told().sort()).toEqual([...answered, "2 dropped: held", "7 dropped: enough"].sort());
      expect([P, Q].map(leases.holderOf)).toEqual([CAROL, BOB]);
      expect(attempts()).toEqual([
        `1 placed, decided, encoded 1 of ${ALICE}`,
        "2 placed",
        `3 placed, decided, encoded 3 of ${BOB}`,
        "4 placed, decided",
        `5 placed, decided, encoded 5 of ${CAROL}`,
        `6 placed, decided, encoded 6 of ${CAROL}`,
        "7 placed",
      ]);
    });

    it("loses only packets that are broken, for others, or from where we do not serve; these last are not counted", async () => {
      const replies = await server.serve(
        { payload: Uint8Array.of(0, 1), ifindex: 1 },
        toyMessage(take, 2, ALICE, ELSEWHERE),
        { ...toyMessage(take, 3, ALICE, P), ifindex: 9 },
        toyMessage(take, 4, ALICE, P),
      );
      expect(replies).toEqual([`4: ${ALICE} has ${P} for 100`]);
      expect(told()).toEqual([
        "undecodable: verb at offset 0: there is none",
        "2 dropped: elsewhere",
        "not served: 9",
        "4 answered",
      ]);
      expect(server.reporter.count).toBe(2);
      expect(attempts()).toEqual(["2", `4 placed, decided, encoded 4 of ${ALICE}`]);
    });

    it("gives its memory back, once, when its replies have left", async () => {
      server.transport.onSent = () => expect(server.released).toBe(0);
      await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(show, 2, BOB, P));
      expect(server.released).toBe(1);
    });

    it("with a reply that cannot be sent says so of that one", async () => {
      await server.serve(toyMessage(take, 1, ALICE, P));
      server.transport.down.add(1);
      await server.serve(toyMessage(leave, 2, ALICE, P), toyMessage(take, 3, BOB, Q));
      expect(told()).toEqual(["1 answered", "2 answered", "3 answered: ENETDOWN"]);
    });

    it("is not served while the service is off", async () => {
      server.isOn = false;
      expect(await server.serve(toyMessage(take, 1, ALICE, P))).toEqual([]);
      expect(told()).toEqual(["1 dropped: service-disabled"]);
    });

    it("does not have those that are for nobody here, at a glance, unless somebody wants to know more of them", async () => {
      const { pipeline, reporter, transport } = server;
      const turns = (verb: number, ifindex = 1) => {
        transport.deliver({ ...toyMessage(take, 1, ALICE, P), payload: Uint8Array.of(verb, 1), ifindex });
        return pipeline.turnsAway(transport.receive(1)!.datagrams[0]!);
      };
      expect(turns(take)).toBe(false);
      const turnsAway: typeof pipeline.path.turnsAway = (datagram) => {
        const type = pipeline.path.glance(datagram);
        if (type === show) throw new Error("planted");
        return type === take ? type : undefined;
      };
      pipeline.path = { ...pipeline.path, turnsAway };
      expect([turns(take), turns(leave), turns(0), turns(take, 9)]).toEqual([true, false, false, false]);
      server.isOn = false;
      expect(turns(take)).toBe(false);
      server.isOn = true;
      reporter.onlyCounts = false;
      expect(turns(take)).toBe(false);
      expect([told(), reporter.count]).toEqual([[`type ${take} turned away: extension-drop`], 1]);
      reporter.onlyCounts = true;
      expect(turns(show)).toBe(true);
      expect(told().at(-1)).toBe("1 met a bug: Error: planted");
    });

    it("keeps the configuration that it began with", async () => {
      const first = server.serve(toyMessage(take, 1, ALICE, P));
      server.pipeline.service = { lifetime: 50 };
      const second = server.serve(toyMessage(take, 2, BOB, Q));
      expect([...(await first), ...(await second)].sort()).toEqual([
        `1: ${ALICE} has ${P} for 100`,
        `2: ${BOB} has ${Q} for 50`,
      ]);
    });
  });

  describe("a message that is being answered", () => {
    it("is not answered again, in its batch or in another one in flight", async () => {
      const message = toyMessage(take, 1, ALICE, P);
      const first = server.serve(message, message);
      const second = server.serve(message);
      expect([...(await first), ...(await second)]).toHaveLength(1);
      expect(told().sort()).toEqual(["1 answered", "1 dropped: duplicate", "1 dropped: duplicate"]);
    });

    it("is answered again after its answer", async () => {
      const message = toyMessage(take, 1, ALICE, P);
      expect(await server.serve(message)).toEqual(await server.serve(message));
    });

    it("is no duplicate of another client's with the same transaction", async () => {
      expect(await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 1, BOB, Q))).toHaveLength(2);
    });
  });

  describe("what others have to have, too,", () => {
    it("keeps no other batch waiting, and is answered once, when they have it", async () => {
      const asked = askOthers();
      const first = server.serve(toyMessage(take, 1, ALICE, P));
      await vi.waitFor(() => expect(server.stored).toBe(1));
      expect(await server.serve(toyMessage(take, 1, ALICE, P))).toEqual([]);
      const second = server.serve(toyMessage(take, 3, BOB, Q));
      await vi.waitFor(() => expect(asked).toHaveLength(2));
      asked[1]!(new Map());
      expect(await second).toEqual([`3: ${BOB} has ${Q} for 100`]);
      expect(server.released).toBe(2);
      asked[0]!(new Map());
      expect(await first).toEqual([`1: ${ALICE} has ${P} for 100`]);
      expect(told().sort()).toEqual(["1 answered", "1 dropped: duplicate", "3 answered"]);
      expect(server.released).toBe(3);
    });

    it("is waited for however many others come and go meanwhile", async () => {
      const asked = askOthers();
      const first = server.serve(toyMessage(take, 1, ALICE, P));
      for (let round = 0; round < 2; round++) {
        const others = Array.from({ length: 200 }, (_, i) => server.serve(toyMessage(take, i, BOB, Q)));
        await vi.waitFor(() => expect(asked).toHaveLength(200 * (round + 1) + 1));
        for (const agree of asked.slice(1)) agree(new Map());
        await Promise.all(others);
      }
      asked[0]!(new Map());
      expect(await first).toHaveLength(1);
    });

    it("is not waited for where it cannot be", async () => {
      askOthers();
      leases.break();
      expect(await server.serve(toyMessage(take, 1, ALICE, P))).toEqual([]);
    });

    it("is no longer waited for where too many batches wait: the oldest gives way", async () => {
      const asked = askOthers();
      const served = Array.from({ length: 257 }, (_, i) =>
        server.serve(i < 200 ? toyMessage(take, i, ALICE, P) : toyMessage(take, i - 200, BOB, Q)),
      );
      await served[0];
      expect(told()).toEqual(["0 dropped: parked-full"]);
      for (const agree of asked) agree(new Map());
      await Promise.all(served);
      expect(told()).toHaveLength(257);
    });
  });

  describe("what is acknowledged is durable", () => {
    it("before its reply leaves", async () => {
      server.transport.onSent = () => expect(leases.holderOf(P)).toBe(ALICE);
      expect(await server.serve(toyMessage(take, 1, ALICE, P))).toHaveLength(1);
    });

    it("and nothing is acknowledged, or changed, where it cannot be", async () => {
      await server.serve(toyMessage(take, 1, BOB, Q));
      leases.break();
      expect(await server.serve(toyMessage(take, 2, ALICE, P), toyMessage(leave, 3, BOB, Q))).toEqual([]);
      expect(told().slice(1, -1).sort()).toEqual(["2 dropped: commit-failed", "3 dropped: commit-failed"]);
      expect(told().at(-1)).toEqual(expect.stringMatching(/^commit failed for 2: /));
      expect(attempts().slice(1)).toEqual([`2 placed, decided, encoded 2 of ${ALICE}`, "3 placed, decided"]);
      leases.mend();
      expect(await server.serve(toyMessage(show, 4, ALICE, P), toyMessage(show, 5, ALICE, Q))).toEqual([
        `5: ${BOB} has ${Q} for 100`,
      ]);
    });

    it("nor is it told of what was seen of a batch that is not to be", async () => {
      leases.break();
      const first = server.serve(toyMessage(take, 1, ALICE, P));
      const second = server.serve(toyMessage(show, 2, BOB, P));
      expect([...(await first), ...(await second)]).toEqual([]);
      expect(leases.holderOf(P)).toBeUndefined();
    });

    it("whatever throws, at every call that is made for a batch, and service goes on", async () => {
      for (const isLate of [false, true]) {
        let turn = 0;
        for (let hasThrown = true; hasThrown; ) {
          const now = new ManualClock();
          const kept = await open(now);
          const faults = new FaultInjector();
          const faulty = new ToyServer(kept, now, faults);
          await faulty.serve(toyMessage(take, 1, BOB, Q));
          const unproven: number[] = [];
          faulty.transport.onSent = ({ payload: [, client, member] }) => {
            if (kept.holderOf(member!) !== client) unproven.push(member!);
          };
          faults.arm(++turn, isLate);
          const messages = [toyMessage(take, 2, ALICE, P), toyMessage(leave, 3, BOB, Q), toyMessage(take, 4, CAROL, R)];
          await faulty.serve(...messages, toyMessage(show, 5, BOB, R)).catch(exceptInjected);
          hasThrown = faults.hasThrown;
          faults.arm(Number.POSITIVE_INFINITY, false);
          faulty.transport.takeSent();
          const later = await faulty.serve(toyMessage(take, 6, ALICE, P), toyMessage(take, 7, CAROL, R));
          expect(later.sort()).toEqual([`6: ${ALICE} has ${P} for 100`, `7: ${CAROL} has ${R} for 100`]);
          expect(unproven).toEqual([]);
        }
        // The calls for four packets, and for their batch.
        expect(turn).toBeGreaterThan(30);
      }
    });
  });

  it("a fault of ours costs the packet that it happens to, though its changes were half made", async () => {
    server.afterChange = ({ lease }) => {
      if (clientOf(lease) === BOB) throw new Error("half made");
    };
    const replies = await server.serve(
      toyMessage(take, 1, ALICE, P),
      toyMessage(take, 2, BOB, Q),
      toyMessage(take, 3, CAROL, R),
    );
    expect(replies).toEqual([`1: ${ALICE} has ${P} for 100`, `3: ${CAROL} has ${R} for 100`]);
    expect([P, Q, R].map(leases.holderOf)).toEqual([ALICE, undefined, CAROL]);
    expect(told().sort()).toEqual(["1 answered", "2 met a bug: Error: half made", "3 answered"]);
    expect(attempts()).toEqual([
      `1 placed, decided, encoded 1 of ${ALICE}`,
      `2 placed, decided, encoded 2 of ${BOB}`,
      `3 placed, decided, encoded 3 of ${CAROL}`,
    ]);
  });

  it.each(["attempted", "answered", "dropped"] as const)(
    "a fault of ours as what was %s is told costs no packet its answer, and is told",
    async (call) => {
      server.reporter[call] = () => {
        throw new Error("no words");
      };
      const replies = await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, P));
      expect(replies).toEqual([`1: ${ALICE} has ${P} for 100`]);
      const isAnswerTold = call === "dropped";
      const isDropTold = call === "answered";
      expect(told().sort()).toEqual([
        isAnswerTold ? "1 answered" : "1 met a bug: Error: no words",
        isDropTold ? "2 dropped: held" : "2 met a bug: Error: no words",
      ]);
    },
  );
});

/** @returns what tells the server what others do not have of the batches that they are asked about, in order */
function askOthers() {
  const asked: ((unsafe: Unsafe<ToyTypes>) => void)[] = [];
  const commit: PacketPath<ToyTypes>["commit"] = (attempts) => {
    if (attempts.length === 0) return undefined;
    return { attempts, unsafe: new Promise((resolve) => asked.push(resolve)), end: () => {} };
  };
  server.pipeline.path = { ...server.pipeline.path, commit };
  return asked;
}

describe("with leases in a database that other servers use", () => {
  let database: ToyDatabase;

  beforeEach(() => {
    clock = new ManualClock();
    database = new ToyDatabase();
    leases = leasesInDatabase(clock, database);
    server = new ToyServer(leases, clock);
  });

  it("what a batch has missed is loaded in one round trip, and its packets are decided about again and told of once", async () => {
    database.give(P, BOB);
    database.give(Q, BOB);
    const replies = await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(show, 2, ALICE, Q));
    expect(replies).toEqual([`2: ${BOB} has ${Q} for ${3600 & 0xff}`]);
    expect(database.loads).toBe(1);
    expect(server.decided).toEqual([1, 2, 1, 2]);
    expect(told().sort()).toEqual(["1 dropped: held", "2 answered"]);
    expect(server.reporter.count).toBe(2);
    expect(attempts()).toEqual(["1 placed", `2 placed, decided, encoded 2 of ${BOB}`]);
  });

  it("packets are dropped when what they have missed cannot be loaded", async () => {
    database.fault = new Error("no database");
    expect(await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, Q))).toEqual([]);
    expect(told()).toEqual([
      "1 dropped: commit-failed",
      "2 dropped: commit-failed",
      "commit failed for 2: no database",
    ]);
    expect(attempts()).toEqual(["1 placed", "2 placed"]);
  });

  it("only those that another server was quicker with are decided about again; the others are answered", async () => {
    database.beforeCommit = () => {
      database.beforeCommit = () => {};
      database.give(P, CAROL);
    };
    const replies = await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, Q));
    expect(replies).toEqual([`2: ${BOB} has ${Q} for 100`]);
    expect(told().sort()).toEqual(["1 dropped: held", "2 answered"]);
    expect(leases.holderOf(P)).toBe(CAROL);
    expect(server.decided.slice(-1)).toEqual([1]);
    expect(attempts()).toEqual(["1 placed", `2 placed, decided, encoded 2 of ${BOB}`]);
  });

  it("those are decided about again at once, while the others wait for who has to have theirs, too", async () => {
    database.beforeCommit = () => {
      database.beforeCommit = () => {};
      database.give(P, ALICE);
    };
    const asked = askOthers();
    const served = server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, Q));
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1]!(new Map());
    await vi.waitFor(() => expect(told()).toEqual(["1 answered"]));
    asked[0]!(new Map());
    expect((await served).toSorted()).toEqual([`1: ${ALICE} has ${P} for 100`, `2: ${BOB} has ${Q} for 100`]);
  });

  it("a packet is given up when another server is quicker each time", async () => {
    let quicker = 0;
    database.beforeCommit = () => {
      quicker++;
      // Back and forth, so that the member may be taken and what was seen there stands no longer.
      const { address } = family4.lease(P);
      if (database.leases.has(address)) database.leases.delete(address);
      else database.leases.set(address, family4.lease(P, { state: LeaseState.reclaimed }, CAROL));
    };
    expect(await server.serve(toyMessage(take, 1, ALICE, P))).toEqual([]);
    expect(told()).toEqual(["1 dropped: commit-failed", expect.stringMatching(/^commit failed for 1: .*quicker/)]);
    expect(quicker).toBe(5);
    expect(attempts()).toEqual([`1 placed, decided, encoded 1 of ${ALICE}`]);
  });

  it("what a client was offered is remembered for a change, which the commit checks, and for nothing else", async () => {
    await server.serve(toyMessage(offer, 1, ALICE, P));
    const { loads } = database;
    expect(await server.serve(toyMessage(take, 2, ALICE, P))).toEqual([`2: ${ALICE} has ${P} for 100`]);
    expect(database.loads).toBe(loads);
    await server.serve(toyMessage(offer, 3, BOB, Q));
    database.give(Q, CAROL);
    expect(await server.serve(toyMessage(show, 4, BOB, Q))).toEqual([`4: ${CAROL} has ${Q} for ${3600 & 0xff}`]);
    expect(attempts()[3]).toBe(`4 placed, decided, encoded 4 of ${CAROL}`);
  });
});

it("without extensions a packet takes the steps of its family, the same object: they cost nothing", () => {
  expect(extendPath(toyPath, [])).toBe(toyPath);
});
