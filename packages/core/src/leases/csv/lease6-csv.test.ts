import { describe, expect, it, test } from "vitest";
import { parseIpv6Key } from "../../ip/ipv6-key.ts";
import { RowWriter } from "../../storage/row-writer.ts";
import { INFINITE_LIFETIME, LeaseState } from "../model/lease.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";
import { lease6Csv } from "./lease6-csv.ts";

const FIELDS = 18;

const lease: Lease6 = {
  type: LeaseType6.address,
  address: parseIpv6Key("2001:db8::10")!,
  prefixLength: 128,
  duid: Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1),
  iaid: 17,
  preferredLifetime: 3,
  validLifetime: 4,
  cltt: 1_795_515_711,
  subnetId: 7,
  poolId: 3,
  state: LeaseState.assigned,
  fqdnFwd: false,
  fqdnRev: false,
  hostname: "host.example.org.",
  hwaddr: Uint8Array.of(2, 0, 0, 0, 0, 1),
  hwtype: 1,
  hwaddrSource: HwaddrSource.duid,
  userContext: "",
};

const noHwaddr = { hwaddr: new Uint8Array(0), hwtype: 0, hwaddrSource: HwaddrSource.unknown };

const prefix: Partial<Lease6> = {
  type: LeaseType6.prefix,
  address: parseIpv6Key("2001:db8:8000::")!,
  prefixLength: 56,
  iaid: 34,
  poolId: 4,
};

function text(write: (out: RowWriter) => void): string {
  const out = new RowWriter(1);
  write(out);
  return Buffer.from(out.bytes.subarray(0, out.length)).toString("latin1");
}

/** The lease in a line of text, or what is wrong with it. */
function parse(line: string, fields = FIELDS): Lease6 | string {
  const row = lease6Csv.rules.blank();
  const bytes = Buffer.from(`junk\n${line}\njunk`, "latin1");
  return lease6Csv.readRow(row, bytes, 5, bytes.length - 5, fields) ?? lease6Csv.rules.keep(row);
}

describe("rows that Kea 2.6.3 writes", () => {
  test.each<[string, Partial<Lease6>, string]>([
    [
      "an address",
      {},
      "2001:db8::10,00:03:00:01:02:00:00:00:00:01,4,1795515715,7,3,0,17,128,0,0,host.example.org.,02:00:00:00:00:01,0,,1,2,3",
    ],
    [
      "a delegated prefix",
      prefix,
      "2001:db8:8000::,00:03:00:01:02:00:00:00:00:01,4,1795515715,7,3,2,34,56,0,0,host.example.org.,02:00:00:00:00:01,0,,1,2,4",
    ],
    [
      "a declined address, which is nobody's",
      {
        ...noHwaddr,
        duid: new Uint8Array(0),
        validLifetime: 2,
        preferredLifetime: 0,
        hostname: "",
        state: LeaseState.declined,
      },
      "2001:db8::10,00:00:00,2,1795515713,7,0,0,17,128,0,0,,,1,,,,3",
    ],
    [
      "a reclaimed lease",
      { validLifetime: 4, hostname: "", state: LeaseState.reclaimed },
      "2001:db8::10,00:03:00:01:02:00:00:00:00:01,4,1795515715,7,3,0,17,128,0,0,,02:00:00:00:00:01,2,,1,2,3",
    ],
    [
      "a lease without end, with capitals and a context, whose hardware address is unknown",
      {
        ...noHwaddr,
        validLifetime: INFINITE_LIFETIME,
        preferredLifetime: INFINITE_LIFETIME,
        cltt: 6_200_000_000 - INFINITE_LIFETIME,
        fqdnFwd: true,
        fqdnRev: true,
        hostname: "Host,&",
        userContext: '{ "b": [ 1, 2 ] }',
        poolId: 0,
      },
      '2001:db8::10,00:03:00:01:02:00:00:00:00:01,4294967295,6200000000,7,4294967295,0,17,128,1,1,Host&#x2c&#x26,,0,{ "b": [ 1&#x2c 2 ] },,,0',
    ],
  ])("%s is written and read byte for byte", (_, change, line) => {
    const expected = { ...lease, ...change };
    expect(text((out) => lease6Csv.write(expected, out))).toBe(`${line}\n`);
    expect(parse(line)).toEqual(expected);
  });

  test.each<[string, Partial<Lease6>, string]>([
    [
      "a declined address",
      { ...noHwaddr, duid: new Uint8Array(0), preferredLifetime: 0, hostname: "", state: LeaseState.declined },
      "2001:db8::10,00:00:00,0,1795515711,7,0,0,17,128,0,0,,,1,,,,3",
    ],
    [
      "a reclaimed prefix",
      { ...prefix, preferredLifetime: 0, hostname: "", state: LeaseState.reclaimed },
      "2001:db8:8000::,00:03:00:01:02:00:00:00:00:01,0,1795515711,7,0,2,34,56,0,0,,02:00:00:00:00:01,2,,1,2,4",
    ],
  ])("the removal of %s has a lifetime of 0 and ends when it began", (_, change, line) => {
    expect(text((out) => lease6Csv.writeRemoval({ ...lease, ...change }, out))).toBe(`${line}\n`);
    expect(parse(line)).toMatchObject({ ...lease, ...change, validLifetime: 0 });
  });

  it("the header is that of schema 5.0", () => {
    expect(Buffer.from(lease6Csv.header).toString()).toBe(
      "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id\n",
    );
  });
});

const row = (change: Partial<Record<string, string>>) => {
  const fields: Record<string, string> = {
    address: "2001:db8::10",
    duid: "00:01:02:03",
    valid_lifetime: "7200",
    expire: "1795505441",
    subnet_id: "1",
    pref_lifetime: "3600",
    lease_type: "0",
    iaid: "5",
    prefix_len: "128",
    fqdn_fwd: "0",
    fqdn_rev: "0",
    hostname: "",
    hwaddr: "1a:1b",
    state: "0",
    user_context: "",
    hwtype: "1",
    hwaddr_source: "0",
    pool_id: "0",
  };
  return Object.values({ ...fields, ...change }).join(",");
};

describe("rows that others write", () => {
  test.each<[string, Record<string, string>, Partial<Lease6>]>([
    ["an address in long form and capitals", { address: "2001:DB8:0:0:0:0:0:10" }, { address: lease.address }],
    ["an address in dotted form", { address: "::ffff:192.0.2.1" }, { address: parseIpv6Key("::ffff:c000:201")! }],
    ["an address whose prefix_len is not 128", { prefix_len: "64" }, { prefixLength: 128 }],
    ["an older declined lease", { duid: "00", state: "1" }, { duid: new Uint8Array(0) }],
    ["a hardware address without type and source", { hwtype: "", hwaddr_source: "" }, { hwtype: 1, hwaddrSource: 0 }],
    ["a type of no hardware address", { hwaddr: "", hwtype: "6", hwaddr_source: "9" }, { hwtype: 0, hwaddrSource: 0 }],
    ["Kea ≥ 2.7 has a state for released leases", { state: "3" }, { state: LeaseState.reclaimed }],
    ["Kea ≥ 2.7.7 has a state for registered addresses", { state: "4" }, { state: LeaseState.registered }],
    ["columns of the future", { pool_id: "5,x,y" }, { poolId: 5 }],
    ["a prefix that is everything", { address: "::", lease_type: "2", prefix_len: "0" }, { prefixLength: 0 }],
  ])("%s is read", (_, change, expected) => {
    expect(parse(row(change))).toMatchObject(expected);
  });

  it.each([
    [12, { hwaddr: new Uint8Array(0), hwtype: 0, state: 0, userContext: "", hwaddrSource: 0, poolId: 0 }],
    [13, { hwaddr: Uint8Array.of(0x1a, 0x1b), hwtype: 1, state: 0, hwaddrSource: 0, poolId: 0 }],
    [15, { hwaddr: Uint8Array.of(0x1a, 0x1b), hwtype: 1, hwaddrSource: 0, poolId: 0 }],
    [17, { poolId: 0 }],
  ])("a schema of %i columns has defaults for the others", (columns, expected) => {
    const line = row({}).split(",").slice(0, columns).join(",");
    expect(parse(line, columns)).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>, string]>([
    ["an address of IPv4", { address: "192.0.2.1" }, "address is not an IPv6 address"],
    ["an address of seven groups", { address: "1:2:3:4:5:6:7" }, "address is not an IPv6 address"],
    ["an address of nine groups", { address: "1:2:3:4:5:6:7:8:9" }, "address is not an IPv6 address"],
    ["an address with a colon at its end", { address: "1:2:3:4:5:6:7:8:" }, "address is not an IPv6 address"],
    ["an address with two gaps", { address: "1::2::3" }, "address is not an IPv6 address"],
    ["an address of three colons", { address: "1:::3" }, "address is not an IPv6 address"],
    ["a gap where no group is missing", { address: "1:2:3:4::5:6:7:8" }, "address is not an IPv6 address"],
    ["a group of five digits", { address: "2001:00db8::" }, "address is not an IPv6 address"],
    ["an empty address", { address: "" }, "address is not an IPv6 address"],
    ["a very long address", { address: "0:".repeat(200) }, "address is not an IPv6 address"],
    ["a temporary address", { lease_type: "1" }, "lease_type is 1 (IA_TA)"],
    ["a type that nobody knows", { lease_type: "3" }, "lease_type is neither 0"],
    [
      "a prefix longer than an address",
      { lease_type: "2", prefix_len: "129" },
      "prefix_len is not a number from 0 to 128",
    ],
    ["a negative prefix length", { lease_type: "2", prefix_len: "-1" }, "prefix_len is not a number from 0 to 128"],
    ["a prefix with more bits than its length", { lease_type: "2", prefix_len: "64" }, "has bits behind the 64"],
    ["an iaid beyond 32 bits", { iaid: "4294967296" }, "iaid is not a number"],
    ["a negative lifetime (Kea ChangeLog 2493)", { pref_lifetime: "-1" }, "pref_lifetime is not a number"],
    ["a duid of two octets", { duid: "01:02" }, "has a duid that is none"],
    ["a duid of 131 octets", { duid: `01${":01".repeat(130)}` }, "duid has 131 octets, more than 130"],
    ["a hardware type beyond 16 bits", { hwtype: "65536" }, "hwtype is not a number from 0 to 65535"],
    ["a lease of nobody", { duid: "00:00:00" }, "has no duid"],
    ["a reclaimed lease of nobody", { duid: "", state: "2" }, "has no duid"],
  ])("%s is refused", (_, change, what) => {
    expect(parse(row(change))).toContain(what);
  });
});

test.each<[string, Partial<Lease6>]>([
  ["whose duid would be read as nobody's", { duid: Uint8Array.of(0, 0, 0) }],
  ["whose duid has two octets", { duid: Uint8Array.of(1, 2) }],
  ["whose duid has 131 octets", { duid: new Uint8Array(131).fill(1) }],
  ["of nobody", { duid: new Uint8Array(0) }],
  ["with bits behind its prefix", { type: LeaseType6.prefix, prefixLength: 64 }],
  ["of an address with a length", { prefixLength: 64 }],
])("a lease %s is not to be kept", (_, change) => {
  expect(lease6Csv.rules.check(lease)).toBeUndefined();
  expect(lease6Csv.rules.check({ ...lease, ...change })).toBeDefined();
});
