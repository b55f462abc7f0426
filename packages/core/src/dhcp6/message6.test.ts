/** What is read from packets, and what is refused, with the field and its offset. */
import { describe, expect, it } from "vitest";
import { DecodeError } from "../base/decode-error.ts";
import { formatHex, parseHex } from "../base/hex.ts";
import { formatIpv6Key } from "../ip/ipv6-key.ts";
import { MessageType6, nameMessageType6 } from "./message-type6.ts";
import { Message6 } from "./message6.ts";
import { Option6 } from "./option6.ts";
import type { Relay6 } from "./relay6.ts";

const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");
/** An option in hexadecimal. */
const option = (code: number, payload: string): string => hex(code, 2) + hex(payload.length / 2, 2) + payload;
const message = (type: number, ...options: string[]): string => `${hex(type, 1)}abcdef${options.join("")}`;
const LINK = "20010db8000000000000000000000001";
const PEER = "fe80000000000000000000000000000a";
const relay = (carried: string, ...options: string[]): string =>
  `0c03${LINK}${PEER}${options.join("")}${option(9, carried)}`;
const decode = (text: string): Message6 => new Message6(parseHex(text)!);

const DUID = "00030001020000000002";
const ADDRESS = "20010db8000000000000000000001234";

describe("a message", () => {
  it("RFC 8415 §8: has type, transaction id and options", () => {
    const found = decode(message(1, option(1, DUID), option(8, "0102"), option(6, "0017004e"), option(14, "")));
    expect(nameMessageType6(found.type)).toBe("SOLICIT");
    expect(found.transactionId).toBe(0xabcdef);
    expect(found.isRelayed).toBe(false);
    expect(formatHex(found.clientId!, "")).toBe(DUID);
    expect(found.serverId).toBeUndefined();
    expect(found.elapsedTime).toBe(0x0102);
    expect(found.codes(6)).toEqual([23, 78]);
    expect(found.wantsRapidCommit).toBe(true);
    expect(found.optionCodes()).toEqual([1, 8, 6, 14]);
  });

  it.each(["00", "000100"])("has no option in the bytes %s at its end, nor has a relay's message", (rest) => {
    expect(decode(message(1, option(8, "0102"), rest)).optionCodes()).toEqual([8]);
    const found = decode(relay(message(1, option(8, "0102"))) + rest);
    expect(found.optionCodes()).toEqual([8]);
    expect(found.relays.map((each) => each.optionCodes())).toEqual([[9]]);
  });

  it("may have no options at all", () => {
    const found = decode(message(11));
    expect(nameMessageType6(found.type)).toBe("INFORMATION-REQUEST");
    expect(found.codes(6)).toEqual([]);
    expect(found.wantsRapidCommit).toBe(false);
    expect(found.elapsedTime).toBeUndefined();
    expect(found.ias).toEqual([]);
    expect(found.vendors(Option6.vendorClass)).toEqual([]);
    expect(found.status).toBeUndefined();
  });

  it("has options of one code several times, and the first of them counts where one is asked for", () => {
    const found = decode(message(1, option(18, "aa"), option(7, "05"), option(18, ""), option(18, "bbbb")));
    expect(formatHex(found.option(18)!)).toBe("aa");
    expect(found.everyOption(18).map((payload) => formatHex(payload, ""))).toEqual(["aa", "", "bbbb"]);
    expect([found.countOf(18), found.countOf(7), found.countOf(1)]).toEqual([3, 1, 0]);
    expect(found.optionKey(18)).toBe("\xaa");
    expect(found.optionKey(19)).toBeUndefined();
    expect(found.offsetOf(7)).toBe(13);
    expect([found.u8(7), found.u8(2)]).toEqual([5, undefined]);
  });

  it("RFC 8415 §21.16, §21.17: has vendor options of several vendors", () => {
    const found = decode(message(1, option(17, "0000118b0001"), option(16, "00000009"), option(17, "ffffffff")));
    expect(found.vendors(Option6.vendorOptions)).toEqual([
      { enterprise: 4491, data: parseHex("0001"), offset: 12 },
      { enterprise: 0xffff_ffff, data: new Uint8Array(), offset: 30 },
    ]);
    expect(found.vendors(Option6.vendorClass).map(({ enterprise }) => enterprise)).toEqual([9]);
  });

  it("RFC 8415 §21.13: has a status with a text", () => {
    const found = decode(message(7, option(13, "00026e6f2dc3bc")));
    expect(found.status).toEqual({ code: 2, text: "no-ü" });
  });

  it.each([
    ["DUID of the shortest length", 3],
    ["DUID of the longest length", 130],
  ])("RFC 8415 §11.1: has a %s", (_what, length) => {
    expect(decode(message(1, option(1, "01".repeat(length)))).clientId).toHaveLength(length);
  });

  it("has no client that calls itself what stands for nobody in Kea's lease files (#4533)", () => {
    expect(() => decode(message(1, option(1, "000000"))).clientId).toThrow(/option 1 .* stands for nobody/);
    expect(decode(message(1, option(1, "00000000"))).clientId).toHaveLength(4);
  });
});

describe("identity associations", () => {
  const iaAddress = option(5, `${ADDRESS}0000012c00000258`);
  const iaPrefix = option(26, `0000012c0000025838${"20010db80000ffff".padEnd(32, "f")}`);

  it("RFC 8415 §21.4, §21.6: hold addresses", () => {
    const found = decode(message(1, option(3, `000000010000000200000003${iaAddress}${option(99, "00")}${iaAddress}`)));
    expect(found.ias).toHaveLength(1);
    expect(found.ias[0]).toMatchObject({ code: Option6.iaNa, iaid: 1, t1: 2, t2: 3, status: undefined });
    expect(found.ias[0]!.leases).toHaveLength(2);
    const lease = found.ias[0]!.leases[0]!;
    expect(formatIpv6Key(lease.address)).toBe("2001:db8::1234");
    expect(lease).toMatchObject({ length: 128, preferred: 300, valid: 600, status: undefined, exclude: undefined });
  });

  it("RFC 8415 §21.21, §21.22: hold prefixes, whose further bits do not count", () => {
    const found = decode(message(1, option(25, `ffffffff0000000000000000${iaPrefix}`)));
    expect(found.ias[0]).toMatchObject({ code: Option6.iaPd, iaid: 0xffff_ffff, t1: 0, t2: 0 });
    const lease = found.ias[0]!.leases[0]!;
    expect(formatIpv6Key(lease.address)).toBe("2001:db8:0:ff00::");
    expect(lease).toMatchObject({ length: 56, preferred: 300, valid: 600 });
  });

  it("come in the order of the message, several of each kind", () => {
    const na = (iaid: string): string => option(3, `${iaid}0000000000000000`);
    const pd = (iaid: string): string => option(25, `${iaid}0000000000000000`);
    const found = decode(
      message(1, na("00000002"), pd("00000001"), na("00000001"), option(4, "00000009"), pd("00000001")),
    );
    expect(found.ias.map(({ code, iaid }) => [code, iaid])).toEqual([
      [3, 2],
      [25, 1],
      [3, 1],
      [25, 1],
    ]);
    expect(found.ias).toBe(found.ias);
  });

  it("have statuses, and RFC 6603 excluded prefixes", () => {
    const prefix = option(
      26,
      `000000000000000038${"20010db8".padEnd(32, "0")}${option(67, "4078")}${option(13, "0006")}`,
    );
    const found = decode(message(7, option(25, `000000010000000000000000${prefix}${option(13, "00036e6f")}`)));
    const [ia] = found.ias;
    expect(ia!.status).toEqual({ code: 3, text: "no" });
    expect(ia!.leases[0]!.status).toEqual({ code: 6, text: "" });
    expect(formatHex(ia!.leases[0]!.exclude!, "")).toBe("4078");
  });

  it("take no member of the other kind, nor one outside", () => {
    const found = decode(message(1, iaAddress, option(3, `000000010000000200000003${iaPrefix}`)));
    expect(found.ias.map(({ leases }) => leases)).toEqual([[]]);
  });
});

describe("relays", () => {
  it("RFC 8415 §9: carry a message, the outermost first", () => {
    const inner = relay(message(3, option(1, DUID)), option(18, "6574683" + "0"));
    const found = decode(relay(inner, option(37, "0000000901ff"), option(38, "73")).replace("0c03", "0c04"));
    expect(found.isRelayed).toBe(true);
    expect(nameMessageType6(found.type)).toBe("REQUEST");
    expect(found.relays.map(({ hopCount, type }) => [type, hopCount])).toEqual([
      [MessageType6.RELAY_FORW, 4],
      [MessageType6.RELAY_FORW, 3],
    ]);
    const [outer, near] = found.relays as [Relay6, Relay6];
    expect(formatIpv6Key(outer.linkAddress)).toBe("2001:db8::1");
    expect(formatIpv6Key(outer.peerAddress)).toBe("fe80::a");
    expect(outer.remoteId).toEqual({ enterprise: 9, id: parseHex("01ff") });
    expect(outer.subscriberId).toEqual(parseHex("73"));
    expect(outer.interfaceId).toBeUndefined();
    expect(near.interfaceId).toEqual(parseHex("65746830"));
    expect(formatHex(found.clientId!, "")).toBe(DUID);
    expect(found.hasOption(18)).toBe(false);
  });

  it("have the client's hardware address, a source port, and options for the client", () => {
    const found = decode(
      relay(message(1), option(79, "0001020000000002"), option(135, "0000"), option(66, option(65, "0161" + "00"))),
    );
    const [near] = found.relays as [Relay6];
    expect(near.clientLinkLayer).toEqual({ htype: 1, address: parseHex("020000000002") });
    expect(near.wantsSourcePort).toBe(true);
    expect(near.suppliedOptions!.optionCodes()).toEqual([65]);
    expect(formatHex(near.suppliedOptions!.option(65)!, "")).toBe("016100");
  });

  it("have none of these where the relay gave none", () => {
    const [near] = decode(relay(message(1))).relays as [Relay6];
    expect([near.clientLinkLayer, near.remoteId, near.subscriberId, near.suppliedOptions]).toEqual(
      Array(4).fill(undefined),
    );
    expect(near.wantsSourcePort).toBe(false);
  });

  it("may be 32, and no more", () => {
    const nest = (depth: number): string => (depth === 0 ? message(1) : relay(nest(depth - 1)));
    expect(decode(nest(32)).relays).toHaveLength(32);
    expect(() => decode(nest(33))).toThrow(/relay 32 at offset 1216: is one too many: at most 32/);
  });
});

describe("broken packets", () => {
  const reply = (carried: string): string => relay(carried).replace("0c03", "0d03");
  it.each([
    ["nothing", "", "header", 0, /needs 4 bytes, has 0/],
    ["half a header", "01abcd", "header", 0, /needs 4 bytes, has 3/],
    [
      "an option beyond the end",
      message(1, option(1, "0001"), "0008000300"),
      "option 8",
      10,
      /says 3 bytes, 1 are left/,
    ],
    ["a relay's header alone", "0c", "relay 0 header", 0, /needs 34 bytes, has 1/],
    ["a truncated relay header", `0c00${LINK}${PEER.slice(2)}`, "relay 0 header", 0, /needs 34 bytes, has 33/],
    ["a relay that carries nothing", `0c00${LINK}${PEER}`, "relay 0 option 9", 34, /is missing/],
    ["a relay that carries an empty message", relay(""), "header", 38, /needs 4 bytes, has 0/],
    ["a relayed message that is cut short", relay("01abcd"), "header", 38, /needs 4 bytes, has 3/],
    ["a relay's option beyond the end", `0c00${LINK}${PEER}0012000500`, "relay 0 option 18", 34, /says 5 bytes, 1 are/],
    ["a truncated relay in a relay", relay("0c00"), "relay 1 header", 38, /needs 34 bytes, has 2/],
    [
      "an option beyond its relay",
      relay(`${message(1)}00010005`, option(18, "00".repeat(9))),
      "option 1",
      55,
      /says 5/,
    ],
    ["RELAY-REPL in RELAY-FORW", relay(reply(message(7))), "relay 1 type", 38, /is 13 inside 12/],
    ["RELAY-FORW in RELAY-REPL", reply(relay(message(1))), "relay 1 type", 38, /is 12 inside 13/],
  ])("are refused with %s", (_what, text, field, offset, what) => {
    const error = catchError(() => decode(text));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ field, offset, message: expect.stringMatching(what) as string });
  });

  const iaNa = (...options: string[]): string => message(1, option(3, `000000010000000200000003${options.join("")}`));
  const iaPd = (...options: string[]): string => message(1, option(25, `000000010000000200000003${options.join("")}`));
  it.each<[string, string, (found: Message6) => unknown, string, number, RegExp]>([
    [
      "an empty DUID",
      message(1, option(1, "")),
      (m) => m.clientId,
      "option 1",
      8,
      /DUID of 0 bytes, expected 3 to 130/,
    ],
    ["a DUID of 2 bytes", message(1, option(1, "0001")), (m) => m.clientId, "option 1", 8, /DUID of 2 bytes/],
    ["a DUID of 131 bytes", message(3, option(2, "00".repeat(131))), (m) => m.serverId, "option 2", 8, /131 bytes/],
    [
      "the longest option as DUID",
      message(1, option(1, "00".repeat(65535))),
      (m) => m.clientId,
      "option 1",
      8,
      /65535/,
    ],
    [
      "half an elapsed time",
      message(1, option(8, "00")),
      (m) => m.elapsedTime,
      "option 8",
      8,
      /has 1 bytes, expected 2/,
    ],
    ["half a code", message(1, option(6, "001700")), (m) => m.codes(6), "option 6", 8, /expected two for each/],
    ["half a vendor", message(1, option(16, "000000")), (m) => m.vendors(16), "option 16", 8, /enterprise number of 4/],
    ["half a status", message(7, option(13, "00")), (m) => m.status, "option 13", 8, /has 1 bytes, expected 2/],
    [
      "half an association",
      message(1, option(3, "00".repeat(11))),
      (m) => m.ias,
      "option 3",
      8,
      /11 bytes, expected at/,
    ],
    ["an address cut short", iaNa(option(5, "00".repeat(23))), (m) => m.ias, "option 3.5", 24, /23 bytes, expected at/],
    [
      "a prefix cut short",
      iaPd(option(26, "00".repeat(24))),
      (m) => m.ias,
      "option 25.26",
      24,
      /24 bytes, expected at/,
    ],
    ["an option beyond its IA", iaNa("000d0003"), (m) => m.ias, "option 3 option 13", 20, /says 3 bytes, 0 are left/],
    ["half an option in an IA", iaPd("0000"), (m) => m.ias, "option 25 option", 20, /2 are left/],
    ["half a status in an IA", iaNa(option(13, "")), (m) => m.ias, "option 3 option 13", 24, /0 bytes, expected 2/],
    [
      "half a status of an address",
      iaNa(option(5, "00".repeat(24) + option(13, "00"))),
      (m) => m.ias,
      "option 3.5 option 13",
      52,
      /1 bytes, expected 2/,
    ],
    [
      "an option beyond its address",
      iaNa(option(5, `${"00".repeat(24)}000d0003`)),
      (m) => m.ias,
      "option 3.5 option 13",
      48,
      /says 3 bytes/,
    ],
    [
      "a prefix of 129 bits",
      iaPd(option(26, `000000000000000081${ADDRESS}`)),
      (m) => m.ias,
      "option 25.26 prefix length",
      32,
      /is 129, expected at most 128/,
    ],
    [
      "half a remote-id",
      relay(message(1), option(37, "0000")),
      (m) => m.relays[0]!.remoteId,
      "relay 0 option 37",
      38,
      /4/,
    ],
    [
      "half a link type",
      relay(message(1), option(79, "00")),
      (m) => m.relays[0]!.clientLinkLayer,
      "relay 0 option 79",
      38,
      /expected 2/,
    ],
    [
      "an option beyond the supplied ones",
      relay(message(1), option(66, "00410001")),
      (m) => m.relays[0]!.suppliedOptions,
      "relay 0 option 66.option 65",
      38,
      /says 1 bytes, 0 are left/,
    ],
  ])("are refused, when asked for, with %s", (_what, text, read, field, offset, what) => {
    const found = decode(text);
    const error = catchError(() => read(found));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ field, offset, message: expect.stringMatching(what) as string });
  });
});

function catchError(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
