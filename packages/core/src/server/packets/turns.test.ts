import { type MemoryDatagram, MemoryTransport4 } from "@kotare/netio/testing/memory-transport";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { Intake, type IntakeRules, Urgency, type Waiting } from "./intake.ts";
import { ELSEWHERE, HERE, TRIPS, Turns } from "./turns.ts";

const { time: GATHER, worth: WORTH_GATHERING } = HERE;
const BATCH = 64;
/** Over so many times of gathering packets are counted. */
const TIMES = 8;
/** Over so many milliseconds they are. */
const COUNTING = TIMES * GATHER;

/** A batch that is being served, with its end in the test's hand. */
interface Served {
  readonly size: number;
  /** The store is done with it, and others are not. */
  stored(): Promise<void>;
  end(): Promise<void>;
}

let transport: MemoryTransport4;
let served: Served[];
/** What happens while a batch is decided about. */
let onServe: (() => void) | undefined;
let turns: Turns<number>;
let clock: ManualClock;

async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds / 1000);
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

/** Whatever has been put off to the next turns of the event loop happens; no time passes. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

const sizes = () => served.map(({ size }) => size);
const packet: MemoryDatagram = { payload: new Uint8Array(300), ifindex: 1 };
/** What a first message begins with here. */
const FIRST = 1;
const firstPacket: MemoryDatagram = { payload: new Uint8Array(300).fill(FIRST), ifindex: 1 };
const arrive = (count: number) => {
  for (let i = 0; i < count; i++) transport.deliver(packet);
};

/** So many packets come, and are served, that those that follow gather. */
async function getBusy({ worth, time } = HERE): Promise<void> {
  // Few enough that the store takes in each half at once.
  for (let half = 0; half < 2; half++) {
    arrive((worth * TIMES * time) / 2);
    await settle();
    await endAll();
    await pass((TIMES * time) / 2);
  }
  // What would have come before the first look at the sockets.
  arrive(worth * GATHER);
  await settle();
  await endAll();
}

/** Batches that begin in each of so many turns of the main loop, without those of none. */
async function begunEachTurn(count: number): Promise<readonly number[]> {
  const begun: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const before = served.length;
    await new Promise(setImmediate);
    begun.push(served.length - before);
  }
  return begun.filter((batches) => batches > 0);
}

async function endAll(): Promise<void> {
  while (served.length > 0) for (const { end } of served.splice(0)) await end();
}

/** Of packets that are no first messages, and may be in a batch with any. */
const ALIKE: IntakeRules = { urgencyOf: () => Urgency.other, isKnown: () => true, mixes: () => true };

async function start(gathers: boolean, gathering = HERE, rules = ALIKE): Promise<void> {
  clock = new ManualClock();
  transport = new MemoryTransport4(clock);
  served = [];
  onServe = undefined;
  const serve = (batch: readonly Waiting[], onStored: () => void) =>
    new Promise<void>((resolve) => {
      const stored = async () => {
        onStored();
        await settle();
      };
      const end = async () => {
        for (const { holder } of batch) holder.done();
        resolve();
        await settle();
      };
      served.push({ size: batch.length, stored, end });
      onServe?.();
    });
  turns = new Turns(
    transport,
    new Intake({ monotonic: () => 0 }, rules, () => {}),
    serve,
    { batchesInFlight: 3, gathers },
    clock,
    () => gathering,
  );
  // The first look at the sockets.
  await pass(GATHER);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return start(true);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("turns", () => {
  it("a packet that comes while nothing is to do is served at once", async () => {
    arrive(1);
    await settle();
    expect(sizes()).toEqual([1]);
  });

  it("a few that come one soon after the other are served at once, each", async () => {
    for (let i = 0; i < 3; i++) {
      arrive(1);
      await settle();
    }
    expect(sizes()).toEqual([1, 1, 1]);
  });

  it("when many have come, the next ones are gathered, and served together", async () => {
    await getBusy();
    arrive(1);
    await settle();
    arrive(2);
    await settle();
    expect(sizes()).toEqual([]);
    await pass(GATHER);
    expect(sizes()).toEqual([3]);
  });

  it.each([
    ["nobody else is asked", HERE, HERE.worth, 2],
    ["a database is asked, and few come", TRIPS, TRIPS.worth, 8],
    ["a database is asked, and so many that a crowd comes sooner", TRIPS, 4, 4],
    ["a database is asked, and many come", TRIPS, 8, 2],
    ["answers wait for another host", ELSEWHERE, ELSEWHERE.worth, 6],
  ])("where %s, packets gather for as long as that is worth", async (_, gathering, rate, time) => {
    await start(true, gathering);
    const counting = TIMES * (gathering.crowd?.longest ?? gathering.time);
    arrive(rate * counting);
    await settle();
    await endAll();
    await pass(counting);
    arrive(rate * GATHER);
    await settle();
    await endAll();
    arrive(1);
    await settle();
    await pass(time - 1);
    expect(sizes()).toEqual([]);
    await pass(1);
    expect(sizes()).toEqual([1]);
  });

  it("packets of which some have a batch of their own gather like others", async () => {
    let number = 0;
    const urgencyOf = () => (number++ % 2 === 0 ? Urgency.first : Urgency.other);
    await start(true, ELSEWHERE, { ...ALIKE, urgencyOf, mixes: () => false });
    await getBusy(ELSEWHERE);
    arrive(ELSEWHERE.worth);
    await settle();
    await pass(ELSEWHERE.time);
    await endAll();
    const some = ELSEWHERE.worth * ELSEWHERE.time;
    for (let i = 0; i < 3; i++) {
      arrive(some);
      await settle();
      expect(sizes()).toEqual([]);
      await pass(ELSEWHERE.time);
      expect(sizes()).toEqual([some / 2, some / 2]);
      await endAll();
    }
  });

  it("packets that come in waves, as clients answer replies, go on to gather", async () => {
    await start(true, ELSEWHERE);
    await getBusy(ELSEWHERE);
    const some = ELSEWHERE.worth * ELSEWHERE.time;
    for (const wave of Array.from({ length: 4 }, () => [2 * some, 2 * some, 1, 1]).flat()) {
      arrive(wave);
      await settle();
      expect(sizes()).toEqual([]);
      await pass(ELSEWHERE.time);
      expect(sizes()).toEqual([wave]);
      await endAll();
    }
  });

  it("one fewer than are worth it do not make the next ones gather", async () => {
    arrive(WORTH_GATHERING * COUNTING - 2);
    await settle();
    await pass(COUNTING);
    arrive(1);
    await settle();
    arrive(1);
    await settle();
    expect(sizes()).toEqual([WORTH_GATHERING * COUNTING - 2, 1, 1]);
  });

  it("when few come again, they are served at once again", async () => {
    await getBusy();
    await pass(COUNTING);
    arrive(1);
    await settle();
    await pass(COUNTING);
    arrive(1);
    await settle();
    arrive(1);
    await settle();
    expect(sizes()).toEqual([1, 1, 1]);
  });

  it("where the store does not want them to gather, each is served at once, and the rest while it is busy", async () => {
    await turns.stop();
    await start(false);
    await getBusy();
    for (let i = 0; i < 5; i++) {
      arrive(1);
      await settle();
    }
    expect(sizes()).toEqual([1, 1, 1]);
    await served[0]!.end();
    expect(sizes()).toEqual([1, 1, 1, 2]);
  });

  it("when nothing more has come within the gathering time, the next packet is served at once again", async () => {
    await getBusy();
    await pass(GATHER);
    arrive(1);
    await settle();
    await pass(GATHER);
    arrive(1);
    await settle();
    expect(sizes()).toEqual([1, 1]);
  });

  it("looks at nothing while nothing comes", async () => {
    await pass(10 * GATHER);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("many packets are served in batches of a limited size", async () => {
    arrive(2 * BATCH + 1);
    await settle();
    expect(sizes()).toEqual([BATCH, BATCH, 1]);
  });

  it("first messages follow the others that came with them, before what has come meanwhile: a small batch costs a sync", async () => {
    const urgencyOf: IntakeRules["urgencyOf"] = ({ buffer, offset }) =>
      buffer[offset] === FIRST ? Urgency.first : Urgency.other;
    await start(true, HERE, { ...ALIKE, urgencyOf, mixes: () => false });
    await getBusy();
    for (let i = 0; i < 5; i++) transport.deliver(firstPacket);
    arrive(2);
    onServe = () => {
      arrive(1);
      onServe = undefined;
    };
    await pass(GATHER);
    expect(sizes()).toEqual([2, 5]);
    await pass(GATHER);
    expect(sizes()).toEqual([2, 5, 1]);
  });

  it("no more than a few batches are on their way to the disk; the rest waits and goes on when one has ended", async () => {
    arrive(5 * BATCH);
    await settle();
    const inFlight = served.length;
    expect(inFlight).toBe(3);
    await pass(100);
    expect(served).toHaveLength(inFlight);
    await served[0]!.end();
    expect(served).toHaveLength(inFlight + 1);
    await served[1]!.end();
    expect(sizes()).toEqual([BATCH, BATCH, BATCH, BATCH, BATCH]);
  });

  it("a turn of the main loop begins one batch, however many have been stored together", async () => {
    arrive(12 * BATCH);
    await settle();
    for (const { end } of [...served]) void end();
    expect(await begunEachTurn(5)).toEqual([1, 1, 1]);
  });

  it("where the store is done with each batch at once, each has a turn of its own as well", async () => {
    onServe = () => void served.at(-1)!.stored();
    arrive(5 * BATCH);
    expect(await begunEachTurn(7)).toEqual([1, 1, 1, 1, 1]);
  });

  it("batches that wait for others than the store keep nobody waiting", async () => {
    await getBusy();
    arrive(6 * BATCH);
    await settle();
    await pass(GATHER);
    expect(served).toHaveLength(3);
    await served[0]!.stored();
    await served[1]!.stored();
    expect(served).toHaveLength(5);
    // Their ends are nobody's turn.
    await served[0]!.end();
    await served[1]!.end();
    expect(served).toHaveLength(5);
    await served[2]!.end();
    expect(served).toHaveLength(6);
  });

  it("packets are taken out of the kernel also while the disk is the limit", async () => {
    arrive(4 * BATCH);
    await settle();
    arrive(1);
    await pass(GATHER);
    expect(transport.receive(1)).toBeUndefined();
    for (const { end } of [...served]) await end();
    await pass(GATHER);
    expect(sizes().reduce((sum, size) => sum + size)).toBe(4 * BATCH + 1);
  });

  it("serves every packet once, whenever it comes and however long the disk takes", async () => {
    let sent = 0;
    for (let round = 0; round < 50; round++) {
      const count = (round * 37) % 90;
      arrive(count);
      sent += count;
      await pass(round % 3);
      if (round % 2 === 0) await served[Math.floor(round / 2)]?.end();
    }
    for (let i = 0; i < served.length; i++) await served[i]!.end();
    await pass(10);
    for (let i = 0; i < served.length; i++) await served[i]!.end();
    expect(sizes().reduce((sum, size) => sum + size)).toBe(sent);
  });
});

describe("stopping", () => {
  it("waits for the batches in flight and begins no other", async () => {
    arrive(5 * BATCH);
    await settle();
    let isStopped = false;
    const stopping = turns.stop().then(() => {
      isStopped = true;
    });
    const count = served.length;
    await settle();
    expect(isStopped).toBe(false);
    for (const { end } of [...served]) await end();
    await stopping;
    expect(served).toHaveLength(count);
  });

  it("leaves no timer behind and takes no packet any more", async () => {
    await turns.stop();
    expect(vi.getTimerCount()).toBe(0);
    arrive(1);
    await pass(10);
    expect(served).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
