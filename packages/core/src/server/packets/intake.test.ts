import { MemoryTransport4 } from "@kotare/netio/testing/memory-transport";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { Intake, type IntakeRules, Urgency, type Waiting } from "./intake.ts";

const LIMIT = 2048;
const { renewal: RENEWAL, other: REQUEST, first: DISCOVER } = Urgency;
const NAMES = { [RENEWAL]: "RENEWAL", [REQUEST]: "REQUEST", [DISCOVER]: "DISCOVER" };
/** More than any of the messages here have together. */
const BYTES = 2 ** 20;

let stale: string[];
let clock: ManualClock;
let intake: Intake<number>;
let transport: MemoryTransport4;
let released: number;
/** How often it was looked at whose a renewal is. */
let asked: number;

/** A message of 200 bytes that begins with its urgency and a number. */
function message(urgency: Urgency, number: number): Uint8Array {
  const bytes = new Uint8Array(200);
  bytes.set([urgency, number >> 8, number & 0xff]);
  return bytes;
}

const nameOf = ({ datagram: { buffer, offset } }: Waiting) =>
  `${NAMES[buffer[offset] as Urgency]} ${(buffer[offset + 1]! << 8) | buffer[offset + 2]!}`;

let mixes: boolean;
let isTurnedAway: (urgency: Urgency) => boolean;

beforeEach(() => {
  stale = [];
  released = 0;
  clock = new ManualClock();
  transport = new MemoryTransport4(clock);
  asked = 0;
  mixes = true;
  isTurnedAway = () => false;
  const rules: IntakeRules = {
    urgencyOf: ({ buffer, offset }) => buffer[offset] as Urgency,
    // Those with numbers below 1000.
    isKnown({ buffer, offset }) {
      asked += 1;
      return buffer[offset + 1]! < 1000 >> 8;
    },
    mixes: () => mixes,
    turnsAway: ({ buffer, offset }) => isTurnedAway(buffer[offset] as Urgency),
  };
  intake = new Intake(clock, rules, (waiting) => {
    stale.push(nameOf(waiting));
    waiting.holder.done();
  });
});

/** A batch of messages with numbers from `from` on. */
function add(urgency: Urgency, count: number, from = 0): void {
  for (let i = 0; i < count; i++) transport.deliver({ payload: message(urgency, from + i), ifindex: 1 });
  addBatch();
}

function addBatch(): void {
  const batch = transport.receive(10_000)!;
  const release = () => {
    batch.release();
    released += 1;
  };
  intake.add({ datagrams: batch.datagrams, release });
}

describe("the intake", () => {
  it("does not keep what is for nobody here, nor its memory", () => {
    isTurnedAway = (urgency) => urgency === REQUEST;
    add(REQUEST, 2);
    expect([intake.size, released]).toEqual([0, 1]);
    for (const [i, urgency] of [REQUEST, DISCOVER, REQUEST].entries()) {
      transport.deliver({ payload: message(urgency, i), ifindex: 1 });
    }
    addBatch();
    expect(intake.take(LIMIT, BYTES).map(nameOf)).toEqual(["DISCOVER 1"]);
    expect([stale, released]).toEqual([[], 1]);
  });

  it("as long as no more renewals wait than a batch has, it does not matter whose they are", () => {
    add(RENEWAL, 64, 5000);
    expect(asked).toBe(0);
    expect(intake.take(64, BYTES).map(nameOf).at(-1)).toBe("RENEWAL 5063");
  });

  it("of a crowd of renewals those of clients with leases go first, and the others with the rest", () => {
    add(RENEWAL, 64, 5000);
    add(REQUEST, 1, 7);
    add(RENEWAL, 500, 6000);
    add(RENEWAL, 2, 1);
    const order = intake.take(600, BYTES).map(nameOf);
    expect(order.slice(63, 69)).toEqual([
      "RENEWAL 5063",
      "RENEWAL 1",
      "RENEWAL 2",
      "REQUEST 7",
      "RENEWAL 6000",
      "RENEWAL 6001",
    ]);
  });

  it("a flood of renewals of nobody costs no client with a lease its own", () => {
    add(RENEWAL, 64, 5000);
    add(RENEWAL, 10, 1);
    add(RENEWAL, 3 * LIMIT, 6000);
    expect(stale.length).toBeGreaterThan(LIMIT);
    expect(intake.take(74, BYTES).map(nameOf).slice(64)).toEqual(
      Array.from({ length: 10 }, (_, i) => `RENEWAL ${i + 1}`),
    );
  });

  it("drops what has waited longer than clients wait before they send again", () => {
    transport.deliver({ payload: message(REQUEST, 1), ifindex: 1 });
    clock.advance(3);
    transport.deliver({ payload: message(REQUEST, 2), ifindex: 1 });
    clock.advance(0.001);
    addBatch();
    expect(stale).toEqual(["REQUEST 1"]);
    expect(intake.take(10, BYTES).map(nameOf)).toEqual(["REQUEST 2"]);
  });

  it("gives packets in the order of their arrival, as many as are asked for", () => {
    add(REQUEST, 5);
    expect(intake.take(3, BYTES).map(nameOf)).toEqual(["REQUEST 0", "REQUEST 1", "REQUEST 2"]);
    expect(intake.size).toBe(2);
    expect(intake.take(3, BYTES).map(nameOf)).toEqual(["REQUEST 3", "REQUEST 4"]);
    expect(intake.take(3, BYTES)).toEqual([]);
  });

  it("serves requests before discovers, whichever came first", () => {
    add(DISCOVER, 2);
    add(REQUEST, 2, 10);
    expect(intake.take(3, BYTES).map(nameOf)).toEqual(["REQUEST 10", "REQUEST 11", "DISCOVER 0"]);
  });

  it("serves renewals before all others", () => {
    add(REQUEST, 2);
    add(RENEWAL, 1, 9);
    expect(intake.take(3, BYTES).map(nameOf)).toEqual(["RENEWAL 9", "REQUEST 0", "REQUEST 1"]);
  });

  it("gives no more than costs so much, and one at least", () => {
    add(REQUEST, 5);
    const [{ datagram }] = intake.take(1, 1) as [Waiting];
    expect(intake.take(64, 2 * datagram.length + 1).map(nameOf)).toEqual(["REQUEST 1", "REQUEST 2", "REQUEST 3"]);
  });

  it("gives many requests and discovers in batches of their own, and a few in one", () => {
    add(DISCOVER, 30);
    add(REQUEST, 3, 100);
    const types = () => intake.take(64, BYTES).map((waiting) => nameOf(waiting).split(" ")[0]);
    expect(types()).toEqual(Array(3).fill("REQUEST"));
    expect(types()).toEqual(Array(30).fill("DISCOVER"));
    add(DISCOVER, 29);
    add(REQUEST, 3, 100);
    expect(types()).toHaveLength(32);
  });

  it("gives even one discover in a batch of its own where it would wait with others", () => {
    mixes = false;
    add(DISCOVER, 1);
    add(REQUEST, 1);
    const one = () => intake.take(64, BYTES).map(nameOf);
    expect([one(), one()]).toEqual([["REQUEST 0"], ["DISCOVER 0"]]);
  });

  it("loses the oldest discovers first when too many wait, and no request for them", () => {
    add(DISCOVER, LIMIT);
    add(REQUEST, 10);
    expect(stale).toEqual([]);
    add(DISCOVER, 2, 5000);
    expect(stale).toEqual(["DISCOVER 0", "DISCOVER 1"]);
    expect(intake.size).toBe(LIMIT + 10);
  });

  it("loses the oldest requests when too many of them wait: their clients have sent again", () => {
    add(REQUEST, LIMIT + 3);
    expect(stale).toEqual(["REQUEST 0", "REQUEST 1", "REQUEST 2"]);
  });

  it("gives a batch's memory back when the last of its packets is done, taken or lost", () => {
    add(DISCOVER, LIMIT);
    const taken = intake.take(LIMIT - 1, BYTES);
    for (const { holder } of taken) holder.done();
    expect(released).toBe(0);
    add(DISCOVER, LIMIT, 5000);
    expect(stale).toEqual([`DISCOVER ${LIMIT - 1}`]);
    expect(released).toBe(1);
  });
});
