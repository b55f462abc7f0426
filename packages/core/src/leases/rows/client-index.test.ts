import { expect, it } from "vitest";
import { ClientIndex } from "./client-index.ts";
import { LeaseRows, NO_SLOT } from "./lease-rows.ts";
import { Field4, ROW4 } from "./lease-rows4.ts";

function setUp() {
  const rows = new LeaseRows(ROW4);
  const keys = new Map<number, Uint8Array>();
  const index = new ClientIndex(rows, Field4.hwaddrLinks, (slot, key) => Buffer.compare(keys.get(slot)!, key) === 0);
  const add = (...key: number[]) => {
    const slot = rows.allocate();
    keys.set(slot, Uint8Array.from(key));
    index.add(slot, Uint8Array.from(key));
    return slot;
  };
  const list = (...key: number[]) => {
    const slots: number[] = [];
    for (let slot = index.first(Uint8Array.from(key)); slot !== NO_SLOT; slot = index.next(slot)) slots.push(slot);
    return slots;
  };
  return { index, keys, add, list, remove: (slot: number) => index.remove(slot, keys.get(slot)!) };
}

it("lists all rows of a client, the last one first, and of no other", () => {
  const { add, list } = setUp();
  const [a, , c, d] = [add(1, 2), add(2, 1), add(1, 2), add(1, 2)];
  expect(list(1, 2)).toEqual([d, c, a]);
  expect(list(1)).toEqual([]);
});

it.each([0, 1, 2])("still lists the others when the row at place %i goes", (place) => {
  const { add, list, remove } = setUp();
  const rows = [add(1), add(1), add(1)].toReversed();
  remove(rows[place]!);
  expect(list(1)).toEqual(rows.toSpliced(place, 1));
  for (const row of rows.toSpliced(place, 1)) remove(row);
  expect(list(1)).toEqual([]);
});

it("does not index empty keys", () => {
  const { add, list, remove } = setUp();
  const row = add();
  expect(list()).toEqual([]);
  remove(row);
  expect(list()).toEqual([]);
});
