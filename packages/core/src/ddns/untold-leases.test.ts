import { beforeEach, describe, expect, it } from "vitest";
import type { Lease4 } from "../leases/model/lease4.ts";
import { family4 } from "../leases/testing/test-families.ts";
import { withOwedRemovals } from "../leases/user-context/owed-removals.ts";
import { UntoldLeases } from "./untold-leases.ts";

const NOW = 1000;
const SETTLING = 2000;
const REMOVAL = { fqdn: "old.example.org.", forward: true, reverse: false, dhcid: "00" };

/** Of the lease clock, in seconds, and of one that does not jump, in milliseconds. */
let clock: number;
let monotonic: number;
let leases: Lease4[];
let found: number[];
let slept: number[];
let faults: string[];
let room: number;
let onSleep: () => void;
let untold: UntoldLeases<Lease4, never>;

function named(number: number, cltt: number, change: Partial<Lease4> = {}): Lease4 {
  return { ...family4.lease(number, { cltt }), fqdnFwd: true, hostname: "one.example.org.", ...change };
}

beforeEach(() => {
  [clock, monotonic, room] = [NOW, 0, Number.POSITIVE_INFINITY];
  [leases, found, slept, faults] = [[], [], [], []];
  onSleep = () => {};
  const addressOf = ({ address }: Lease4) => address;
  untold = new UntoldLeases<Lease4, never>({
    family: {
      addressOf,
      formatAddress: () => "",
      identify: () => ({ type: 0, bytes: new Uint8Array(0) }),
      standIn: (lease) => lease,
      find: () => undefined,
      page: (after, limit) =>
        leases.filter((lease) => after === undefined || lease.address > after.address).slice(0, limit),
    },
    now: () => clock,
    monotonic: () => monotonic,
    sleep: (time) => {
      slept.push(time);
      monotonic += time;
      clock += time / 1000;
      onSleep();
      return Promise.resolve();
    },
    hasRoom: () => found.length < room,
    onFound: (lease) => found.push(lease.address - family4.lease(0).address),
    onUnread: ({ message }) => faults.push(message),
  });
});

const find = (isWanted = () => true) => untold.find(isWanted);

describe("since when names may be untold", () => {
  it("is the earliest that was said, until it is reset", () => {
    expect([untold.areThere, untold.since]).toEqual([false, undefined]);
    untold.add(20);
    untold.add(10);
    untold.add(30);
    expect([untold.areThere, untold.since]).toEqual([true, 10]);
    untold.reset(40);
    expect(untold.since).toBe(40);
    untold.reset(undefined);
    expect(untold.areThere).toBe(false);
  });

  it("counts what is being looked for, and what is added meanwhile", async () => {
    untold.add(20);
    const seen: unknown[] = [];
    onSleep = () => {
      seen.push([untold.areThere, untold.since]);
      untold.add(30);
      seen.push([untold.areThere, untold.since]);
      untold.add(10);
      seen.push([untold.areThere, untold.since]);
    };
    expect(await find()).toBe(true);
    expect(seen).toEqual([
      [false, 20],
      [true, 20],
      [true, 10],
    ]);
    expect(untold.since).toBe(10);
  });
});

describe("leases are looked for", () => {
  it("when there is something to be found, and once at a time", async () => {
    expect(await find()).toBe(false);
    untold.add(1);
    const first = find();
    untold.add(1);
    expect(await find()).toBe(false);
    expect(await first).toBe(true);
    expect(await find()).toBe(true);
    expect(await find()).toBe(false);
    expect(slept).toEqual([SETTLING, SETTLING]);
  });

  it("by their times: from then on, up to when it began; first those that owe a removal, whatever their time", async () => {
    leases = [
      named(1, 500),
      named(2, 499),
      named(3, NOW),
      named(4, NOW + 1),
      named(5, 600, { fqdnFwd: false }),
      named(6, 1, { fqdnFwd: false, userContext: withOwedRemovals("", { removals: [REMOVAL], isGone: false }) }),
    ];
    untold.add(500);
    await find();
    expect(found).toEqual([6, 1, 3]);
    expect([untold.areThere, untold.since, faults]).toEqual([false, undefined, []]);
  });

  it("page by page, to the last", async () => {
    leases = Array.from({ length: 501 }, (_, number) => named(number, 500));
    untold.add(500);
    await find();
    expect(found).toEqual(leases.map((_, number) => number));
  });

  it("as far as there is room: the others wait for it, as long as somebody wants them", async () => {
    leases = [named(1, 500), named(2, 500), named(3, 500)];
    room = 1;
    untold.add(500);
    let waits = 0;
    onSleep = () => {
      waits += 1;
      if (waits === 3) room = 2;
    };
    await find(() => waits < 5);
    expect(found).toEqual([1, 2]);
    expect(slept).toEqual([SETTLING, 100, 100, 100, 100]);
  });

  it("not at all where they are not wanted any more", async () => {
    leases = [named(1, 500)];
    untold.add(500);
    await find(() => false);
    expect(found).toEqual([]);
  });

  it("again where they could not be read, or have moved in time", async () => {
    leases = [named(1, 500)];
    untold.add(500);
    Object.defineProperty(leases, "filter", {
      value: () => {
        throw new Error("no disk");
      },
    });
    await find();
    expect([faults, untold.since]).toEqual([["no disk"], 500]);
    leases = [];
    for (const [jump, since] of [
      [2, 500],
      [-2, undefined],
      [1, undefined],
    ] as const) {
      untold.reset(500);
      onSleep = () => {
        clock += jump;
      };
      await find();
      expect([jump, untold.since]).toEqual([jump, since]);
    }
  });
});
