import { describe, expect, it, test } from "vitest";
import { RowWriter } from "../../storage/row-writer.ts";
import { INFINITE_LIFETIME, LeaseState } from "../model/lease.ts";
import type { Lease4 } from "../model/lease4.ts";
import { lease4Csv } from "./lease4-csv.ts";

const HEADER =
  "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id";

const lease: Lease4 = {
  address: 0x0a000014,
  hwaddr: Uint8Array.of(0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f),
  clientId: Uint8Array.of(1, 2, 3, 4),
  validLifetime: 7200,
  cltt: 1_795_498_241,
  subnetId: 1,
  poolId: 0,
  state: LeaseState.assigned,
  fqdnFwd: false,
  fqdnRev: false,
  hostname: "a&b,c.example.",
  userContext: '{ "u": "\\u00e9", "x": "a,b", "y": 1 }',
};

function text(write: (out: RowWriter) => void): string {
  const out = new RowWriter(1);
  write(out);
  return Buffer.from(out.bytes.subarray(0, out.length)).toString("latin1");
}

/** The lease in a line of text, or what is wrong with it. */
function parse(line: string, fields = 12): Lease4 | string {
  const row = lease4Csv.rules.blank();
  const bytes = Buffer.from(`junk\n${line}\njunk`, "latin1");
  return lease4Csv.readRow(row, bytes, 5, bytes.length - 5, fields) ?? lease4Csv.rules.keep(row);
}

describe("rows that Kea 2.6.3 writes", () => {
  test.each<[string, Partial<Lease4>, string]>([
    [
      "an ordinary lease with commas and ampersands",
      {},
      '10.0.0.20,1a:1b:1c:1d:1e:1f,01:02:03:04,7200,1795505441,1,0,0,a&#x26b&#x2cc.example.,0,{ "u": "\\u00e9"&#x2c "x": "a&#x2cb"&#x2c "y": 1 },0',
    ],
    [
      "a lease without end, whose expire is added up in 64 bits",
      {
        clientId: undefined,
        hostname: "",
        userContext: "",
        validLifetime: INFINITE_LIFETIME,
        cltt: 6_090_475_885 - 4_294_967_295,
      },
      "10.0.0.20,1a:1b:1c:1d:1e:1f,,4294967295,6090475885,1,0,0,,0,,0",
    ],
    [
      "a client without hardware address",
      {
        hwaddr: new Uint8Array(0),
        clientId: Uint8Array.of(1, 3),
        hostname: "",
        userContext: "",
        fqdnFwd: true,
        poolId: 7,
      },
      "10.0.0.20,,01:03,7200,1795505441,1,1,0,,0,,7",
    ],
    [
      "a declined address, which is nobody's",
      { hwaddr: new Uint8Array(0), clientId: undefined, hostname: "", userContext: "", state: LeaseState.declined },
      "10.0.0.20,,,7200,1795505441,1,0,0,,1,,0",
    ],
  ])("%s is written and read byte for byte", (_, change, line) => {
    const expected = { ...lease, ...change };
    expect(text((out) => lease4Csv.write(expected, out))).toBe(`${line}\n`);
    expect(parse(line)).toEqual(expected);
  });

  it("a removal has a lifetime of 0 and ends when it began", () => {
    const line = text((out) => lease4Csv.writeRemoval({ ...lease, hostname: "", userContext: "" }, out));
    expect(line).toBe("10.0.0.20,1a:1b:1c:1d:1e:1f,01:02:03:04,0,1795498241,1,0,0,,0,,0\n");
  });

  it("the header is that of schema 3.0", () => {
    expect(Buffer.from(lease4Csv.header).toString()).toBe(`${HEADER}\n`);
  });
});

describe("rows that others write", () => {
  const row = (change: Partial<Record<string, string>>) => {
    const fields: Record<string, string> = {
      address: "10.0.0.20",
      hwaddr: "1a:1b:1c:1d:1e:1f",
      client_id: "",
      valid_lifetime: "7200",
      expire: "1795505441",
      subnet_id: "1",
      fqdn_fwd: "0",
      fqdn_rev: "0",
      hostname: "",
      state: "0",
      user_context: "",
      pool_id: "0",
    };
    return Object.values({ ...fields, ...change }).join(",");
  };

  test.each<[string, Record<string, string>, Partial<Lease4>]>([
    ["Kea ≥ 3.3 escapes every byte outside of printable ASCII", { hostname: "a&#x0ab&#xe9" }, { hostname: "a\nb\xe9" }],
    ["an ampersand without two digits behind it is itself", { hostname: "a&#x4&b" }, { hostname: "a&#x4&b" }],
    ["host names are lower case", { hostname: "UPPER.Example" }, { hostname: "upper.example" }],
    ["groups of one digit", { hwaddr: "1:2:a" }, { hwaddr: Uint8Array.of(1, 2, 10) }],
    ["Kea ≥ 2.7 has a state for released leases", { state: "3" }, { state: LeaseState.reclaimed }],
    ["Kea ≥ 2.7.7 has a state for registered addresses", { state: "4" }, { state: LeaseState.registered }],
    ["a host without a clock gave leases before 1970", { expire: "100" }, { cltt: 0 }],
    ["columns of the future", { pool_id: "5,x,y" }, { poolId: 5 }],
  ])("%s", (_, change, expected) => {
    expect(parse(row(change))).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>, string]>([
    ["an address of five parts", { address: "10.0.0.0.1" }, "address is not an IPv4 address"],
    ["an address above 255", { address: "10.0.0.256" }, "address is not an IPv4 address"],
    ["an address of IPv6", { address: "2001:db8::1" }, "address is not an IPv4 address"],
    ["a hardware address without colons", { hwaddr: "1a1b1c1d1e1f" }, "hwaddr is not hexadecimal"],
    ["a hardware address of other letters", { hwaddr: "1a:1g" }, "hwaddr is not hexadecimal"],
    ["a hardware address with a colon at its end", { hwaddr: "1a:" }, "hwaddr is not hexadecimal"],
    ["a hardware address longer than any", { hwaddr: `${"01:".repeat(20)}01` }, "hwaddr has 21 octets"],
    ["a client id longer than an option", { client_id: `${"01:".repeat(255)}01` }, "client_id has 256 octets"],
    ["a negative lifetime (Kea ChangeLog 2493)", { valid_lifetime: "-1" }, "valid_lifetime is not a number"],
    ["a lifetime beyond 32 bits", { valid_lifetime: "4294967296" }, "valid_lifetime is not a number"],
    ["an empty number", { subnet_id: "" }, "subnet_id is not a number"],
    ["a time that no clock shows", { expire: "9999999999999" }, "expire is not a time"],
    ["a time after the year 9999", { expire: "253402308000" }, "expire is a time beyond the year 9999"],
    ["a flag that is a word", { fqdn_fwd: "true" }, "fqdn_fwd is neither 0 nor 1"],
    ["a state that nobody has", { state: "5" }, "state is not one of 0"],
    ["a context that is no JSON", { user_context: "{ x" }, "user_context is not a JSON map"],
    ["a context that is no map", { user_context: "[ 1 ]" }, "user_context is not a JSON map"],
    ["a lease of nobody (CVE-2019-6474)", { hwaddr: "" }, "has neither hwaddr nor client_id"],
    ["a reclaimed lease of nobody", { hwaddr: "", state: "2" }, "has neither hwaddr nor client_id"],
  ])("%s is refused", (_, change, what) => {
    expect(parse(row(change))).toContain(what);
  });

  it("too few fields are refused, also when the rest would do", () => {
    expect(parse(row({}).slice(0, -2))).toBe("has 11 fields, needs 12");
  });

  it("a removal needs no client", () => {
    expect(parse(row({ hwaddr: "", valid_lifetime: "0" }))).toMatchObject({ address: lease.address, validLifetime: 0 });
  });

  it("rows under an old header may be short or long", () => {
    const old = row({}).split(",").slice(0, 9).join(",");
    expect(parse(old, 9)).toMatchObject({ state: LeaseState.assigned, userContext: "", poolId: 0 });
    expect(parse(row({ state: "1", pool_id: "7" }), 9)).toMatchObject({ state: LeaseState.declined, poolId: 7 });
  });
});

describe("text that no DHCP client could send", () => {
  it("control characters do not break the row", () => {
    const line = text((out) => lease4Csv.write({ ...lease, hostname: "a\nb", userContext: "" }, out));
    expect(line).toContain(",a&#x0ab,");
    expect(line.split("\n")).toHaveLength(2);
  });

  test.each([
    ['{ "x": "é→" }', '{ "x": "\\u00c3\\u00a9\\u00e2\\u0086\\u0092" }'],
    [
      '{ "x": "\\u2192\\ud83d\\ude00 \\u0001" }',
      '{ "x": "\\u00e2\\u0086\\u0092\\u00f0\\u009f\\u0098\\u0080 \\u0001" }',
    ],
    ['{ "x": "\\\\u2192\\"→" }', '{ "x": "\\\\u2192\\"\\u00e2\\u0086\\u0092" }'],
    ['{ "x": "\\ud800" }', '{ "x": "\\u00ef\\u00bf\\u00bd" }'],
  ])("the context %s is written as Kea writes it, byte by byte", (userContext, expected) => {
    expect(text((out) => lease4Csv.write({ ...lease, userContext }, out))).toContain(`,${expected},`);
  });

  it("a host name beyond Latin-1 is written as UTF-8", () => {
    const line = text((out) => lease4Csv.write({ ...lease, hostname: "→", userContext: "" }, out));
    expect(Buffer.from(line, "latin1").toString()).toContain(",→,");
  });
});

describe("headers", () => {
  test.each<[string, string, ReturnType<typeof lease4Csv.readHeader>]>([
    ["the present one", HEADER, { kind: "header", columns: 12, current: true }],
    ["Kea 1.0's", HEADER.split(",").slice(0, 9).join(","), { kind: "header", columns: 9, current: false }],
    ["one of the future", `${HEADER},more`, { kind: "header", columns: 12, current: false }],
    [
      "one without expire",
      "address,hwaddr,client_id,valid_lifetime",
      { kind: "bad-header", what: 'the column "expire" is missing' },
    ],
    [
      "DHCPv6's",
      "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len",
      { kind: "bad-header", what: 'column 2 is "duid" where "hwaddr" belongs' },
    ],
  ])("%s", (_, header, expected) => {
    expect(lease4Csv.readHeader(Buffer.from(header))).toEqual(expected);
  });
});
