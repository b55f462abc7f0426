/** What clients pack into options, as the server receives and shows it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../../base/decode-error.ts";
import { formatHex, parseHex } from "../../base/hex.ts";
import { runs } from "../../base/testing/runs.ts";
import { formatOption } from "../../options/format-option.ts";
import { decodeOption } from "../../options/option.ts";
import { TextError, TextFields } from "../../wire/text-fields.ts";
import { Writer } from "../../wire/writer.ts";
import { clientFqdn6, FqdnFlag6 } from "./client-fqdn6.ts";
import { dhcp6Spaces } from "./dhcp6-spaces.ts";
import { encryptedDns6 } from "./encrypted-dns6.ts";
import { dhcp6Options } from "./index.ts";
import { decodeSubOptions6, writeSubOption6 } from "./sub-options6.ts";

const bytes = (hex: string): Uint8Array => parseHex(hex)!;

describe("decodeSubOptions6", () => {
  it("keeps every option of one code", () => {
    expect(decodeSubOptions6(bytes("00000001aaffff000000000001bb"), "option 17")).toEqual([
      { code: 0, data: bytes("aa") },
      { code: 65_535, data: new Uint8Array() },
      { code: 0, data: bytes("bb") },
    ]);
  });

  it.each([
    ["00", /option 17 sub-option code at offset 100: needs 2 bytes/],
    ["000100", /option 17 sub-option 1 length at offset 102: needs 2 bytes/],
    ["0001000561", /option 17 sub-option 1 at offset 104: needs 5 bytes, 1 are left/],
  ])("refuses %s and says where", (hex, message) => {
    expect(() => decodeSubOptions6(bytes(hex), "option 17", 100)).toThrow(message);
  });

  it("reads back what writeSubOption6 writes", () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.uint8Array({ maxLength: 700 }), (code, data) => {
        const writer = new Writer();
        writeSubOption6({ code, data }, writer);
        expect(decodeSubOptions6(writer.take(), "option 17")).toEqual([{ code, data }]);
      }),
    );
  });
});

describe("clientFqdn6", () => {
  it.each([
    ["a qualified name", "0104686f7374076578616d706c6500", FqdnFlag6.serverUpdates, "host.example."],
    ["a partial name (RFC 4704 §4.2)", "0404686f7374", FqdnFlag6.noUpdates, "host"],
    ["no name", "00", 0, ""],
    ["a root", "0200", FqdnFlag6.overridden, "."],
  ])("reads %s and writes it back", (_what, hex, flags, name) => {
    const value = decodeOption(dhcp6Options.clientFqdn, bytes(hex));
    expect(value).toEqual({ flags, name });
    const writer = new Writer();
    clientFqdn6.encode(value, writer);
    expect(formatHex(writer.take(), "")).toBe(hex);
  });

  it("ignores flags that have no name (RFC 4704 §4.1)", () => {
    expect(decodeOption(dhcp6Options.clientFqdn, bytes("f90161"))).toEqual({ flags: 1, name: "a" });
  });

  it.each([
    ["N and S together", "050161", /N and S are both set/],
    ["nothing", "", /needs 1 bytes/],
    ["bytes behind the root label", "00016100016100", /bytes too many/],
    ["a label beyond the end", "000561", /needs/],
    ["a pointer", "00c000", /label length 192/],
  ])("refuses %s", (_what, hex, message) => {
    const decode = (): unknown => decodeOption(dhcp6Options.clientFqdn, bytes(hex));
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(message);
  });
});

describe("encryptedDns6", () => {
  const encodeText = (text: string): string => {
    const writer = new Writer();
    encryptedDns6.encode(encryptedDns6.parse(new TextFields(text)), writer);
    return formatHex(writer.take(), "");
  };

  // Texts that Kea 2.6.3 takes, with the bytes that it sends.
  it.each([
    ["1, a.example.", "0001000b0161076578616d706c6500"],
    ["1, a.example., 2001:db8::1", "0001000b0161076578616d706c6500001020010db8000000000000000000000001"],
    [
      "100, dot1.example.org., 2001:db8::1 2001:db8::2, alpn=dot port=8530",
      "0064001204646f7431076578616d706c65036f726700002020010db800000000000000000000000120010db8000000000000000000000002" +
        "0001000403646f74000300022152",
    ],
  ])("RFC 9463 §4.1: %s", (text, hex) => {
    expect(encodeText(text)).toBe(hex);
    expect(encryptedDns6.format(decodeOption(dhcp6Options.v6Dnr, bytes(hex)))).toBe(text);
  });

  it("takes a pipe in a path, bare or with a backslash", () => {
    const hex = encodeText("1, a.b., ::1, dohpath=/x|y{?dns}");
    expect(encodeText("1, a.b., ::1, dohpath=/x\\|y{?dns}")).toBe(hex);
    expect(Buffer.from(hex, "hex").toString("latin1")).toContain("/x|y");
  });

  it("refuses several resolvers: each has an option of its own", () => {
    expect(() => encodeText("1, a.b., ::1, alpn=dot | 2, b.c.")).toThrow(TextError);
  });

  it.each([
    ["no address but a length", "000100030161000000"],
    ["half an address", "0001000301610000080102030405060708"],
    ["a name beyond the end", "00010009016100"],
  ])("refuses %s", (_what, hex) => {
    expect(() => decodeOption(dhcp6Options.v6Dnr, bytes(hex))).toThrow(DecodeError);
  });
});

describe("formatOption for DHCPv6", () => {
  const format = (code: number, payload: Uint8Array): string => formatOption(code, payload, dhcp6Spaces);

  it.each([
    [23, "20010db8000000000000000000000053", "23 dns-servers 2001:db8::53"],
    [1, "000301", "1 clientid 000301"],
    [14, "", "14 rapid-commit"],
    [13, "0002", "13 status-code 2, "],
    [
      3,
      `0000000100000000000000000005001820010db8000000000000000000000001${"0000000a".repeat(2)}000d00020000`,
      "3 ia-na 1, 0, 0 {5 iaaddr 2001:db8::1, 10, 10; 13 status-code 0, }",
    ],
    [17, "0000118b0001000400200021000200016109990000", "17 vendor-opts 4491 {1 oro 32, 33; 2 device-type a; 2457 0x}"],
    [94, "005a001020010db8000000000000000000000001", "94 s46-cont-mape {90 s46-br 2001:db8::1}"],
    [3, "0000", "3 ia-na 0x0000 (malformed)"],
    [60_000, "ab", "60000 0xab"],
  ])("shows option %i %s as %s", (code, hex, text) => {
    expect(format(code, bytes(hex))).toBe(text);
  });

  it("stops at a depth of eight, however deep a client nests options in options", () => {
    let payload: Uint8Array = new Uint8Array(12);
    for (let i = 0; i < 4000; i++) {
      const writer = new Writer().bytes(new Uint8Array(12));
      writeSubOption6({ code: 3, data: payload }, writer);
      payload = writer.take();
    }
    expect(format(3, payload).match(/ia-na/g)).toHaveLength(8);
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.nat(150), fc.uint8Array({ maxLength: 80 }), (code, payload) => {
        expect(format(code, payload)).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: runs(500) },
    );
  });
});
