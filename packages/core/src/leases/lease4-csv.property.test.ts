import fc from "fast-check";
import { expect, test } from "vitest";
import { NEWLINE, RowWriter } from "./csv-fields.ts";
import { type Lease4, LeaseState } from "./lease4.ts";
import { lease4Csv } from "./lease4-csv.ts";

const uint32 = fc.nat(0xffff_ffff);
const latin1 = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 40 });
// The reader makes letters small, and takes what looks like an escape for one; clients' names go through the writer.
const hostname = latin1.map((text) => text.replace(/[A-Z]/g, "x"));

const lease: fc.Arbitrary<Lease4> = fc
  .record({
    address: uint32,
    hwaddr: fc.uint8Array({ maxLength: 20 }),
    clientId: fc.option(fc.uint8Array({ minLength: 1, maxLength: 255 }), { nil: undefined }),
    validLifetime: uint32,
    cltt: uint32,
    subnetId: uint32,
    poolId: uint32,
    state: fc.constantFrom(LeaseState.assigned, LeaseState.declined, LeaseState.reclaimed),
    fqdnFwd: fc.boolean(),
    fqdnRev: fc.boolean(),
    hostname,
    userContext: fc.option(
      fc.dictionary(latin1, latin1).map((map) => JSON.stringify(map)),
      { nil: "" },
    ),
  })
  .filter((each) => lease4Csv.rules.check(each) === undefined);

function write(value: Lease4): Uint8Array {
  const out = new RowWriter(1);
  lease4Csv.write(value, out);
  return out.bytes.slice(0, out.length);
}

/** The lease in a line, or what is wrong with it. */
function read(line: Uint8Array): Lease4 | string {
  const row = lease4Csv.rules.blank();
  return lease4Csv.readRow(row, line, 0, line.length, 12) ?? lease4Csv.rules.keep(row);
}

/** Kea's JSON knows bytes only: what is beyond ASCII comes back as its UTF-8. */
function meaning(value: Lease4 | string): unknown {
  if (typeof value === "string") return value;
  const json = Buffer.from(value.userContext).toString("latin1");
  return { ...value, userContext: json && JSON.parse(json) };
}

test("every lease is one line that means the same when it is read", () => {
  fc.assert(
    fc.property(lease, (value) => {
      const line = write(value);
      expect(line.indexOf(NEWLINE)).toBe(line.length - 1);
      expect(meaning(read(line.subarray(0, -1)))).toEqual(meaning(value));
    }),
  );
});

test("a lease whose line was changed at random is refused in words, or written back as it was understood (CVE-2021-25217)", () => {
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
        expect(write(read(again.subarray(0, -1)) as Lease4)).toEqual(again);
      }
    }),
    { numRuns: 2000 },
  );
});

test("any bytes are refused in words", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(read(bytes)).toMatch(/^(has \d+ fields|[a-z_]+ )/);
    }),
  );
});
