import { expect, it } from "vitest";
import { Field, LeaseRows, NO_SLOT } from "./lease-rows.ts";

const WIDTH = 14;

it("keeps every word of every row apart, over many chunks", () => {
  const rows = new LeaseRows(WIDTH);
  const slots = Array.from({ length: 10_000 }, () => rows.allocate());
  const fields = Array.from({ length: WIDTH }, (_, field) => field).filter((field) => field >= Field.validLifetime);
  for (const slot of slots) {
    for (const field of fields) rows.set(slot, field, slot * 16 + field);
    rows.setCltt(slot, slot - 0.5);
  }
  expect(slots).not.toContain(NO_SLOT);
  const wrong = slots.filter(
    (slot) => rows.getCltt(slot) !== slot - 0.5 || fields.some((field) => rows.get(slot, field) !== slot * 16 + field),
  );
  expect(wrong).toEqual([]);
});

it("gives released rows out again, with no flags, before it takes new ones", () => {
  const rows = new LeaseRows(WIDTH);
  const slots = [rows.allocate(), rows.allocate(), rows.allocate()];
  for (const slot of slots) rows.set(slot, Field.flags, 5);
  const end = rows.end;
  for (const slot of slots) rows.release(slot);
  const again = [rows.allocate(), rows.allocate(), rows.allocate()];
  expect(again.toSorted()).toEqual(slots);
  expect(again.map((slot) => rows.get(slot, Field.flags))).toEqual([0, 0, 0]);
  expect(rows.end).toBe(end);
  expect(rows.allocate()).toBe(end);
});
