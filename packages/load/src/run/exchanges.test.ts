import { expect, test } from "vitest";
import { Exchanges, Stray } from "./exchanges.ts";

function begun(): { exchanges: Exchanges; slot: number; number: number } {
  const exchanges = new Exchanges();
  exchanges.begin(6, 0, 0);
  const slot = exchanges.begin(7, 2, 0);
  exchanges.setSent(slot, 100);
  return { exchanges, slot, number: exchanges.numberOf(slot) };
}

test("a reply finds the exchange that waits for it, with all that it knows", () => {
  const { exchanges, slot, number } = begun();
  expect(exchanges.match(number, 0)).toBe(slot);
  expect([exchanges.clientOf(slot), exchanges.stepOf(slot), exchanges.sentAt(slot)]).toEqual([7, 2, 100]);
});

test("a reply to the message before, or to one that is answered, is one too many", () => {
  const { exchanges, slot, number } = begun();
  exchanges.proceed(slot, 1);
  expect(exchanges.match(number, 0)).toBe(Stray.duplicate);
  expect(exchanges.match(number, 1)).toBe(slot);
  exchanges.end(slot);
  expect(exchanges.match(number, 1)).toBe(Stray.duplicate);
});

test("a reply to what was not sent is foreign", () => {
  const { exchanges, number } = begun();
  expect(exchanges.match(number, 1)).toBe(Stray.foreign);
  expect(exchanges.match(number + 1, 0)).toBe(Stray.foreign);
  // Of the same slot.
  expect(exchanges.match(number + 2 ** 18, 0)).toBe(Stray.foreign);
});

test("who waits too long is given up once, and its reply is late", () => {
  const exchanges = new Exchanges();
  const [first, second] = [exchanges.begin(0, 0, 0), exchanges.begin(1, 0, 0)];
  exchanges.setSent(first, 100);
  exchanges.setSent(second, 200);
  const lost: number[] = [];
  exchanges.expire(100, (slot) => lost.push(slot));
  expect(lost).toEqual([]);
  exchanges.expire(101, (slot) => lost.push(slot));
  exchanges.expire(101, (slot) => lost.push(slot));
  expect(lost).toEqual([first]);
  expect(exchanges.match(exchanges.numberOf(first), 0)).toBe(Stray.late);
  expect(exchanges.areUnderWay).toBe(true);
  exchanges.end(second);
  exchanges.expire(0, (slot) => lost.push(slot));
  expect([lost.length, exchanges.areUnderWay]).toEqual([1, false]);
});

test("one that has not been sent yet is not given up", () => {
  const exchanges = new Exchanges();
  exchanges.begin(0, 0, 0);
  exchanges.expire(1e9, () => expect.fail("given up"));
  expect(exchanges.areUnderWay).toBe(true);
});

test("there are no more under way than can be told apart", () => {
  const exchanges = new Exchanges();
  for (let i = 0; i < 2 ** 18; i++) exchanges.setSent(exchanges.begin(i, 0, 0), i);
  expect(exchanges.areTooMany).toBe(true);
  exchanges.expire(1, () => undefined);
  expect(exchanges.areTooMany).toBe(false);
  // Transaction ids go round long after the slots do.
  expect(exchanges.numberOf(exchanges.begin(0, 0, 0))).toBe(2 ** 18);
});
