/** What every host database must do, whatever it keeps reservations in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestHosts } from "../testing/test-hosts.ts";
import type { HostDatabase, HostFilter, HostRecord } from "./host-database.ts";

export interface HostDatabaseHarness<Database> {
  /** Opens the database: empty the first time, with what it has when it was closed before. */
  open(): Promise<Database>;
  /** Removes what the test has left. */
  dispose(): Promise<void>;
}

export function describeHostDatabase<Type extends string, Address, Reservation>(
  name: string,
  family: TestHosts<Type, Address, Reservation>,
  createHarness: () => Promise<HostDatabaseHarness<HostDatabase<Type, Address, Reservation>>>,
): void {
  const { host, identifier, address, numberOf } = family;

  describe(`${name} as a host database of ${family.name}`, () => {
    let harness: HostDatabaseHarness<HostDatabase<Type, Address, Reservation>>;
    let database: HostDatabase<Type, Address, Reservation>;

    beforeEach(async () => {
      harness = await createHarness();
      database = await harness.open();
    });

    afterEach(async () => {
      await database.close();
      await harness.dispose();
    });

    const numbers = (records: readonly HostRecord[]) => records.map(({ reservation }) => numberOf(reservation));
    const find = async (filter: HostFilter<Type, Address>) => numbers(await database.find(filter));
    const add = (...given: Parameters<typeof host>) => database.add(host(...given), true);
    const question = (asked: { subnetId?: number; clients?: number[]; addresses?: number[] }) => ({
      subnetId: asked.subnetId ?? 1,
      identifiers: (asked.clients ?? []).map(identifier),
      addresses: (asked.addresses ?? []).map(address),
    });

    it("keeps what it is given", async () => {
      await add(1, [11], { hostname: "one", "client-classes": ["a", "b"], "user-context": { room: "12" } });
      await add(2, [], {}, 0);
      await database.close();
      database = await harness.open();
      const [one] = await database.find({ subnetId: 1 });
      expect(one).toMatchObject({ subnetId: 1, reservation: { hostname: "one", "client-classes": ["a", "b"] } });
      expect(one?.reservation).toMatchObject({ "user-context": { room: "12" } });
      expect(await find({ subnetId: 0 })).toEqual([2]);
    });

    it("answers the questions of a batch: by identifiers and by addresses, of each subnet apart", async () => {
      await add(1, [11]);
      await add(2, [12]);
      await add(3, [13]);
      await add(1, [21], {}, 2);
      await add(4, [], {}, 0);
      const records = await database.load([
        question({ clients: [1, 9], addresses: [11, 13, 99] }),
        question({ subnetId: 2, clients: [2] }),
        question({ subnetId: 0, clients: [4] }),
      ]);
      expect(numbers(records).sort()).toEqual([1, 3, 4]);
      expect(new Set(records.map(({ id }) => id)).size).toBe(3);
      expect(await database.load([])).toEqual([]);
      if (database.peek !== undefined) expect(numbers(database.peek([question({ clients: [2] })]))).toEqual([2]);
    });

    it("tells which of some addresses are reserved in a subnet", async () => {
      for (const number of [1, 2, 3]) await add(number, [10 + number]);
      await add(1, [21], {}, 2);
      const asked = [9, 11, 12, 13, 14, 21].map((number) => address(number));
      const reserved = [11, 12, 13].map((number) => address(number));
      expect((await database.reservedAmong(1, asked)).toSorted()).toEqual(reserved);
      expect(await database.reservedAmong(2, asked)).toEqual([address(21)]);
      expect(await database.reservedAmong(3, asked)).toEqual([]);
      expect(await database.reservedAmong(1, [])).toEqual([]);
      const many = Array.from({ length: 250 }, (_, number) => address(1 + number));
      expect((await database.reservedAmong(1, many)).toSorted()).toEqual(reserved);
      if (database.peekReserved !== undefined) expect(database.peekReserved(1, asked)).toEqual(reserved);
    });

    it("finds by all that is asked for", async () => {
      await add(1, [11], { hostname: "Printer.example.org" });
      await add(2, [12], { hostname: "other" });
      await add(3, [11], { hostname: "printer.example.org" }, 2);
      expect(await find({ subnetId: 1 })).toEqual([1, 2]);
      expect(await find({ address: address(11) })).toEqual([1, 3]);
      expect(await find({ subnetId: 2, address: address(11) })).toEqual([3]);
      expect(await find({ hostname: "PRINTER.example.org" })).toEqual([1, 3]);
      expect(await find({ subnetId: 1, hostname: "printer.example.org" })).toEqual([1]);
      expect(await find({ identifier: identifier(2) })).toEqual([2]);
      expect(await find({ subnetId: 2, identifier: identifier(2) })).toEqual([]);
    });

    it("gives pages in the order in which reservations came", async () => {
      for (const number of [5, 3, 4]) await add(number, [number]);
      await add(6, [6], {}, 2);
      const first = await database.page({ after: 0, limit: 2 });
      expect(numbers(first)).toEqual([5, 3]);
      const second = await database.page({ after: first.at(-1)!.id, limit: 2 });
      expect(numbers(second)).toEqual([4, 6]);
      expect(await database.page({ after: second.at(-1)!.id, limit: 2 })).toEqual([]);
      expect(numbers(await database.page({ after: 0, limit: 9, subnetId: 2 }))).toEqual([6]);
    });

    it("adds no second reservation of a client in a subnet, nor of an address where it has to be unique", async () => {
      expect(await add(1, [11])).toBe(true);
      expect(await add(1, [11])).toBe(false);
      expect(await add(1, [12])).toBe(false);
      expect(await add(2, [11])).toBe(false);
      expect(await add(1, [11], {}, 2)).toBe(true);
      expect(await add(3, [13], {}, 3)).toBe(true);
      expect(await add(4, [14], {}, 3)).toBe(true);
      expect(await add(3, [14], {}, 3)).toBe(false);
      expect(await database.add(host(1, [12]), false)).toBe(false);
      expect(await database.add(host(2, [11]), false)).toBe(true);
      expect((await find({ subnetId: 1 })).sort()).toEqual([1, 2]);
      expect(await database.load([question({ addresses: [11] })])).toHaveLength(2);
    });

    it("replaces a reservation as a whole", async () => {
      await add(1, [11], { hostname: "one" });
      await add(2, [12]);
      expect(await database.update(host(1, [13]), true)).toBe("updated");
      expect(await database.update(host(3, [14]), true)).toBe("absent");
      expect(await database.update(host(1, [12]), true)).toBe("conflict");
      expect(await find({ address: address(11) })).toEqual([]);
      expect(await find({ subnetId: 1, address: address(13) })).toEqual([1]);
      expect(await find({ hostname: "one" })).toEqual([]);
      expect(await database.update(host(1, [13], { hostname: "again" }), true)).toBe("updated");
      expect(await find({ hostname: "again" })).toEqual([1]);
    });

    it("removes what is asked for, and counts it", async () => {
      for (const number of [1, 2, 3]) await add(number, [number]);
      expect(await database.remove({ subnetId: 1, identifier: identifier(1) })).toBe(1);
      expect(await database.remove({ subnetId: 1, identifier: identifier(1) })).toBe(0);
      expect(await database.remove({ subnetId: 2, address: address(2) })).toBe(0);
      expect(await database.remove({ subnetId: 1, address: address(2) })).toBe(1);
      expect(await find({ subnetId: 1 })).toEqual([3]);
      expect(await add(1, [1])).toBe(true);
      await database.close();
      database = await harness.open();
      expect((await find({ subnetId: 1 })).sort()).toEqual([1, 3]);
    });
  });
}
