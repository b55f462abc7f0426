import { expect, it } from "vitest";
import { testHosts4 } from "../testing/test-hosts.ts";
import { formatHost, HostTable } from "./host-table.ts";
import { hostTable4 } from "./host-table4.ts";

const { host } = testHosts4;

it("gives all lines as they were, whatever changes while somebody goes through them", async () => {
  const table = new HostTable(hostTable4);
  const ids = [1, 2, 3].map((number) => table.add(host(number, [10 + number])));
  const before = ids.map((id) => table.lineOf(id));
  const seen = await table.withLines(async (lines) => {
    const found: string[] = [];
    for (const line of lines) {
      if (found.length === 0) {
        table.remove(ids[1]!);
        table.replace(ids[2]!, host(3, [43]));
        table.add(host(4, [14]));
      }
      found.push(line);
    }
    return found;
  });
  expect(seen).toEqual(before);
  const after = await table.withLines(async (lines) => [...lines]);
  expect(after).toEqual([before[0], expect.stringContaining('"192.0.2.43"'), expect.stringContaining('"192.0.2.14"')]);
});

it("reads of a page what it has, wherever that begins, and gives way between what it passes over", () => {
  const table = new HostTable(hostTable4);
  for (let number = 1; number <= 60; number++) table.add(host(number, [], {}, number % 3));
  table.remove(52);
  const stepsOf = (page: Generator<void, readonly number[]>) => {
    let steps = 0;
    for (let next = page.next(); ; next = page.next(), steps++) if (next.done) return { steps, ids: next.value };
  };
  expect(stepsOf(table.page({ after: 50, limit: 3 }))).toEqual({ steps: 3, ids: [51, 53, 54] });
  expect(stepsOf(table.page({ after: 50, limit: 3, subnetId: 1 }))).toEqual({ steps: 9, ids: [55, 58] });
});

it("finds who is there several times by what the last of them says", () => {
  const table = new HostTable(hostTable4);
  for (const last of [11, 12, 13]) {
    table.put(host(1, [last]), formatHost(host(1, [last])));
    expect(table.lineOf(table.idOf(host(1))!)).toContain(`"192.0.2.${last}"`);
  }
  expect([11, 12, 13].filter((last) => table.isTaken(host(2, [last])))).toEqual([13]);
});
