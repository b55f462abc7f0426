import { MemoryTransport4 } from "@kotare/netio/testing/memory-transport";
import { buildMessage4 } from "@kotare/testkit/build-message4";
import { ip } from "@kotare/testkit/payloads";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { expect, test } from "vitest";
import { Dialogue4 } from "../clients/dialogue4.ts";
import { planFor } from "../testing/plan-for.ts";
import { LoadRun, type Watch } from "./load-run.ts";
import { Schedule } from "./schedule.ts";

const LINK = 3;
const DOWN = 4;
const HABITS = { patience: 5, mostLag: 100, slow: Number.POSITIVE_INFINITY, releases: () => false };
const IT_ALL = { from: 0, to: 1 };

/** What a server does with the clients whose numbers end so. */
type Fate =
  | "loses the offer"
  | "loses the ack"
  | "says no"
  | "answers twice"
  | "cannot be reached"
  | "is mistaken"
  | "stammers";

/** Clients number 0 to 99, each of whom asks once. */
async function play(fates: Readonly<Record<number, Fate>>) {
  const plan = planFor({ firstMac: Uint8Array.of(2, 0, 0, 0, 0, 0) });
  let time = 0;
  const watch: Watch = { now: () => time, sleepUntil: (until) => (time = until) };
  const transport = new MemoryTransport4({ monotonic: watch.now });
  transport.down.add(DOWN);
  transport.onSent = ({ payload }) => {
    const { type, chaddr, xid } = readMessage4(payload);
    const fate = fates[Number.parseInt(chaddr.slice(-2), 16) % 10];
    const isDiscover = type === "DISCOVER";
    if (fate === (isDiscover ? "loses the offer" : "loses the ack")) return;
    const answer = isDiscover ? 2 : fate === "says no" ? 6 : 5;
    const fields = { op: 2, xid, chaddr, yiaddr: answer === 6 ? "0.0.0.0" : "10.0.0.9", type: answer };
    const answered = fate === "is mistaken" ? { ...fields, chaddr: "02:00:00:00:ff:00" } : fields;
    const bytes = buildMessage4({ ...answered, options: [[54, ip("10.0.0.1")]] });
    const times = fate === "answers twice" && !isDiscover ? 2 : 1;
    if (fate === "stammers") transport.deliver({ payload: bytes.subarray(0, 238), ifindex: LINK });
    for (let i = 0; i < times; i++) transport.deliver({ payload: bytes, ifindex: LINK });
  };
  const destinationOf = (client: number) => {
    const ifindex = fates[client % 10] === "cannot be reached" ? DOWN : LINK;
    return { ifindex, source: 0, address: 0xffff_ffff, port: 67 };
  };
  const link = { transport, destinationOf, [Symbol.dispose]: () => undefined };
  const run = new LoadRun(link, new Dialogue4(plan, 1), HABITS, watch);
  const [step] = await run.play(new Schedule([{ rate: 1000, seconds: 0.1 }]), (exchange) => exchange, IT_ALL);
  const [first, second] = step!.legs.map(({ sent, unsent, answered, lost, refused, duplicates, delays }) => {
    expect(delays.count).toBe(answered);
    return { sent, unsent, answered, lost, refused, duplicates };
  });
  return { first, second, ...run.strays };
}

const ALL = { sent: 100, unsent: 0, answered: 100, lost: 0, refused: 0, duplicates: 0 };
const NO_STRAYS = { foreign: 0, malformed: 0 };

test("every exchange is completed when every message is answered", async () => {
  expect(await play({})).toEqual({ first: ALL, second: ALL, ...NO_STRAYS });
});

test("what is lost, refused, doubled and cannot be sent is counted exactly, each at its message", async () => {
  const fates: Record<number, Fate> = {
    1: "loses the offer",
    3: "loses the ack",
    5: "says no",
    7: "answers twice",
    9: "cannot be reached",
  };
  expect(await play(fates)).toEqual({
    first: { ...ALL, sent: 90, unsent: 10, answered: 80, lost: 10 },
    second: { ...ALL, sent: 80, answered: 60, lost: 10, refused: 10, duplicates: 10 },
    ...NO_STRAYS,
  });
});

test("answers for somebody else, and such as nobody can read, harm no exchange but their own", async () => {
  const fates: Record<number, Fate> = { 2: "is mistaken", 4: "stammers" };
  expect(await play(fates)).toEqual({
    first: { ...ALL, answered: 90, lost: 10 },
    second: { ...ALL, sent: 90, answered: 90 },
    foreign: 10,
    malformed: 20,
  });
});

test("who gives the lease back has completed its exchange before", async () => {
  const plan = planFor({ release: 10 });
  let time = 0;
  const watch: Watch = { now: () => time, sleepUntil: (until) => (time = until) };
  const transport = new MemoryTransport4({ monotonic: watch.now });
  transport.onSent = ({ payload }) => {
    const { type, chaddr, xid } = readMessage4(payload);
    if (type === "RELEASE") return;
    const answer = { op: 2, xid, chaddr, yiaddr: "10.0.0.9", type: type === "DISCOVER" ? 2 : 5 };
    transport.deliver({ payload: buildMessage4(answer), ifindex: LINK });
  };
  const destinationOf = () => ({ ifindex: LINK, source: 0, address: 0xffff_ffff, port: 67 });
  const link = { transport, destinationOf, [Symbol.dispose]: () => undefined };
  const habits = { ...HABITS, releases: (client: number) => client < 10 };
  const run = new LoadRun(link, new Dialogue4(plan, 1), habits, watch);
  const [step] = await run.play(new Schedule([{ rate: 1000, seconds: 0.1 }]), (exchange) => exchange, {
    from: 0,
    to: 2,
  });
  expect([step!.completed, ...step!.legs.map(({ sent }) => sent)]).toEqual([100, 100, 100, 10]);
});

test("what should have begun while the generator was held up is left out, and told", async () => {
  const plan = planFor({});
  let time = 0;
  // The third turn comes half a second late.
  let turns = 0;
  const watch: Watch = { now: () => time, sleepUntil: (until) => (time = ++turns === 3 ? time + 500 : until) };
  const transport = new MemoryTransport4({ monotonic: watch.now });
  const destinationOf = () => ({ ifindex: LINK, source: 0, address: 0xffff_ffff, port: 67 });
  const link = { transport, destinationOf, [Symbol.dispose]: () => undefined };
  const run = new LoadRun(link, new Dialogue4(plan, 1), HABITS, watch);
  const [step] = await run.play(new Schedule([{ rate: 100, seconds: 1 }]), (exchange) => exchange, IT_ALL);
  expect(step!.skipped).toBeGreaterThan(30);
  expect(step!.legs[0]!.sent).toBe(100 - step!.skipped);
  expect(step!.lag).toBeGreaterThan(90);
  expect(step!.lag).toBeLessThanOrEqual(100);
});

test("replies that take longer than was asked for are listed, with the time at which their messages were sent", async () => {
  const plan = planFor({});
  let time = 0;
  const watch: Watch = { now: () => time, sleepUntil: (until) => (time = until) };
  const transport = new MemoryTransport4({ monotonic: watch.now });
  let messages = 0;
  transport.onSent = ({ payload }) => {
    const { type, chaddr, xid } = readMessage4(payload);
    // The third message is answered late.
    if (++messages === 3) time += 4;
    const answer = { op: 2, xid, chaddr, yiaddr: "10.0.0.9", type: type === "DISCOVER" ? 2 : 5 };
    transport.deliver({ payload: buildMessage4(answer), ifindex: LINK });
  };
  const destinationOf = () => ({ ifindex: LINK, source: 0, address: 0xffff_ffff, port: 67 });
  const link = { transport, destinationOf, [Symbol.dispose]: () => undefined };
  const run = new LoadRun(link, new Dialogue4(plan, 1), { ...HABITS, slow: 3 }, watch);
  const [step] = await run.play(new Schedule([{ rate: 100, seconds: 0.1 }]), (exchange) => exchange, IT_ALL);
  const slow = step!.legs.flatMap((leg) => leg.slow);
  expect(slow).toEqual([{ sent: expect.any(Number), delay: 4 }]);
  expect(slow[0]!.sent - performance.timeOrigin).toBeGreaterThan(0);
  expect(slow[0]!.sent - performance.timeOrigin).toBeLessThan(time - 3);
});
