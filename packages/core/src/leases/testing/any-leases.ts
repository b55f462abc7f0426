/** Any leases that a file can have, for properties. Tests only. */
import fc from "fast-check";
import { maskIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import { lease6Csv } from "../csv/lease6-csv.ts";
import { LeaseState } from "../model/lease.ts";
import type { Lease4 } from "../model/lease4.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";

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

export const anyLease4: fc.Arbitrary<Lease4> = fc
  .record({
    ...common,
    address: uint32,
    hwaddr: fc.uint8Array({ maxLength: 20 }),
    clientId: fc.option(fc.uint8Array({ minLength: 1, maxLength: 255 }), { nil: undefined }),
  })
  .filter((each) => lease4Csv.rules.check(each) === undefined);

export const anyLease6: fc.Arbitrary<Lease6> = fc
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
