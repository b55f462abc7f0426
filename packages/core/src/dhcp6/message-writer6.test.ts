import { describe, expect, it } from "vitest";
import { formatHex, parseHex } from "../base/hex.ts";
import { parseIpv6Key } from "../ip/ipv6-key.ts";
import { MessageType6 } from "./message-type6.ts";
import { MessageWriter6 } from "./message-writer6.ts";
import { Message6 } from "./message6.ts";
import { Option6 } from "./option6.ts";

const LINK = parseIpv6Key("2001:db8::1")!;
const PEER = parseIpv6Key("fe80::a")!;
const ADDRESS = { address: parseIpv6Key("2001:db8::1234")!, length: 128, preferred: 300, valid: 600 };
const PREFIX = { address: parseIpv6Key("2001:db8:0:ff00::")!, length: 56, preferred: 1, valid: 0xffff_ffff };

/** What `write` leaves in a buffer: at offset 3, within `limit` bytes. */
function written(write: (writer: MessageWriter6) => void, limit = 1000): string | undefined {
  const buffer = new Uint8Array(2000).fill(0xee);
  const writer = new MessageWriter6(buffer, 3, limit);
  write(writer);
  const length = writer.finish();
  const end = 3 + (length ?? limit);
  expect(buffer.subarray(0, 3).every((byte) => byte === 0xee)).toBe(true);
  if (length !== undefined) expect(buffer.subarray(end).every((byte) => byte === 0xee)).toBe(true);
  else expect(buffer.subarray(3 + limit).every((byte) => byte === 0xee)).toBe(true);
  return length === undefined ? undefined : formatHex(buffer.subarray(3, end), "");
}

/** A SOLICIT through two relays. */
function relayedQuery(): Message6 {
  const buffer = new Uint8Array(1000);
  const writer = new MessageWriter6(buffer, 0, 1000);
  writer.beginRelay(MessageType6.RELAY_FORW, 1, LINK, PEER).option(Option6.interfaceId, parseHex("6f7574")!);
  writer.option(Option6.relaySourcePort, parseHex("0222")!).openOption(Option6.relayMessage);
  writer
    .beginRelay(MessageType6.RELAY_FORW, 0, ADDRESS.address, PEER)
    .option(Option6.remoteId, parseHex("0000000901")!);
  writer.openOption(Option6.relayMessage).begin(MessageType6.SOLICIT, 0x123456).optionU16(Option6.elapsedTime, 7);
  return new Message6(buffer.subarray(0, writer.finish()));
}

describe("MessageWriter6", () => {
  it("RFC 8415 §8, §21: writes header, options, associations and statuses", () => {
    const text = written((writer) => {
      writer.begin(MessageType6.REPLY, 0xabcdef).option(1, parseHex("000301")!).optionU8(7, 255);
      writer.optionU16(8, 0x102).optionU32(32, 0xffff_ffff);
      writer.openIa(Option6.iaNa, 9, 1, 2).iaLease(Option6.iaNa, ADDRESS).closeOption();
      writer.openIa(Option6.iaPd, 0xffff_ffff, 0, 0).iaLease(Option6.iaPd, { ...PREFIX, exclude: parseHex("4001")! });
      writer.status(6, "no-ü").closeOption().bytes(parseHex("000e0000")!);
    });
    expect(text).toBe(
      [
        "07abcdef",
        "00010003000301",
        "00070001ff",
        "000800020102",
        "00200004ffffffff",
        "00030028000000090000000100000002",
        "0005001820010db80000000000000000000012340000012c00000258",
        "0019003affffffff0000000000000000",
        "001a001f00000001ffffffff3820010db80000ff000000000000000000004300024001",
        "000d000700066e6f2dc3bc",
        "000e0000",
      ].join(""),
    );
  });

  it("RFC 8415 §19.3: mirrors the relays of the query, and gives interface-id and relay port back (RFC 8357)", () => {
    const buffer = new Uint8Array(1000);
    const writer = new MessageWriter6(buffer, 0, 1000);
    writer.beginReply(relayedQuery(), MessageType6.ADVERTISE).optionU8(Option6.preference, 1);
    const reply = new Message6(buffer.subarray(0, writer.finish()));
    expect(reply.relays.map((relay) => [relay.type, relay.hopCount, relay.linkAddress, relay.peerAddress])).toEqual([
      [MessageType6.RELAY_REPL, 1, LINK, PEER],
      [MessageType6.RELAY_REPL, 0, ADDRESS.address, PEER],
    ]);
    const [outer, near] = reply.relays;
    expect(outer!.optionCodes()).toEqual([Option6.interfaceId, Option6.relaySourcePort, Option6.relayMessage]);
    expect([outer!.interfaceId, outer!.option(Option6.relaySourcePort)]).toEqual([
      parseHex("6f7574"),
      parseHex("0222"),
    ]);
    expect(near!.optionCodes()).toEqual([Option6.relayMessage]);
    expect([reply.type, reply.transactionId, reply.u8(Option6.preference)]).toEqual([2, 0x123456, 1]);
  });

  it("answers a direct query directly", () => {
    const query = new Message6(parseHex("0b000102")!);
    expect(written((writer) => writer.beginReply(query, MessageType6.REPLY))).toBe("07000102");
  });

  it("says how long one more option may be", () => {
    const writer = new MessageWriter6(new Uint8Array(100), 10, 20);
    expect(writer.begin(7, 1).room).toBe(12);
    expect(writer.option(9, new Uint8Array(12)).room).toBe(-4);
    expect(writer.finish()).toBe(20);
    expect(writer.u8(0).room).toBe(-1);
  });

  const steps: readonly (readonly [string, number, (writer: MessageWriter6) => void])[] = [
    ["a header", 4, (writer) => writer.begin(7, 1)],
    ["a relay header", 34, (writer) => writer.beginRelay(13, 0, LINK, PEER)],
    ["an option", 7, (writer) => writer.option(1, new Uint8Array(3))],
    ["an option of one byte", 5, (writer) => writer.optionU8(7, 1)],
    ["an option of two bytes", 6, (writer) => writer.optionU16(8, 1)],
    ["an option of four bytes", 8, (writer) => writer.optionU32(32, 1)],
    ["a status", 8, (writer) => writer.status(1, "no")],
    ["an association", 16, (writer) => writer.openIa(3, 1, 2, 3)],
    ["an address", 28, (writer) => writer.iaLease(3, ADDRESS)],
    ["a prefix", 29, (writer) => writer.iaLease(25, PREFIX)],
    ["bytes", 9, (writer) => writer.bytes(new Uint8Array(9))],
    ["an open option", 4, (writer) => writer.openOption(3)],
  ];
  it.each(steps)("writes %s of %i bytes up to the limit, and nothing behind it", (_what, size, write) => {
    expect(written(write, size)).toHaveLength(2 * size);
    expect(written(write, size - 1)).toBeUndefined();
  });

  it("stays full: what would fit afterwards is not written either", () => {
    expect(
      written((writer) => {
        writer.begin(7, 1).option(1, new Uint8Array(30)).optionU8(7, 1);
      }, 20),
    ).toBeUndefined();
  });

  it("does not fit when a length would need more than 16 bits", () => {
    const buffer = new Uint8Array(70_000);
    expect(new MessageWriter6(buffer, 0, 70_000).option(1, new Uint8Array(65_535)).finish()).toBe(65_539);
    expect(new MessageWriter6(buffer, 0, 70_000).option(1, new Uint8Array(65_536)).finish()).toBeUndefined();
    const open = new MessageWriter6(buffer, 0, 70_000).openOption(9).bytes(new Uint8Array(65_536));
    expect(open.finish()).toBeUndefined();
  });

  it("never writes behind the buffer", () => {
    expect(new MessageWriter6(new Uint8Array(10), 5, 100).begin(7, 1).u8(1).u8(2).finish()).toBeUndefined();
  });

  it("refuses to close what is not open: that is a mistake of ours", () => {
    expect(() => new MessageWriter6(new Uint8Array(10), 0, 10).closeOption()).toThrow(/no option is open/);
  });
});
