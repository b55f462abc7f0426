/** For how long it is known whose leases a partner has rejected. */
import { expect, it } from "vitest";
import { RejectedClients } from "./rejected-clients.ts";

const DAY = 86_400_000;

it("each counts once, for a day since the last time, or until something of it is accepted", () => {
  let now = 0;
  const rejected = new RejectedClients(() => now);
  expect(["a", "b", "a"].map((client) => rejected.add(client))).toEqual([true, true, false]);
  expect(rejected.count).toBe(2);
  now = DAY / 2;
  rejected.add("a");
  now = DAY - 1;
  expect(rejected.count).toBe(2);
  now = DAY;
  expect(rejected.count).toBe(1);
  expect([rejected.accept("b"), rejected.accept("a"), rejected.count]).toEqual([false, true, 0]);
});
