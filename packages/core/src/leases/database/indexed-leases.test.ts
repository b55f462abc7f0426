import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { IndexedLeases } from "./indexed-leases.ts";

interface Row {
  readonly key: number;
  readonly clients: readonly string[];
}
const family = { keyOf: ({ key }: Row) => key, identifiersOf: ({ clients }: Row) => clients };
const CLIENTS = ["a", "b", "c"];

it("leases are found by their keys and by each of their clients, in the order in which they were put", () => {
  const row = fc.record({ key: fc.nat(4), clients: fc.subarray(CLIENTS) });
  const step = fc.oneof({ arbitrary: row, weight: 2 }, fc.nat(4));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const leases = new IndexedLeases<Row, number>(family);
      let all: Row[] = [];
      for (const each of steps) {
        const key = typeof each === "number" ? each : each.key;
        all = all.filter((other) => other.key !== key);
        if (typeof each === "number") leases.delete(each);
        else {
          leases.put(each);
          all.push(each);
        }
        expect([...leases.values()]).toEqual(all);
        expect(leases.size).toBe(all.length);
        for (const client of CLIENTS) {
          expect([...leases.ofClient(client)]).toEqual(all.filter(({ clients }) => clients.includes(client)));
        }
        for (let at = 0; at <= 4; at++) expect(leases.get(at)).toBe(all.find((other) => other.key === at));
      }
    }),
    { numRuns: runs(100) },
  );
});
