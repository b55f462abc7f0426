/** What one of ours tells its like of leases, from its store to that of the other: as rows of a lease file, in JSON. */
import type { CommandAnswer, Lease as ShownLease } from "@kotare/extension";
import { formFor, lasting } from "@kotare/high-availability/lease-updates";
import { synchronise } from "@kotare/high-availability/synchronise";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latin1 } from "../../base/bytes.ts";
import { runs } from "../../base/testing/runs.ts";
import { readRows } from "../../control/commands/lease/given-rows.ts";
import { leaseCommands4, leaseCommands6 } from "../../control/commands/lease-commands.ts";
import { formatJson, type Json } from "../../control/kea-json.ts";
import { parseCommand } from "../../control/parse-command.ts";
import type { LeaseCsv } from "../../leases/csv/lease-csv.ts";
import { lease4Csv } from "../../leases/csv/lease4-csv.ts";
import { lease6Csv } from "../../leases/csv/lease6-csv.ts";
import type { Lease } from "../../leases/model/lease.ts";
import { anyLease4, anyLease6 } from "../../leases/testing/any-leases.ts";
import { RowWriter } from "../../storage/row-writer.ts";
import { ShownChange } from "../lease-change.ts";

/** The arguments of a command as the other end gets them, read from the bytes of its line. */
function carried(command: string, args: object): unknown {
  const text = latin1(Buffer.from(JSON.stringify({ arguments: args, command })));
  const parsed = parseCommand(text);
  if (parsed.kind !== "command") throw new Error(parsed.what);
  expect(parsed.name).toBe(command);
  const { arguments: schema } = [...leaseCommands4, ...leaseCommands6].find(({ name }) => name === command) as {
    arguments: { parse(given: unknown): unknown };
  };
  return schema.parse(parsed.arguments);
}

/** An answer as the one who has asked gets it. */
function returned(answer: Json): CommandAnswer {
  return JSON.parse(Buffer.from(formatJson(answer), "latin1").toString());
}

function checkWire<L extends Lease>(family: 4 | 6, csv: LeaseCsv<L>, lease: fc.Arbitrary<L>): void {
  const read = (rows: string): readonly L[] => {
    const leases = readRows(rows, csv);
    if ("result" in leases) throw new Error(leases.text);
    return leases;
  };
  /** As the lease file of the one who tells has it. */
  const kept = (one: L, isGone: boolean) => {
    const out = new RowWriter(1);
    if (isGone) csv.writeRemoval(one, out);
    else csv.write(one, out);
    return read(latin1(out.bytes.subarray(0, out.length)));
  };
  const words = { describe: () => ({}) as ShownLease, csv };

  test("changes of leases are what the lease file of the one who tells them says", () => {
    const change = fc.record({ one: lease, kind: fc.constantFrom("put", "remove", "rely") });
    const ahead = fc.integer({ min: -200, max: 200 });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 9 }), ahead, (changes, shift) => {
        const told = changes.map(({ one, kind }) => lasting(new ShownChange(kind, one, undefined, words), "row"));
        const form = formFor(family, new Set([`lease${family}-get-rows`]));
        const { command, arguments: args } = form.commandOf(told, shift);
        const given = carried(command, args) as { readonly rows: string };
        expect(given).toMatchObject({ shift, "newer-stays": true, "newer-only": false, origin: "ha-partner" });
        const expected = changes.flatMap(({ one, kind }) => kept(one, kind === "remove"));
        expect(read(given.rows)).toEqual(expected);
        expect(told.map(({ address }) => address)).toEqual(changes.map(({ one }) => csv.rules.formatAddress(one)));
      }),
      { numRuns: runs(40) },
    );
  });

  test("leases that are fetched are those that the other has", async () => {
    const page = fc.record({ leases: fc.array(lease, { minLength: 1, maxLength: 30 }), at: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(page, async ({ leases, at }) => {
        const pages = [leases.slice(0, at), leases.slice(at)];
        const ask = async (command: string): Promise<CommandAnswer> => {
          if (command === "list-commands") return { result: 0, arguments: ["ha-sync-begin-notify"] };
          if (command !== `lease${family}-get-rows`) return { result: 0 };
          const next = pages.shift()!;
          const last = pages.length === 0 ? undefined : "next";
          const rows = next.map((one) => csv.format(one, false)).join("");
          return returned({ arguments: { count: next.length, last, rows }, result: 0 });
        };
        let rows = "";
        const own = async (command: string, args: object): Promise<CommandAnswer> => {
          rows += (carried(command, args) as { readonly rows: string }).rows;
          return { result: 0, arguments: { count: 0 } };
        };
        await synchronise(ask, own, {
          family,
          serverName: "a",
          pageLimit: 1000,
          patience: 60,
          ahead: 0,
          index: 0,
          isOnly: true,
          has: () => true,
        });
        expect(read(rows)).toEqual(leases.flatMap((one) => kept(one, false)));
      }),
      { numRuns: runs(40) },
    );
  });
}

describe("DHCPv4", () => checkWire(4, lease4Csv, anyLease4));
describe("DHCPv6", () => checkWire(6, lease6Csv, anyLease6));
