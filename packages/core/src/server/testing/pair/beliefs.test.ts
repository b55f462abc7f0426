/** Two servers in partner-down that cannot hear each other: the first confirms out of the lease cache what the second is told. */
import { expect, it } from "vitest";
import { Beliefs } from "./beliefs.ts";

const PLACE = "192.0.2.13";

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
  expect(confirmed({ isReleased: true, wait: 5 })).toThrow("while a has it");
});
