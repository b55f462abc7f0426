/** How often addresses are asked, and how long answers are waited for. */
import type { ProbeAnswer } from "@kotare/netio/address-probe";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { Pings, type Probe } from "./pings.ts";

const ADDRESS = 0xc000020a;

let asked: number[];
let answer: (address: number, answer: ProbeAnswer) => void;
let pings: Pings;

/** @param refusal why nothing can be asked */
function open(refusal?: string): void {
  asked = [];
  pings = new Pings((onAnswer): Probe => {
    answer = onAnswer;
    const ask = (address: number) => {
      asked.push(address);
      return refusal;
    };
    return { ask, [Symbol.dispose]: () => {} };
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  open();
});

it("an address at which somebody answers is in use, at whichever request", async () => {
  const found = pings.isInUse(ADDRESS, 3, 100);
  await vi.advanceTimersByTimeAsync(150);
  expect(asked).toEqual([ADDRESS, ADDRESS]);
  answer(ADDRESS, "in-use");
  expect(await found).toBe(true);
  expect(asked).toHaveLength(2);
});

it("one at which nobody answers in time is not, and was asked as often as wanted", async () => {
  const found = pings.isInUse(ADDRESS, 3, 100);
  answer(ADDRESS + 1, "in-use");
  await vi.advanceTimersByTimeAsync(299);
  expect(asked).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(await found).toBe(false);
});

it("one that cannot be reached, or asked, is not", async () => {
  const found = pings.isInUse(ADDRESS, 3, 100);
  answer(ADDRESS, "unreachable");
  expect(await found).toBe(false);
  open("ENETUNREACH");
  expect(await pings.isInUse(ADDRESS, 3, 100)).toBe(false);
  expect(asked).toHaveLength(1);
});

it("an answer is for all that wait for it, and one that comes late is nobody's", async () => {
  const both = [pings.isInUse(ADDRESS, 1, 100), pings.isInUse(ADDRESS, 1, 200)];
  await vi.advanceTimersByTimeAsync(150);
  answer(ADDRESS, "in-use");
  expect(await Promise.all(both)).toEqual([false, true]);
  answer(ADDRESS, "in-use");
});
