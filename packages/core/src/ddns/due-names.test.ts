import { beforeEach, describe, expect, it } from "vitest";
import type { Lease4 } from "../leases/model/lease4.ts";
import { family4 } from "../leases/testing/test-families.ts";
import { keyOfRemoval, type OwedRemoval, withOwedRemovals } from "../leases/user-context/owed-removals.ts";
import { DueNames, owesUnsent } from "./due-names.ts";

const REMOVAL: OwedRemoval = { fqdn: "one.example.org.", forward: true, reverse: true, dhcid: "00" };
const OTHER: OwedRemoval = { ...REMOVAL, fqdn: "two.example.org." };
const lease = family4.lease(1);

function owing(...removals: readonly OwedRemoval[]): Lease4 {
  return { ...lease, userContext: withOwedRemovals("", { removals, isGone: false }) };
}

let due: DueNames<Lease4>;

beforeEach(() => {
  due = new DueNames();
  due.limit = 2;
});

const addresses = () => [...due].map(({ address }) => address);

describe("what is due", () => {
  it("is kept in the order in which it came, as far as there is room", () => {
    due.note(2, lease, "two");
    expect([due.size, due.isFull]).toEqual([1, false]);
    due.note(1, lease, "one");
    expect([addresses(), due.size, due.isFull]).toEqual([[2, 1], 2, true]);
    due.drop(2);
    expect([addresses(), due.isFull]).toEqual([[1], false]);
    due.clear();
    expect(due.size).toBe(0);
  });

  it("at an address is what was said last", () => {
    due.note(1, lease, "one");
    const later = { ...lease, cltt: lease.cltt + 1 };
    due.note(1, later, "two");
    expect(due.get(1)).toEqual({ address: 1, lease: later, added: "two", adding: undefined, removing: [] });
    expect(due.size).toBe(1);
  });

  it("is forgotten when nothing is left to be told, and nothing is on its way", () => {
    due.note(1, owing(REMOVAL), "one");
    due.note(1, owing(REMOVAL), undefined);
    expect(due.size).toBe(1);
    const entry = due.get(1)!;
    entry.adding = lease;
    due.note(1, lease, undefined);
    expect(due.size).toBe(1);
    entry.adding = undefined;
    entry.removing = [keyOfRemoval(REMOVAL)];
    due.settle(entry);
    expect(due.size).toBe(1);
    entry.removing = [];
    due.settle(entry);
    expect(due.size).toBe(0);
  });

  it("is not forgotten for what was due there before", () => {
    due.note(1, lease, "one");
    const former = due.get(1)!;
    due.drop(1);
    due.note(1, owing(REMOVAL), undefined);
    former.added = undefined;
    due.settle(former);
    expect(due.get(1)?.lease).toEqual(owing(REMOVAL));
  });
});

describe("a removal", () => {
  const entryOf = (of: Lease4, ...removing: readonly OwedRemoval[]) => ({
    address: 1,
    lease: of,
    added: undefined,
    adding: undefined,
    removing: removing.map(keyOfRemoval),
  });

  it("is to be sent unless it is on its way", () => {
    expect(owesUnsent(entryOf(lease))).toBe(false);
    expect(owesUnsent(entryOf(owing(REMOVAL)))).toBe(true);
    expect(owesUnsent(entryOf(owing(REMOVAL), REMOVAL))).toBe(false);
    expect(owesUnsent(entryOf(owing(REMOVAL, OTHER), REMOVAL))).toBe(true);
    expect(owesUnsent(entryOf(owing(REMOVAL, OTHER), OTHER, REMOVAL))).toBe(false);
  });
});
