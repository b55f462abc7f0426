/** The types of options by themselves; together with the table they are tested in `dhcp4/options`. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../base/decode-error.ts";
import { formatHex, parseHex } from "../base/hex.ts";
import { binary, empty, string, tuple } from "./byte-types.ts";
import { domainSearch, fqdn } from "./domain-name.ts";
import { list, type OptionType, record } from "./option-type.ts";
import { Reader } from "./reader.ts";
import {
  boolean,
  int8,
  int16,
  int32,
  ipv4Address,
  ipv6Address,
  ipv6Prefix,
  psid,
  uint8,
  uint16,
  uint32,
} from "./scalar-types.ts";
import { TextError, TextFields } from "./text-fields.ts";
import { Writer } from "./writer.ts";

function encode<T>(type: OptionType<T>, value: T): string {
  const writer = new Writer();
  type.encode(value, writer);
  return formatHex(writer.take(), "");
}

function encodeText<T>(type: OptionType<T>, text: string): string {
  return encode(type, type.parse(new TextFields(text)));
}

function decode<T>(type: OptionType<T>, hex: string): T {
  const reader = new Reader(parseHex(hex)!);
  const value = type.decode(reader);
  reader.finish("value");
  return value;
}

describe("text to bytes to text", () => {
  it.each<[OptionType<unknown>, string, string, string?]>([
    [uint8, "255", "ff"],
    [uint8, "010", "0a", "10"],
    [uint8, "0x10", "10", "16"],
    [uint8, "a", "0a", "10"],
    [uint8, "+1", "01", "1"],
    [uint16, "65535", "ffff"],
    [uint32, "4294967295", "ffffffff"],
    [int8, "-128", "80"],
    [int8, "127", "7f"],
    [int16, "-2", "fffe"],
    [int32, "-2147483648", "80000000"],
    [boolean, "TRUE", "01", "true"],
    [boolean, "0", "00", "false"],
    [ipv4Address, "192.0.2.1", "c0000201"],
    [ipv6Address, "2001:DB8::1", "20010db8000000000000000000000001", "2001:db8::1"],
    [ipv6Prefix, "2001:db8:ffff::1 / 33", "2120010db880", "2001:db8:8000::/33"],
    [ipv6Prefix, "::/0", "00"],
    [psid, "7 / 4", "047000", "7/4"],
    [psid, "0/0", "000000"],
    [psid, "65535/16", "10ffff"],
    [string, "x", "78"],
    [string, "caf\xc3\xa9", "636166c3a9"],
    [string, "a\\, b", "612c2062"],
    [binary, "ab cd ef", "abcdef", "abcdef"],
    [binary, "0xAB:CD", "abcd", "abcd"],
    [binary, "'two words'", "74776f20776f726473", "74776f20776f726473"],
    [tuple(1), "abc", "03616263"],
    [tuple(2), "abc", "0003616263"],
    [list(tuple(1)), "a\\,b, c", "03612c620163"],
    [fqdn, "Example.COM", "074578616d706c6503434f4d00", "Example.COM."],
    [fqdn, "_x._tcp.y.", "025f78045f746370017900"],
    [fqdn, "a\\,b", "03612c6200", "a\\,b."],
    [fqdn, "x\\\\.y.z.", "03782e79017a00", "x\\\\.y.z."],
    [fqdn, "x\\\\032y.", "0378207900", "x\\\\032y."],
    [fqdn, ".", "00"],
    [list(fqdn), "a.b, c.d.", "01610162000163016400", "a.b., c.d."],
    [record(uint8, list(uint16)), "1, 2, 3", "0100020003"],
    [record(uint8, string), "1, a\\, b", "01612c2062"],
    [empty, "", ""],
  ])("%# %j", (type, text, hex, canonical = text) => {
    expect(encodeText(type, text)).toBe(hex);
    expect(type.format(decode(type, hex))).toBe(canonical);
  });
});

describe("text that is refused", () => {
  it.each<[OptionType<unknown>, string, RegExp]>([
    [uint8, "256", /256 is out of range: uint8 holds 0 to 255/],
    [uint8, "-1", /out of range/],
    [uint8, "1.5", /"1.5" is not a number/],
    [uint8, "", /a value is missing: expected a number \(uint8\)/],
    [int8, "128", /int8 holds -128 to 127/],
    [int32, "2147483648", /out of range/],
    [boolean, "yes", /"yes" is not a boolean: expected true or false/],
    [ipv4Address, "192.0.2", /"192.0.2" is not an IPv4 address/],
    [ipv4Address, "2001:db8::1", /not an IPv4 address/],
    [ipv6Address, "192.0.2.1", /not an IPv6 address/],
    [ipv6Prefix, "2001:db8::", /not an IPv6 prefix/],
    [psid, "3", /expected number\/length/],
    [psid, "16/4", /PSID 16 does not fit 4 bits: at most 15/],
    [psid, "1/17", /PSID length 17 is out of range/],
    [psid, "1/0", /does not fit 0 bits/],
    [binary, "xyz", /"xyz" is not binary data: expected hexadecimal/],
    [tuple(1), "a".repeat(256), /256 bytes: a tuple holds at most 255/],
    [string, "1 €", /"1 €" has "€", which is no single byte/],
    [fqdn, "a..b", /has an empty label/],
    [fqdn, "..", /has an empty label/],
    [fqdn, ".a", /has an empty label/],
    [fqdn, "a b", /has white space/],
    [fqdn, "a\\\\999", /has \\999, which is no byte/],
    [fqdn, "a\\\\", /ends in a backslash/],
    [fqdn, `${"a".repeat(64)}.b`, /label of 64 bytes: a label has at most 63/],
    [fqdn, `${"a".repeat(63)}.`.repeat(4), /takes 257 bytes: a name has at most 255/],
    [list(uint8), "", /a value is missing/],
    [record(uint8, uint8), "1", /field 2 of 2 is missing: expected uint8/],
  ])("%# %s", (type, text, message) => {
    const parse = (): unknown => type.parse(new TextFields(text));
    expect(parse).toThrow(TextError);
    expect(parse).toThrow(message);
  });

  it("is at the limit no more: labels of 63 bytes, names of 255", () => {
    expect(fqdn.parse(new TextFields(`${`${"a".repeat(63)}.`.repeat(3)}${"b".repeat(61)}`))).toHaveLength(254);
  });
});

describe("bytes that are refused", () => {
  it.each<[OptionType<unknown>, string, RegExp]>([
    [uint16, "01", /needs 2 bytes, 1 are left/],
    [boolean, "02", /is 2, expected 0 or 1/],
    [ipv6Prefix, "8100", /is 129, expected at most 128/],
    [ipv6Prefix, "2120010db8", /needs 5 bytes/],
    [psid, "110000", /is 17, expected at most 16/],
    [string, "", /is empty/],
    [string, "0000", /only NULs/],
    [tuple(1), "0361", /needs 3 bytes/],
    [list(ipv4Address), "", /needs 4 bytes/],
    [list(ipv4Address), "c0000201c0", /needs 4 bytes, 1 are left/],
    [fqdn, "0361", /needs 3 bytes/],
    [fqdn, "0161", /needs 1 bytes/],
    [fqdn, "c000", /label length 192, expected at most 63/],
    [fqdn, `${`3f${"61".repeat(63)}`.repeat(4)}00`, /longer than 255 bytes/],
    [domainSearch, "", /is missing/],
    [domainSearch, "0161", /ends inside a name/],
    [domainSearch, "0361", /ends inside a label/],
    [domainSearch, "016100c0", /ends inside a pointer/],
    [domainSearch, "4061", /label length 64/],
  ])("%# %s", (type, hex, message) => {
    expect(() => decode(type, hex)).toThrow(DecodeError);
    expect(() => decode(type, hex)).toThrow(message);
  });
});

describe("string", () => {
  it("RFC 2132 §2: loses the NULs at its end, not those inside", () => {
    expect(decode(string, "61006200 0000".replace(" ", ""))).toBe("a\0b");
  });

  it("keeps bytes that are no UTF-8", () => {
    expect(encode(string, decode(string, "63616669e9ff"))).toBe("63616669e9ff");
  });
});

describe("domainSearch", () => {
  it("RFC 3397 §2: follows pointers back into the option", () => {
    const hex = "03656e67076578616d706c6503636f6d00" + "036f7073c004" + "c011" + "c004";
    expect(decode(domainSearch, hex)).toEqual([
      "eng.example.com.",
      "ops.example.com.",
      "ops.example.com.",
      "example.com.",
    ]);
  });

  it.each([
    ["to itself", "c000"],
    ["to its own name", "0161c000"],
    ["forward", "c0040161000162"],
    ["in a circle", "0161c0040162c000"],
    ["past the end", "016100c0ff"],
  ])("defects-and-pain 2.4, name decompression that never ends: refuses a pointer %s", (_where, hex) => {
    expect(() => decode(domainSearch, hex)).toThrow(/does not lead back/);
  });

  it("refuses a chain of more pointers than a name can have labels", () => {
    let hex = "016100";
    for (let at = 0, previous = 0; at < 200; at++) {
      hex += (0xc000 | previous).toString(16);
      previous = 3 + 2 * at;
    }
    expect(() => decode(domainSearch, hex)).toThrow(/more than 127 pointers/);
  });

  it("refuses a name that grows above 255 bytes through pointers", () => {
    const label = `3f${"61".repeat(63)}`;
    const hex = `${label}${label}${label}00${label}c000`;
    expect(() => decode(domainSearch, hex)).toThrow(/longer than 255 bytes/);
  });

  it("says where in the message the fault is", () => {
    const reader = new Reader(parseHex("016100c0ff")!, "option 119", 300);
    expect(() => domainSearch.decode(reader)).toThrow("domain-search at offset 303");
  });
});

describe("any domain name", () => {
  it("survives as text", () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 63 });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 3 }), (labels) => {
        const hex = `${labels.map((bytes) => formatHex(Uint8Array.of(bytes.length, ...bytes), "")).join("")}00`;
        const name = decode(fqdn, hex);
        expect(encodeText(fqdn, fqdn.format(name))).toBe(hex);
      }),
    );
  });
});
