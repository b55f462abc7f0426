import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatHex, parseHex } from "../base/hex.ts";
import { DUID_EPOCH, decodeDuid, encodeDuid, formatDuid, linkLayerOf, parseDuid } from "./duid.ts";
import { chooseServerDuid, type ServerDuidSettings } from "./server-duid.ts";

const bytes = (hex: string): Uint8Array => parseHex(hex)!;
const mac = { htype: 1, address: bytes("02:00:00:00:00:02") };

describe("decodeDuid", () => {
  it.each([
    [
      "RFC 8415 §11.2: LLT",
      "00:01:00:01:1c:39:cf:88:02:00:00:00:00:02",
      { type: "LLT", time: 0x1c39cf88, linkLayer: mac },
    ],
    ["RFC 8415 §11.3: EN", "00:02:00:00:00:09:0c:c0", { type: "EN", enterprise: 9, identifier: bytes("0cc0") }],
    ["RFC 8415 §11.4: LL", "00:03:00:01:02:00:00:00:00:02", { type: "LL", linkLayer: mac }],
    ["RFC 8415 §11.5: UUID", `00:04${":ab".repeat(16)}`, { type: "UUID", uuid: bytes("ab".repeat(16)) }],
    ["a type without a name", "00:05:01", { type: "opaque", bytes: bytes("000501") }],
    ["an LLT without an address", "00:01:00:01:1c:39:cf:88", { type: "opaque", bytes: bytes("000100011c39cf88") }],
    ["an LL without an address", "00:03:00:01", { type: "opaque", bytes: bytes("00030001") }],
    ["an EN without an identifier", "00:02:00:00:00:09", { type: "opaque", bytes: bytes("000200000009") }],
    ["a UUID of 15 bytes", `00:04${":ab".repeat(15)}`, { type: "opaque", bytes: bytes(`0004${"ab".repeat(15)}`) }],
  ])("reads %s", (_what, text, duid) => {
    expect(decodeDuid(parseDuid(text)!)).toEqual(duid);
    expect(formatDuid(encodeDuid(decodeDuid(parseDuid(text)!)))).toBe(text);
  });

  it("takes any bytes and gives them back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), fc.integer({ min: 0, max: 5 }), (tail, type) => {
        const duid = Uint8Array.of(0, type, ...tail);
        expect(Uint8Array.from(encodeDuid(decodeDuid(duid)))).toEqual(duid);
      }),
    );
  });
});

describe("parseDuid", () => {
  it.each([
    ["00:01:00:01:32:98:11:b2:02:00:00:00:00:02\n", "00:01:00:01:32:98:11:b2:02:00:00:00:00:02"],
    ["000301", "00:03:01"],
    ["0:3:1", "00:03:01"],
    ["0x000301", "00:03:01"],
  ])("accepts %j", (text, duid) => {
    expect(formatDuid(parseDuid(text)!)).toBe(duid);
  });

  it.each([
    ["no text", ""],
    ["no hexadecimal text", "garbage"],
    ["two bytes", "00:01"],
    ["131 bytes", "00".repeat(131)],
  ])("refuses %s", (_what, text) => {
    expect(parseDuid(text)).toBeUndefined();
  });

  it("accepts 3 to 130 bytes (RFC 8415 §11.1)", () => {
    expect(parseDuid("00".repeat(3))).toHaveLength(3);
    expect(parseDuid("00".repeat(130))).toHaveLength(130);
  });
});

describe("linkLayerOf", () => {
  it.each([
    ["00:01:00:06:1c:39:cf:88:02:03", "6 02:03"],
    ["00:03:00:01:02:04", "1 02:04"],
    ["00:02:00:00:00:09:0c:c0", undefined],
    ["00:01:00:01:1c:39:cf:88", undefined],
  ])("of %s is %s", (text, expected) => {
    const found = linkLayerOf(parseDuid(text)!);
    expect(found && `${found.htype} ${formatHex(found.address)}`).toBe(expected);
  });
});

describe("chooseServerDuid", () => {
  const LLT = "00:01:00:01:2a:2a:2a:2a:0a:0b:0c:0d:0e:0f";
  const LL = "00:03:00:06:0a:0b:0c:0d:0e:01";
  const EN = "00:02:00:00:00:09:aa:bb";
  const open: ServerDuidSettings = { type: "LLT", htype: 0, time: 0, identifier: new Uint8Array(), enterprise: 0 };
  const sources = {
    linkLayer: mac,
    now: DUID_EPOCH + 0x1234 + 0.9,
    random: (count: number) => new Uint8Array(count).fill(7),
  };
  const choose = (stored: string | undefined, settings: Partial<ServerDuidSettings>): string | undefined => {
    const duid = chooseServerDuid(
      { ...open, ...settings },
      stored === undefined ? undefined : parseDuid(stored),
      sources,
    );
    return duid && formatDuid(duid);
  };
  const generated = { LLT: "00:01:00:01:00:00:12:34:02:00:00:00:00:02", LL: "00:03:00:01:02:00:00:00:00:02" };

  // What Kea 2.6.3 leaves in its file.
  it.each<[string | undefined, Partial<ServerDuidSettings>, string]>([
    [undefined, {}, generated.LLT],
    [undefined, { type: "LL", htype: 8 }, generated.LL],
    [undefined, { type: "EN" }, "00:02:00:00:09:bf:07:07:07:07:07:07"],
    [LLT, {}, LLT],
    [LLT, { type: "LL" }, generated.LL],
    [LLT, { type: "EN" }, "00:02:00:00:09:bf:07:07:07:07:07:07"],
    [LL, {}, generated.LLT],
    [LL, { type: "LL" }, LL],
    [EN, {}, generated.LLT],
    [EN, { type: "EN" }, EN],
    [LLT, { htype: 6 }, LLT],
    [LLT, { identifier: bytes("010203") }, "00:01:00:01:2a:2a:2a:2a:01:02:03"],
    [LLT, { identifier: bytes("010203"), htype: 9 }, "00:01:00:09:2a:2a:2a:2a:01:02:03"],
    [LL, { type: "LL", identifier: bytes("010203") }, "00:03:00:06:01:02:03"],
    [LLT, { type: "LL", identifier: bytes("010203") }, "00:03:00:01:01:02:03"],
    [EN, { type: "EN", enterprise: 77 }, "00:02:00:00:00:4d:aa:bb"],
    [EN, { type: "EN", identifier: bytes("ff") }, "00:02:00:00:00:09:ff"],
    [LLT, { time: 5 }, "00:01:00:01:00:00:00:05:0a:0b:0c:0d:0e:0f"],
  ])("of %s with %j is %s", (stored, settings, expected) => {
    expect(choose(stored, settings)).toBe(expected);
  });

  it("cannot be made of a hardware address where there is none", () => {
    const without = { ...sources, linkLayer: undefined };
    expect(chooseServerDuid(open, undefined, without)).toBeUndefined();
    expect(chooseServerDuid({ ...open, type: "EN" }, undefined, without)).toBeDefined();
  });
});
