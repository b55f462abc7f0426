import fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { maskIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import { NEWLINE, RowWriter } from "../../storage/row-writer.ts";
import { type Lease, LeaseState } from "../model/lease.ts";
import type { Lease4 } from "../model/lease4.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";
import type { LeaseCsv } from "./lease-csv.ts";
import { lease4Csv } from "./lease4-csv.ts";
import { lease6Csv } from "./lease6-csv.ts";

const uint32 = fc.nat(0xffff_ffff);
const latin1 = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 40 });

const common = {
  validLifetime: uint32,
  cltt: uint32,
  subnetId: uint32,
  poolId: uint32,
  state: fc.constantFrom(LeaseState.assigned, LeaseState.declined, LeaseState.reclaimed),
  fqdnFwd: fc.boolean(),
  fqdnRev: fc.boolean(),
  // The reader of DHCPv4 makes letters small, and takes what looks like an escape for one; clients' names go through
  // the writer.
  hostname: latin1.map((text) => text.replace(/[A-Z]/g, "x")),
  userContext: fc.option(
    fc.dictionary(latin1, latin1).map((map) => JSON.stringify(map)),
    { nil: "" },
  ),
};

const lease4: fc.Arbitrary<Lease4> = fc
  .record({
    ...common,
    address: uint32,
    hwaddr: fc.uint8Array({ maxLength: 20 }),
    clientId: fc.option(fc.uint8Array({ minLength: 1, maxLength: 255 }), { nil: undefined }),
  })
  .filter((each) => lease4Csv.rules.check(each) === undefined);

const lease6: fc.Arbitrary<Lease6> = fc
  .record({
    ...common,
    type: fc.constantFrom(LeaseType6.address, LeaseType6.prefix),
    // Many zeros, for the short form.
    octets: fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 16, maxLength: 16 }),
    length: fc.nat(128),
    duid: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ minLength: 3, maxLength: 130 })),
    iaid: uint32,
    preferredLifetime: uint32,
    hwaddr: fc.uint8Array({ maxLength: 20 }),
    hwtype: fc.nat(0xffff),
    hwaddrSource: fc.constantFrom(...Object.values(HwaddrSource)),
  })
  .map(({ octets, length, ...lease }) => {
    const prefixLength = lease.type === LeaseType6.address ? 128 : length;
    const address = maskIpv6Key(readIpv6Key(Uint8Array.from(octets)), prefixLength);
    const unknown = lease.hwaddr.length === 0 ? { hwtype: 0, hwaddrSource: HwaddrSource.unknown } : {};
    return { ...lease, ...unknown, address, prefixLength };
  })
  .filter((each) => lease6Csv.rules.check(each) === undefined);

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

checkRows("IPv4", lease4Csv, lease4);
checkRows("IPv6", lease6Csv, lease6);
