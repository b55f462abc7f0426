/** What clients may have to bear of two servers in partner-down that cannot hear each other, and no more. */
import { expect, it } from "vitest";
import { ELSEWHERE } from "../../packets/turns.ts";
import { Beliefs } from "./beliefs.ts";

const PLACE = "192.0.2.13";

/** The first server confirms to a, maybe out of the lease cache, what it may have released at the second. @returns it goes to b */
function confirmed(given: { readonly isReleased: boolean; readonly wait: number }) {
  const time = { now: 0 };
  const holders = ["a", "a"];
  const holderOf = (which: 0 | 1) => ({ holderOf: () => ({ who: holders[which]!, rest: 100 - time.now / 1000 }) });
  const beliefs = new Beliefs({ time, machines: [holderOf(0), holderOf(1)], stateOf: () => "partner-down" });
  const told = { place: PLACE, until: 100_000 };
  beliefs.add("a", { ...told, from: 1 });
  if (given.isReleased) beliefs.forget("a");
  beliefs.add("a", { ...told, from: 0 });
  time.now += given.wait;
  beliefs.judge();
  holders[1] = "b";
  return () => beliefs.add("b", { ...told, from: 1 });
}

it("a client's lease may be another one's at the server that it has just been released at, and that has it on disk still", () => {
  expect(confirmed({ isReleased: true, wait: 1 })).not.toThrow();
});

it("is the client's where it has not been released, or stays at that server", () => {
  expect(confirmed({ isReleased: false, wait: 1 })).toThrow("while a has it");
  expect(confirmed({ isReleased: true, wait: ELSEWHERE.time + 1 })).toThrow("while a has it");
});

function lostTo(rest: number) {
  const time = { now: 0 };
  let state = "partner-down";
  const leases = [
    { who: "a", rest: 100 },
    { who: "b", rest },
  ];
  const held = (which: 0 | 1) => ({ holderOf: () => leases[which] });
  const beliefs = new Beliefs({ time, machines: [held(0), held(1)], stateOf: () => state });
  beliefs.add("a", { place: PLACE, until: 100_000, from: 0 });
  state = "load-balancing";
  leases[0] = leases[1]!;
  beliefs.judge();
  time.now += 21_000;
  return () => beliefs.judge();
}

it("a client's lease may be lost to whom the other server alone has acknowledged it as lately, heard or not", () => {
  expect(lostTo(99)).not.toThrow();
  expect(lostTo(90)).toThrow("a believes in");
});
