/** What a batch's packets lack of reservations, and what becomes of them where others are to have their changes, too. */
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { PacketFacts } from "../../extensions/packet-facts.ts";
import type { RunningExtension } from "../../extensions/running-extension.ts";
import { configuredHosts } from "../../hosts/database/host-view.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import { ELSEWHERE, type ToyTypes, toyMessage, Verb } from "../testing/toy-family.ts";
import { leasesInDatabase, leasesInFile, ToyDatabase, ToyServer } from "../testing/toy-server.ts";
import type { Attempted } from "./packet-path.ts";

const { take, offer, show } = Verb;
const [ALICE, BOB, CAROL] = [11, 12, 13] as const;
const [P, Q, R] = [5, 6, 7] as const;

let server: ToyServer;
let database: ToyDatabase;
const told = () => server.reporter.told.toSorted();

beforeEach(() => {
  database = new ToyDatabase();
  const clock = new ManualClock();
  server = new ToyServer(leasesInDatabase(clock, database), clock);
});

describe("reservations in a database", () => {
  /** Reservations that have to be loaded, unless they are remembered, and what is asked of them. */
  function lackHosts(remembers = false) {
    const hosts = { ...configuredHosts, missed: 0, recalled: 0, loads: 0, isLoaded: false, settled: [] as boolean[] };
    let mayRecall = false;
    const begin = (isAllowed: boolean) => {
      mayRecall = isAllowed;
    };
    const load = async () => {
      hosts.loads++;
      hosts.isLoaded = true;
    };
    const asked = Object.assign(hosts, { begin, load, settle: (isTaken: boolean) => void hosts.settled.push(isTaken) });
    server.hosts = asked;
    const { path } = server.pipeline;
    server.pipeline.path = {
      ...path,
      place(message, ingress, facts) {
        if (!hosts.isLoaded && remembers && mayRecall) hosts.recalled++;
        else if (!hosts.isLoaded) hosts.missed++;
        return path.place(message, ingress, facts);
      },
    };
    return asked;
  }

  it("are loaded with the leases, in one round trip, and nothing is answered before", async () => {
    const hosts = lackHosts();
    expect(await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, Q))).toEqual([
      `1: ${ALICE} has ${P} for 100`,
      `2: ${BOB} has ${Q} for 100`,
    ]);
    expect([hosts.loads, database.loads]).toEqual([1, 1]);
    expect(server.decided).toEqual([1, 2, 1, 2]);
    expect(hosts.settled).toEqual([true, true]);
    expect(told()).toEqual(["1 answered", "2 answered"]);
  });

  it("that are missed have a batch of a file decided about anew", async () => {
    const clock = new ManualClock();
    server = new ToyServer(await leasesInFile(clock), clock);
    const hosts = lackHosts();
    expect(await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(offer, 2, BOB, Q))).toHaveLength(2);
    expect(hosts.loads).toBe(1);
    expect(hosts.settled).toEqual([true, false]);
  });

  it("that cannot be loaded cost the packets that lack them", async () => {
    const hosts = lackHosts();
    hosts.load = () => Promise.reject(new Error("no reservations"));
    expect(await server.serve(toyMessage(take, 1, ALICE, P))).toEqual([]);
    expect(told()).toEqual(["1 dropped: commit-failed", "commit failed for 1: no reservations"]);
  });

  it("that are remembered are enough for who takes what it was offered, and not for an offer or a refusal", async () => {
    await server.serve(toyMessage(offer, 1, ALICE, P));
    const hosts = lackHosts(true);
    expect(await server.serve(toyMessage(take, 2, ALICE, P))).toEqual([`2: ${ALICE} has ${P} for 100`]);
    expect(hosts.loads).toBe(0);
    expect(await server.serve(toyMessage(offer, 3, BOB, Q))).toHaveLength(1);
    expect(hosts.loads).toBe(1);
    hosts.isLoaded = false;
    expect(await server.serve(toyMessage(take, 4, CAROL, P))).toEqual([]);
    expect(hosts.loads).toBe(2);
  });

  it("that are remembered decide about no offer and no refusal, where leases are in a file", async () => {
    const clock = new ManualClock();
    server = new ToyServer(await leasesInFile(clock), clock);
    await server.serve(toyMessage(take, 1, ALICE, P));
    for (const [message, replies, loads] of [
      [toyMessage(show, 2, ALICE, P), 1, 0],
      [toyMessage(take, 3, CAROL, P), 0, 1],
      [toyMessage(offer, 4, BOB, Q), 1, 1],
      [toyMessage(take, 5, BOB, Q), 1, 0],
    ] as const) {
      const hosts = lackHosts(true);
      expect(await server.serve(message)).toHaveLength(replies);
      expect(hosts.loads).toBe(loads);
    }
    expect(told()).toEqual(["1 answered", "2 answered", "3 dropped: held", "4 answered", "5 answered"]);
  });

  it("that are missed are loaded before extensions are asked: the answer is going to be another", async () => {
    lackHosts();
    const { path } = server.pipeline;
    const extension = { name: "e", contributions: {} } as unknown as RunningExtension;
    const lacked: boolean[] = [];
    server.pipeline.path = {
      ...path,
      newFacts: () => new PacketFacts(),
      decide(query, facts) {
        facts.known?.ask(extension, "name");
        return path.decide(query, facts);
      },
      async load(packets) {
        for (const known of packets) {
          lacked.push(known.lacks);
          known.learn(extension, new Map());
        }
      },
    };
    expect(await server.serve(toyMessage(take, 1, ALICE, P))).toHaveLength(1);
    expect(lacked).toEqual([false, true]);
  });

  it("that are missed by what is for others load nothing else, and it is not decided about", async () => {
    lackHosts();
    expect(await server.serve(toyMessage(take, 1, ALICE, ELSEWHERE))).toEqual([]);
    expect([server.decided, told()]).toEqual([[], ["1 dropped: elsewhere"]]);
  });

  it("leases that placing has missed are loaded before anything is decided", async () => {
    const { path } = server.pipeline;
    server.pipeline.path = {
      ...path,
      place(message, ingress, facts) {
        facts.view.byAddress(family4.lease(message.member).address);
        return path.place(message, ingress, facts);
      },
    };
    database.give(P, ALICE);
    expect(await server.serve(toyMessage(show, 1, ALICE, P))).toHaveLength(1);
    expect(server.decided).toEqual([1]);
  });

  it("that a step lacked before it threw are loaded, and its fault is told only if it has one still", async () => {
    const hosts = lackHosts();
    const { path } = server.pipeline;
    server.pipeline.path = {
      ...path,
      decide(query, facts) {
        if (!hosts.isLoaded || query.client === BOB) throw new Error("planted");
        return path.decide(query, facts);
      },
    };
    expect(await server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, Q))).toHaveLength(1);
    expect(told()).toEqual(["1 answered", "2 met a bug: Error: planted"]);
    // Leases were asked about only when there was no fault any more.
    expect(hosts.loads).toBe(2);
  });
});

describe("what others are to have, too,", () => {
  type Attempts = readonly Attempted<ToyTypes>[];
  const transactions = (attempts: Attempts) => attempts.map(({ packet }) => packet.message.transaction);

  /** @param refuse what becomes of each, by transactions; nothing for what is as it should be */
  function askOthers(refuse: (transaction: number) => ToyTypes["drop"] | Error | undefined) {
    const stored: Promise<number[]>[] = [];
    let ended = 0;
    server.pipeline.path = {
      ...server.pipeline.path,
      commit(attempts, durable) {
        stored.push(durable.then(transactions));
        const refused = attempts.flatMap((attempt) => {
          const why = refuse(attempt.packet.message.transaction);
          return why === undefined ? [] : [[attempt, why] as const];
        });
        return { attempts, unsafe: Promise.resolve(new Map(refused)), end: () => void ended++ };
      },
    };
    return { stored: () => Promise.all(stored), ended: () => ended };
  }
  const three = () =>
    server.serve(toyMessage(take, 1, ALICE, P), toyMessage(take, 2, BOB, Q), toyMessage(take, 3, CAROL, R));

  it("they are told what is durable, and what they have not is not answered, each for its reason", async () => {
    const others = askOthers((transaction) => {
      if (transaction === 1) return { kind: "drop", reason: "enough" };
      return transaction === 2 ? new Error("planted") : undefined;
    });
    expect(await three()).toEqual([`3: ${CAROL} has ${R} for 100`]);
    expect(told()).toEqual(["1 dropped: enough", "2 met a bug: Error: planted", "3 answered"]);
    expect([await others.stored(), others.ended()]).toEqual([[[1, 2, 3]], 0]);
  });

  it("they are told nothing of what another server was quicker with, nor of what failed", async () => {
    const others = askOthers(() => undefined);
    database.beforeCommit = () => {
      database.beforeCommit = () => {};
      database.give(Q, CAROL);
    };
    expect(await three()).toHaveLength(2);
    expect(await others.stored()).toEqual([[1, 3], []]);
    database.isBroken = true;
    expect(await server.serve(toyMessage(take, 4, BOB, Q + 3))).toEqual([]);
    expect(await others.stored()).toEqual([[1, 3], [], []]);
    expect(others.ended()).toBe(1);
  });

  it("nothing is answered where it cannot be asked", async () => {
    const { path } = server.pipeline;
    server.pipeline.path = {
      ...path,
      commit: () => {
        throw new Error("planted");
      },
    };
    expect(await three()).toEqual([]);
    expect(told()).toEqual([1, 2, 3].map((transaction) => `${transaction} met a bug: Error: planted`));
  });

  it("what remains is encoded again, and costs only the packet for which that is not possible any more", async () => {
    askOthers((transaction) => (transaction === 1 ? new Error("refused") : undefined));
    const { path } = server.pipeline;
    const encoded = new Map<number, number>();
    server.pipeline.path = {
      ...path,
      encode(query, answer, service, replies) {
        const times = (encoded.get(query.transaction) ?? 0) + 1;
        encoded.set(query.transaction, times);
        if (times === 2 && query.transaction === 2) return { kind: "drop", reason: "enough" };
        if (times === 2 && query.transaction === 3) throw new Error("planted");
        return path.encode(query, answer, service, replies);
      },
    };
    const replies = await server.serve(
      toyMessage(take, 1, ALICE, P),
      toyMessage(take, 2, BOB, Q),
      toyMessage(take, 3, CAROL, R),
      toyMessage(Verb.leave, 4, ALICE, P),
      toyMessage(show, 5, BOB, Q),
    );
    expect(replies).toEqual([`5: ${BOB} has ${Q} for 100`]);
    expect(told()).toEqual([
      "1 met a bug: Error: refused",
      "2 dropped: enough",
      "3 met a bug: Error: planted",
      "4 answered",
      "5 answered",
    ]);
  });
});

it("a packet that no reply has room for is dropped as its reply is encoded, and changes nothing", async () => {
  const { path } = server.pipeline;
  server.pipeline.path = { ...path, encode: () => ({ kind: "drop", reason: "enough" }) };
  expect(await server.serve(toyMessage(take, 1, ALICE, P))).toEqual([]);
  expect([told(), database.leases.size]).toEqual([["1 dropped: enough"], 0]);
});

it("a reload is settled when no packet goes by the former steps or configuration, and not before", async () => {
  for (const change of ["path", "service"] as const) {
    const served = server.serve(toyMessage(take, 1, ALICE, P));
    const { path, service } = server.pipeline;
    if (change === "path") server.pipeline.path = { ...path };
    else server.pipeline.service = { ...service };
    const order: string[] = [];
    const settled = server.pipeline.settled().then(() => order.push("settled"));
    await served.then(() => order.push("served"));
    await settled;
    expect(order).toEqual(["served", "settled"]);
  }
  await server.pipeline.settled();
});
