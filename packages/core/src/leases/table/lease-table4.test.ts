import { expect, it } from "vitest";
import { family4 } from "../testing/test-families.ts";
import { LeaseTable4 } from "./lease-table4.ts";

const NOW = 1_800_000_000;

function tableOf(...addresses: number[]): LeaseTable4 {
  const table = new LeaseTable4(NOW);
  for (const address of addresses) table.put({ ...family4.lease(0), address });
  return table;
}

it("pages reach over the whole address space, ends included", () => {
  const addresses = [0, 1, 0x0a00_ffff, 0x0a01_0000, 0xc0a8_0001, 0xffff_ffff];
  const table = tableOf(...addresses.toReversed());
  const paged: number[] = [];
  for (let page = table.page(-1, 2); page.length > 0; page = table.page(paged.at(-1)!, 2)) {
    paged.push(...page.map(({ address }) => address));
  }
  expect(paged).toEqual(addresses);
});

it("an empty hardware address and an absent client id are nobody's", () => {
  const table = new LeaseTable4(NOW);
  table.put({ ...family4.lease(0), hwaddr: new Uint8Array(0) });
  table.put({ ...family4.lease(1), clientId: undefined });
  expect(table.byHwaddr(new Uint8Array(0))).toEqual([]);
  expect(table.byClientId(new Uint8Array(0))).toEqual([]);
  expect(table.byClientId(family4.lease(0).clientId!)).toHaveLength(1);
  expect(table.byHwaddr(family4.lease(1).hwaddr)).toHaveLength(1);
});

it("a pool knows whether one of its addresses has no lease, whenever it was opened", () => {
  const table = tableOf(10);
  const old = table.openPool({ first: 10, last: 12, excluded: [12] });
  expect(old.hasUnused).toBe(true);
  table.put({ ...family4.lease(0), address: 11 });
  const late = table.openPool({ first: 11, last: 12, excluded: [] });
  expect([old.hasUnused, late.hasUnused]).toEqual([false, true]);
  table.put({ ...family4.lease(0), address: 12 });
  table.remove(11);
  expect([old.hasUnused, late.hasUnused]).toEqual([true, true]);
});
