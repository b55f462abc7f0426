/** What clients and relays pack into options 61, 81, 82, 124 and 125, as the server receives it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../../base/decode-error.ts";
import { formatHex, parseHex } from "../../base/hex.ts";
import { parseIpv4 } from "../../ip/ipv4.ts";
import { decodeOption } from "../../options/option.ts";
import { enterpriseOf } from "../../options/vendor-space.ts";
import { isQualified } from "../../wire/partial-name.ts";
import { Writer } from "../../wire/writer.ts";
import { clientFqdn4, FqdnFlag4 } from "./client-fqdn4.ts";
import { decodeIaidAndDuid } from "./client-id.ts";
import { dhcp4Options } from "./index.ts";
import { decodeRelayAgent } from "./relay-agent.ts";
import { decodeSubOptions4, writeSubOption4 } from "./sub-options4.ts";

const bytes = (hex: string): Uint8Array => parseHex(hex)!;
const hexOf = (text: string): string => formatHex(Buffer.from(text, "latin1"), "");

describe("decodeSubOptions", () => {
  it("takes any code, 0 and 255 included, and puts instances of one code together (RFC 3396)", () => {
    const found = decodeSubOptions4(bytes("0001aa ff01bb 0900 0001cc".replaceAll(" ", "")), "option 43");
    expect(found).toEqual([
      { code: 0, data: Buffer.from("aacc", "hex") },
      { code: 255, data: bytes("bb") },
      { code: 9, data: new Uint8Array() },
    ]);
  });

  it.each([
    ["01", /option 82 sub-option 1 length at offset 101: needs 1 bytes/],
    ["010561", /option 82 sub-option 1 at offset 102: needs 5 bytes, 1 are left/],
  ])("refuses %s and says where", (hex, message) => {
    expect(() => decodeSubOptions4(bytes(hex), "option 82", 100)).toThrow(message);
  });

  it("reads back what writeSubOption writes, at any length", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 700 }), (code, data) => {
        const writer = new Writer();
        writeSubOption4({ code, data }, writer);
        const [found, ...others] = decodeSubOptions4(writer.take(), "option 43");
        expect(found?.code).toBe(code);
        expect(Uint8Array.from(found!.data)).toEqual(data);
        expect(others).toEqual([]);
      }),
    );
  });
});

describe("decodeRelayAgent", () => {
  it("has the sub-options that the server acts on", () => {
    const payload = bytes(
      "0104" +
        hexOf("eth0") +
        "0203aabbcc" +
        "0504c0000200" +
        "0605" +
        hexOf("alice") +
        "0b04c0000201" +
        "0c03000102" +
        "1300",
    );
    expect(decodeRelayAgent(payload)).toEqual({
      circuitId: bytes(hexOf("eth0")),
      remoteId: bytes("aabbcc"),
      linkSelection: parseIpv4("192.0.2.0"),
      subscriberId: bytes(hexOf("alice")),
      serverIdOverride: parseIpv4("192.0.2.1"),
      relayId: bytes("000102"),
      relayPort: true,
    });
  });

  it("has nothing for what is absent, unknown, or an address of another length than four", () => {
    expect(decodeRelayAgent(bytes("0503c00002" + "0b05c000020100" + "6301ff"))).toEqual({
      circuitId: undefined,
      remoteId: undefined,
      linkSelection: undefined,
      subscriberId: undefined,
      serverIdOverride: undefined,
      relayId: undefined,
      relayPort: false,
    });
  });

  it("gives a value or a DecodeError for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (payload) => {
        try {
          decodeRelayAgent(payload);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });
});

describe("decodeIaidAndDuid", () => {
  it("RFC 4361 §6.1: takes IAID and DUID apart, wherever the bytes lie in a buffer", () => {
    const buffer = bytes("eeee" + "ff" + "01020304" + "000100011c39cf88080027fe8f95");
    expect(decodeIaidAndDuid(buffer.subarray(2))).toEqual({
      iaid: 0x01020304,
      duid: bytes("000100011c39cf88080027fe8f95"),
    });
  });

  // Defects-and-pain 2.4, CVE-2019-6472: DUIDs of every length.
  it.each([
    [0, false],
    [2, false],
    [3, true],
    [128, true],
    [130, true],
    [131, false],
    [65535, false],
  ])("reads a DUID of %i bytes: %s", (length, valid) => {
    const clientId = Uint8Array.from([255, 0, 0, 0, 1, ...new Uint8Array(length)]);
    expect(decodeIaidAndDuid(clientId) !== undefined).toBe(valid);
  });

  it.each(["", "ff", "ff010203", "01020000000001", "00666f6f"])("leaves other identifiers alone: %s", (hex) => {
    expect(decodeIaidAndDuid(bytes(hex))).toBeUndefined();
  });

  it("RFC 2132 §9.14: an identifier has at least two bytes", () => {
    expect(() => decodeOption(dhcp4Options.dhcpClientIdentifier, bytes("01"))).toThrow(/expected at least 2/);
  });
});

describe("clientFqdn", () => {
  const canonical = FqdnFlag4.canonical;
  it.each([
    ["a canonical qualified name", "040000" + "04686f7374076578616d706c6500", canonical, "host.example."],
    ["a canonical partial name (RFC 4702 §2.3.1)", "040000" + "04686f7374", canonical, "host"],
    ["a canonical root", "04000000", canonical, "."],
    ["no name at all", "010000", FqdnFlag4.serverUpdates, ""],
    ["a canonical empty name", "040000", canonical, ""],
    ["an ASCII qualified name", `010000${hexOf("host.example.")}`, 1, "host.example."],
    ["an ASCII partial name", `000000${hexOf("host")}`, 0, "host"],
    ["an ASCII name with odd characters", `000000${hexOf("my pc\\x")}`, 0, "my\\032pc\\\\x"],
  ])("reads %s and writes it back", (_what, hex, flags, name) => {
    const value = decodeOption(dhcp4Options.fqdn, bytes(hex));
    expect(value).toEqual({ flags, rcode1: 0, rcode2: 0, name });
    const writer = new Writer();
    clientFqdn4.encode(value, writer);
    expect(formatHex(writer.take(), "")).toBe(hex);
  });

  it("ignores a NUL behind an ASCII name, and flags that have no name (RFC 4702 §2.1)", () => {
    const value = decodeOption(dhcp4Options.fqdn, bytes(`f1ffff${hexOf("host")}00`));
    expect(value).toEqual({ flags: 1, rcode1: 255, rcode2: 255, name: "host" });
  });

  it.each([
    ["N and S together", "090000", /N and S are both set/],
    ["fewer than three bytes", "0000", /needs 1 bytes/],
    ["bytes behind the root label", "0400000161000161", /bytes too many/],
    ["a label beyond the end", "0400000561", /needs/],
    ["a pointer", "040000c000", /label length 192/],
    ["an empty ASCII label (CVE-2025-11232)", `000000${hexOf("a..b")}`, /empty label/],
    ["an ASCII label of 64 bytes", `000000${hexOf("a".repeat(64))}`, /label of 64 bytes/],
    ["an ASCII name of 256 bytes", `000000${hexOf(`${"a".repeat(50)}.`.repeat(6))}`, /at most 255/],
  ])("refuses %s", (_what, hex, message) => {
    const decode = (): unknown => decodeOption(dhcp4Options.fqdn, bytes(hex));
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(message);
  });

  it.each([
    ["host.", true],
    ["host", false],
    ["host\\.", false],
    ["host\\\\.", true],
    [".", true],
    ["", false],
  ])("%j is qualified: %s", (name, qualified) => {
    expect(isQualified(name)).toBe(qualified);
  });
});

describe("options 124 and 125", () => {
  it("RFC 3925: have several vendors, and put the pieces of one together", () => {
    const value = decodeOption(dhcp4Options.vivsoSuboptions, bytes("00000009020101" + "0000118b0100" + "0000000901ff"));
    expect(value.map(({ enterprise, data }) => [enterprise, formatHex(data)])).toEqual([
      [9, "01:01:ff"],
      [4491, "00"],
    ]);
  });

  it("come in pieces when a vendor has more than 255 bytes", () => {
    const writer = new Writer();
    dhcp4Options.vivsoSuboptions.type.encode([{ enterprise: 9, data: new Uint8Array(300).fill(7) }], writer);
    const payload = writer.take();
    expect(payload).toHaveLength(2 * 5 + 300);
    expect(decodeOption(dhcp4Options.vivsoSuboptions, payload)[0]!.data).toHaveLength(300);
  });

  it.each(["", "000000", "00000009", "000000090501", "0000000900ff"])("refuse %j", (hex) => {
    expect(() => decodeOption(dhcp4Options.vivcoSuboptions, bytes(hex))).toThrow(DecodeError);
  });

  it.each([
    ["vendor-9", 9],
    ["vendor-4294967295", 4_294_967_295],
    ["vendor-4294967296", undefined],
    ["vendor-", undefined],
    ["vendor-encapsulated-options-space", undefined],
  ])("%s belongs to enterprise %s", (space, enterprise) => {
    expect(enterpriseOf(space)).toBe(enterprise);
  });
});
