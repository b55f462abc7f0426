/** What a server believes of what its partner says of itself. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Partner } from "./partner.ts";
import { isState } from "./state.ts";

const TOLD = { state: "hot-standby", scopes: ["a"], "date-time": "Mon, 30 Nov 2026 02:07:49 GMT" };
const TIME = Date.UTC(2026, 10, 30, 2, 7, 49) / 1000;

const heard = (answer: unknown, sent = TIME, received = TIME) => {
  const partner = new Partner(0);
  partner.heard(answer, { began: 0, now: 1 }, sent, received);
  return partner;
};

it.each([
  ["says nothing", undefined],
  ["says a text", "hot-standby"],
  ["tells no state", {}],
  ["tells a state of a later version", { ...TOLD, state: "hot-swap" }],
  ["tells a state that is none", { ...TOLD, state: ["ready"] }],
])("one that %s has not answered", (_, answer) => {
  expect(() => heard(answer)).toThrow("its heartbeat tells no state");
});

it("one that says what no partner says is believed what can be believed", () => {
  const { hasUnsent, scopes } = heard({
    ...TOLD,
    "unsent-update-count": { toString: 1 },
    scopes: ["a", { toString: 1 }],
  });
  expect([hasUnsent, scopes]).toEqual([false, ["a"]]);
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(TOLD), "unsent-update-count", "healing"), fc.anything()),
      (odd) => {
        const partner = heard({ ...odd, state: "ready" });
        expect(isState(partner.state)).toBe(true);
        expect(partner.scopes.every((scope) => typeof scope === "string")).toBe(true);
        expect(Number.isInteger(partner.skew)).toBe(true);
      },
    ),
  );
});

it.each([
  ["between asking and hearing", TIME - 70, TIME + 2, 0],
  ["in the same second", TIME + 0.9, TIME + 0.95, 0],
  ["before it was asked", TIME + 30, TIME + 31, -30],
  ["after it was heard", TIME - 31, TIME - 30, 31],
])("a clock read %s", (_, sent, received, skew) => {
  expect(heard(TOLD, sent, received).skew).toBe(skew);
});

it("a clock read some time in a long silence is as far ahead as it was, if that may be", () => {
  const partner = heard(TOLD, TIME - 30.5, TIME - 30.4);
  expect(partner.skew).toBe(31);
  partner.heard(TOLD, { began: 0, now: 2 }, TIME - 40, TIME - 1);
  expect(partner.skew).toBe(31);
  partner.heard(TOLD, { began: 0, now: 3 }, TIME, TIME + 0.1);
  expect(partner.skew).toBe(0);
});

it("each reading of a clock that has been set says more of it, however long each answer was under way", () => {
  const partner = new Partner(0);
  const skews = [
    [35, 15],
    [20, 5],
    [30, 19.5],
    [30.6, 29.7],
  ].map(([before, behind], now) => {
    partner.heard(TOLD, { began: 0, now }, TIME - before!, TIME - behind!);
    return partner.skew;
  });
  // Between 15 and 36, 15 and 21, 19.5 and 21; before the last one it was set once more.
  expect(skews).toEqual([26, 18, 20, 31]);
  partner.heard({ ...TOLD, "date-time": undefined }, { began: 0, now: 9 }, TIME, TIME);
  expect(partner.skew).toBe(0);
});

it("only one of ours says what it has not told", () => {
  expect(heard(TOLD).healing).toBeUndefined();
  expect(heard({ ...TOLD, healing: { untold: 7 } }).healing).toBeUndefined();
  expect(heard({ ...TOLD, healing: { untold: "7 1", more: 1 } }).healing).toEqual({ untold: "7 1" });
});

it("one that does not answer is not waited for any longer than it may be silent", () => {
  const partner = heard(TOLD);
  const waited = (now: number) => partner.inTime(9000, now, 60_000);
  expect(waited(56_000)).toBe(9000);
  partner.lost(new Error("no answer"));
  expect([1000, 56_000, 60_002].map(waited)).toEqual([9000, 4002, 9000]);
});

it("of one of which everything was forgotten, an answer to what was asked before says no state", () => {
  const partner = heard(TOLD);
  partner.forget(5);
  partner.heard(TOLD, { began: 4, now: 6 }, TIME, TIME);
  expect([partner.state, partner.lastHeard]).toEqual(["unknown", 6]);
  partner.heard(TOLD, { began: 6, now: 7 }, TIME, TIME);
  expect(partner.state).toBe("hot-standby");
});
