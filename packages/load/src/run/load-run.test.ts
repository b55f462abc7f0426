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
const IT_ALL = { from: 0, to: 1 };

/** What a server does with the clients whose numbers end so. */
type Fate = "loses the offer" | "loses the ack" | "says no" | "answers twice" | "cannot be reached";

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
    const bytes = buildMessage4({ ...fields, options: [[54, ip("10.0.0.1")]] });
    const times = fate === "answers twice" && !isDiscover ? 2 : 1;
    for (let i = 0; i < times; i++) transport.deliver({ payload: bytes, ifindex: LINK });
  };
  const destinationOf = (client: number) => {
    const ifindex = fates[client % 10] === "cannot be reached" ? DOWN : LINK;
    return { ifindex, source: 0, address: 0xffff_ffff, port: 67 };
  };
  const link = { transport, destinationOf, [Symbol.dispose]: () => undefined };
  const run = new LoadRun(link, new Dialogue4(plan, 1), 5, watch);
  const [step] = await run.play(new Schedule([{ rate: 1000, seconds: 0.1 }]), (exchange) => exchange, IT_ALL);
  const [first, second] = step!.legs.map(({ sent, unsent, answered, lost, refused, duplicates, delays }) => {
    expect(delays.count).toBe(answered);
    return { sent, unsent, answered, lost, refused, duplicates };
  });
  return { first, second, foreign: run.foreign };
}

const ALL = { sent: 100, unsent: 0, answered: 100, lost: 0, refused: 0, duplicates: 0 };

test("every exchange is completed when every message is answered", async () => {
  expect(await play({})).toEqual({ first: ALL, second: ALL, foreign: 0 });
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
    foreign: 0,
  });
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
  const run = new LoadRun(link, new Dialogue4(plan, 1), 5, watch);
  const [step] = await run.play(new Schedule([{ rate: 100, seconds: 1 }]), (exchange) => exchange, IT_ALL);
  expect(step!.skipped).toBeGreaterThan(30);
  expect(step!.legs[0]!.sent).toBe(100 - step!.skipped);
  expect(step!.lag).toBeGreaterThan(90);
  expect(step!.lag).toBeLessThanOrEqual(100);
});
