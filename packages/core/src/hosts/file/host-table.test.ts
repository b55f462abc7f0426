import { expect, it } from "vitest";
import { testHosts4 } from "../testing/test-hosts.ts";
import { HostTable } from "./host-table.ts";
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
