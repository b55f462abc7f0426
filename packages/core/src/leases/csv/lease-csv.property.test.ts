import fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { NEWLINE, RowWriter } from "../../storage/row-writer.ts";
import type { Lease } from "../model/lease.ts";
import { anyLease4, anyLease6 } from "../testing/any-leases.ts";
import type { LeaseCsv } from "./lease-csv.ts";
import { lease4Csv } from "./lease4-csv.ts";
import { lease6Csv } from "./lease6-csv.ts";

function checkRows<L extends Lease>(name: string, csv: LeaseCsv<L>, lease: fc.Arbitrary<L>): void {
  const columns = Buffer.from(csv.header).toString().split(",").length;

  function write(value: L): Uint8Array {
    const out = new RowWriter(1);
    csv.write(value, out);
    return out.bytes.slice(0, out.length);
  }

  /** The lease in a line, or what is wrong with it. */
  function read(line: Uint8Array): L | string {
    const row = csv.rules.blank();
    return csv.readRow(row, line, 0, line.length, columns) ?? csv.rules.keep(row);
  }

  /** Kea's JSON knows bytes only: what is beyond ASCII comes back as its UTF-8. */
  function meaning(value: L | string): unknown {
    if (typeof value === "string") return value;
    const json = Buffer.from(value.userContext).toString("latin1");
    return { ...value, userContext: json && JSON.parse(json) };
  }

  test(`every lease of ${name} is one line that means the same when it is read`, () => {
    fc.assert(
      fc.property(lease, (value) => {
        const line = write(value);
        expect(line.indexOf(NEWLINE)).toBe(line.length - 1);
        expect(meaning(read(line.subarray(0, -1)))).toEqual(meaning(value));
      }),
    );
  });

  test(`a lease of ${name} whose line was changed at random is refused in words, or written back as it was understood (CVE-2021-25217)`, () => {
    const change = fc.record({
      at: fc.nat(400),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from(",:&#x.0129af"))),
    });
    fc.assert(
      fc.property(lease, fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(400), (value, changes, cut) => {
        const line = write(value).subarray(0, -1);
        for (const { at, byte } of changes) if (at < line.length) line[at] = byte;
        const found = read(line.subarray(0, cut < 200 ? line.length : cut));
        if (typeof found === "string") expect(found).toMatch(/^[a-z_]+ /);
        else {
          const again = write(found);
          expect(write(read(again.subarray(0, -1)) as L)).toEqual(again);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test(`any bytes are refused in words as a lease of ${name}`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(read(bytes)).toMatch(/^(has \d+ fields|[a-z_]+ )/);
      }),
    );
  });
}

checkRows("IPv4", lease4Csv, anyLease4);
checkRows("IPv6", lease6Csv, anyLease6);
