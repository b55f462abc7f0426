/** The transitions of Kea's pairs, by what a server hears of its partner. */
import { describe, expect, it } from "vitest";
import { isState, STATES, type State, serves, servesAll } from "./state.ts";
import { nextState, type Pair, type Situation } from "./state-machine.ts";

const PAIR: Pair = {
  mode: "hot-standby",
  isPrimary: true,
  syncs: true,
  mostUnacked: 10,
  mostDelayed: 0,
  mostRejected: 10,
};
const BALANCED: Pair = { ...PAIR, mode: "load-balancing", mostDelayed: 100 };

const QUIET: Omit<Situation, "state" | "partner"> = {
  isPaused: false,
  age: 0,
  isInterrupted: false,
  unacked: 0,
  rejected: 0,
  skew: 0,
  hasUnsent: false,
  heals: false,
  hasOverflown: false,
};

type Row = [pair: Partial<Pair>, state: State, partner: Situation["partner"], rest: Partial<Situation>, next: State];

const check = (base: Pair, rows: readonly Row[]) =>
  it.each(rows)("%j in %s, partner %s, %j → %s", (pair, state, partner, rest, next) => {
    expect(nextState({ ...base, ...pair }, { ...QUIET, state, partner, ...rest })).toBe(next);
  });

const LOST = { isInterrupted: true };

describe("hot standby", () =>
  check(PAIR, [
    [{}, "waiting", "unknown", {}, "waiting"],
    [{}, "waiting", "waiting", {}, "syncing"],
    [{ isPrimary: false }, "waiting", "waiting", {}, "waiting"],
    [{ syncs: false }, "waiting", "waiting", {}, "ready"],
    [{ isPrimary: false }, "waiting", "ready", {}, "syncing"],
    [{ isPrimary: false }, "waiting", "hot-standby", {}, "syncing"],
    [{ isPrimary: false, syncs: false }, "waiting", "partner-down", {}, "ready"],
    [{}, "waiting", "in-maintenance", {}, "syncing"],
    [{}, "waiting", "syncing", {}, "waiting"],
    [{}, "waiting", "terminated", { age: 600_000 }, "waiting"],
    [{}, "waiting", "terminated", { age: 600_001 }, "terminated"],
    [{}, "waiting", "unavailable", {}, "waiting"],
    [{ isPrimary: false }, "waiting", "unavailable", LOST, "partner-down"],
    [{}, "waiting", "load-balancing", {}, "waiting"],
    [{}, "syncing", "waiting", {}, "syncing"],
    [{}, "syncing", "unavailable", LOST, "partner-down"],
    [{}, "ready", "waiting", {}, "ready"],
    [{}, "ready", "ready", {}, "hot-standby"],
    [{ isPrimary: false }, "ready", "ready", {}, "ready"],
    [{ isPrimary: false }, "ready", "hot-standby", {}, "hot-standby"],
    [{}, "ready", "terminated", {}, "terminated"],
    [{}, "ready", "unavailable", LOST, "partner-down"],
    [{}, "ready", "in-maintenance", {}, "partner-in-maintenance"],
    [{}, "hot-standby", "hot-standby", {}, "hot-standby"],
    [{}, "hot-standby", "unavailable", {}, "hot-standby"],
    [{}, "hot-standby", "unavailable", LOST, "partner-down"],
    [{ isPrimary: false }, "hot-standby", "unavailable", LOST, "hot-standby"],
    [{ isPrimary: false }, "hot-standby", "unavailable", { ...LOST, unacked: 10 }, "hot-standby"],
    [{ isPrimary: false }, "hot-standby", "unavailable", { ...LOST, unacked: 11 }, "partner-down"],
    [{ isPrimary: false }, "hot-standby", "unavailable", { unacked: 11 }, "hot-standby"],
    [{ isPrimary: false, mostUnacked: 0 }, "hot-standby", "unavailable", LOST, "partner-down"],
    [{}, "hot-standby", "partner-down", {}, "waiting"],
    [{}, "hot-standby", "terminated", {}, "terminated"],
    [{}, "hot-standby", "in-maintenance", {}, "partner-in-maintenance"],
    [{}, "hot-standby", "partner-in-maintenance", {}, "in-maintenance"],
    [{}, "hot-standby", "load-balancing", {}, "waiting"],
    [{}, "hot-standby", "hot-standby", { skew: 60 }, "hot-standby"],
    [{}, "hot-standby", "hot-standby", { skew: 61 }, "terminated"],
    [{}, "hot-standby", "hot-standby", { rejected: 9 }, "hot-standby"],
    [{}, "hot-standby", "hot-standby", { rejected: 10 }, "terminated"],
    [{ mostRejected: 0 }, "hot-standby", "hot-standby", { rejected: 99 }, "hot-standby"],
    [{}, "partner-down", "unavailable", LOST, "partner-down"],
    [{}, "partner-down", "waiting", {}, "partner-down"],
    [{}, "partner-down", "ready", {}, "hot-standby"],
    [{}, "partner-down", "ready", { hasUnsent: true }, "waiting"],
    [{}, "partner-down", "partner-down", {}, "waiting"],
    [{}, "partner-in-maintenance", "unavailable", {}, "partner-down"],
    [{}, "partner-in-maintenance", "in-maintenance", {}, "partner-in-maintenance"],
    [{}, "in-maintenance", "unavailable", LOST, "in-maintenance"],
    [{}, "terminated", "hot-standby", {}, "terminated"],
    [{}, "terminated", "terminated", {}, "terminated"],
    [{}, "terminated", "terminated", { age: 600_001 }, "waiting"],
    [{}, "terminated", "terminated", { age: 600_001, skew: 61 }, "terminated"],
    [{}, "terminated", "waiting", {}, "waiting"],
    [{}, "terminated", "ready", { rejected: 10 }, "waiting"],
    [{}, "terminated", "ready", { skew: 61 }, "terminated"],
    [{}, "terminated", "terminated", { age: 600_001, rejected: 10 }, "terminated"],
  ]));

describe("servers without a partner, and pauses", () =>
  check(PAIR, [
    [{ alone: "passive-backup" }, "waiting", "unknown", LOST, "passive-backup"],
    [{ alone: "backup" }, "waiting", "unknown", LOST, "backup"],
    [{ alone: "backup" }, "backup", "unknown", LOST, "backup"],
    [{ alone: "passive-backup" }, "in-maintenance", "unknown", LOST, "in-maintenance"],
    [{ alone: "backup" }, "waiting", "unknown", { isPaused: true }, "waiting"],
    [{}, "waiting", "waiting", { isPaused: true }, "waiting"],
    [{}, "hot-standby", "terminated", { isPaused: true, skew: 99 }, "hot-standby"],
  ]));

describe("load balancing", () =>
  check(BALANCED, [
    [{}, "ready", "ready", {}, "load-balancing"],
    [{}, "load-balancing", "unavailable", {}, "communication-recovery"],
    [{ mostDelayed: 0 }, "load-balancing", "unavailable", {}, "load-balancing"],
    [{}, "load-balancing", "unavailable", LOST, "communication-recovery"],
    [{}, "load-balancing", "unavailable", { ...LOST, unacked: 11 }, "partner-down"],
    [{}, "load-balancing", "hot-standby", {}, "waiting"],
    [{}, "communication-recovery", "unavailable", LOST, "communication-recovery"],
    [{}, "communication-recovery", "unavailable", { ...LOST, unacked: 11 }, "partner-down"],
    [{}, "communication-recovery", "load-balancing", {}, "load-balancing"],
    [{}, "communication-recovery", "communication-recovery", { hasOverflown: true }, "waiting"],
    [{}, "communication-recovery", "waiting", {}, "communication-recovery"],
    [{}, "communication-recovery", "waiting", { hasOverflown: true }, "waiting"],
    [{}, "communication-recovery", "partner-down", {}, "waiting"],
    [{}, "communication-recovery", "terminated", {}, "terminated"],
    [{}, "partner-down", "communication-recovery", {}, "waiting"],
    [{}, "ready", "communication-recovery", {}, "load-balancing"],
  ]));

const OURS = { heals: true };

// docs/high-availability.md: what happens when one rejects a lease, or the clocks differ?
describe("with one of ours nothing ends the pair", () =>
  check(BALANCED, [
    [{}, "load-balancing", "load-balancing", { ...OURS, skew: 1000, rejected: 99 }, "load-balancing"],
    [{}, "load-balancing", "terminated", OURS, "load-balancing"],
    [{}, "communication-recovery", "terminated", OURS, "communication-recovery"],
    [{}, "terminated", "terminated", { ...OURS, skew: 1000 }, "waiting"],
    [{}, "partner-down", "ready", { ...OURS, hasUnsent: true }, "partner-down"],
    [{}, "partner-down", "ready", OURS, "load-balancing"],
  ]));

it("states that serve, and those that serve all", () => {
  expect(STATES.filter((state) => !serves(state))).toEqual(["waiting", "syncing", "ready", "in-maintenance", "backup"]);
  expect(STATES.filter(servesAll)).toEqual(["partner-down", "partner-in-maintenance"]);
  expect(["ready", "asleep"].map(isState)).toEqual([true, false]);
});
