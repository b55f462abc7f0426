import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../../base/clock.ts";
import { type Lease, LeaseState } from "../../../leases/model/lease.ts";
import { RecentEvents } from "./recent-events.ts";

const clock = new ManualClock();
const lease = (change: Partial<Lease> = {}) =>
  ({ state: LeaseState.assigned, cltt: clock.wall(), validLifetime: 60, ...change }) as Lease;
const over = { cltt: clock.wall() - 61 };
const drop = { client: Buffer.from("[hwtype=1 02]"), interface: "eth0", why: "no reason" };

let events: RecentEvents<Lease>;
beforeEach(() => {
  vi.useFakeTimers();
  events = new RecentEvents(clock, () => clock.wall());
});
afterEach(() => vi.useRealTimers());

const kinds = () => events.since().events.map(({ kind }) => kind);

describe("what has become of a lease", () => {
  it.each([
    ["given", lease(), undefined],
    ["given", lease(), lease(over)],
    ["given", lease(), lease({ state: LeaseState.reclaimed })],
    ["renewed", lease(), lease()],
    ["released", lease({ state: LeaseState.reclaimed }), lease()],
    ["expired", lease({ state: LeaseState.reclaimed }), lease(over)],
    ["declined", lease({ state: LeaseState.declined }), lease()],
  ])("%s", (kind, after, before) => {
    events.since();
    events.put(after, before);
    expect(kinds()).toEqual([kind]);
  });

  it.each([
    [["removed"], lease()],
    [["expired"], lease(over)],
    [[], lease({ state: LeaseState.reclaimed })],
  ])("%j where nothing is left of it", (told, before) => {
    events.since();
    events.discard(before);
    expect(kinds()).toEqual(told);
  });
});

it("nothing is kept while nobody asks, and nothing of what was when nobody has asked for long", () => {
  events.put(lease(), undefined);
  expect([events.isWatched, kinds(), events.isWatched]).toEqual([false, [], true]);
  events.put(lease(), undefined);
  expect(kinds()).toEqual(["given"]);
  vi.advanceTimersByTime(30_001);
  expect([events.isWatched, kinds()]).toEqual([false, []]);
});

it("who asks again gets what has come since, and not what others had", () => {
  const { next } = events.since();
  events.dropped(drop);
  events.dropped({ ...drop, why: "another" });
  const { events: two, next: later, lost } = events.since(next);
  expect(two).toMatchObject([{ number: next, kind: "dropped", why: "no reason" }, { why: "another" }]);
  expect([later, lost, events.since(later).events]).toEqual([next + 2, 0, []]);
});

it("more than are kept are counted", () => {
  const { next } = events.since();
  for (let i = 0; i < 2500; i++) events.dropped(drop);
  const answer = events.since(next);
  expect([answer.events.length, answer.next, answer.lost]).toEqual([1000, next + 2500, 1500]);
  // A flood costs no more than this.
  expect(answer.events[0]?.number).toBe(next);
  events.dropped(drop);
  expect(events.since(answer.next)).toMatchObject({ events: [{ number: next + 2500 }], lost: 0 });
});

it("who asks a daemon that has been started again gets all that it has", () => {
  events.since();
  events.dropped(drop);
  expect(events.since(4711)).toMatchObject({ events: [{ number: 1 }], lost: 0 });
});
