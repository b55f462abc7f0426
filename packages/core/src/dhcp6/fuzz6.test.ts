/** Any bytes are a message or a `DecodeError`, everything in a message is a value or a `DecodeError`, all can be shown. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../base/decode-error.ts";
import { parseHex } from "../base/hex.ts";
import { runs } from "../base/testing/runs.ts";
import { parseIpv6Key } from "../ip/ipv6-key.ts";
import { describeMessage6 } from "./describe-message6.ts";
import { decodeDuid, linkLayerOf } from "./duid.ts";
import { MessageType6 } from "./message-type6.ts";
import { MessageWriter6 } from "./message-writer6.ts";
import { Message6 } from "./message6.ts";
import { Option6 } from "./option6.ts";
import { decodePdExclude } from "./pd-exclude.ts";

/** Reads all there is to read. @returns how many of the reads gave a value, and how many were refused */
function readAll(bytes: Uint8Array): { values: number; refusals: number } {
  const seen = { values: 0, refusals: 0 };
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      const value = read();
      seen.values++;
      return value;
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
      const { offset } = error as DecodeError;
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(bytes.length);
      seen.refusals++;
      return undefined;
    }
  };
  const message = attempt(() => new Message6(bytes));
  if (message === undefined) return seen;
  const duid = attempt(() => message.clientId);
  if (duid !== undefined) attempt(() => [decodeDuid(duid), linkLayerOf(duid)]);
  attempt(() => message.serverId);
  attempt(() => message.elapsedTime);
  attempt(() => message.codes(6));
  attempt(() => message.status);
  for (const { leases } of attempt(() => message.ias) ?? []) {
    for (const lease of leases) {
      expect(lease.address).toHaveLength(16);
      expect(lease.length).toBeLessThanOrEqual(128);
      if (lease.exclude !== undefined) attempt(() => decodePdExclude(lease.exclude!, lease));
    }
  }
  for (const index of [message, ...message.relays]) {
    attempt(() => index.vendors(Option6.vendorClass));
    attempt(() => index.vendors(Option6.vendorOptions));
    for (const code of index.optionCodes()) {
      const isLong = index.option(code)!.length >= 4;
      if (isLong) attempt(() => [index.u8(code), index.u16(code), index.u32(code)]);
      else expect(() => index.u32(code)).toThrow(DecodeError);
    }
  }
  for (const relay of message.relays) {
    attempt(() => [relay.interfaceId, relay.subscriberId, relay.wantsSourcePort]);
    attempt(() => relay.remoteId);
    attempt(() => relay.clientLinkLayer);
    attempt(() => relay.suppliedOptions?.optionCodes());
  }
  expect(describeMessage6(message)).not.toMatch(/\p{Cc}/u);
  checkReply(message);
  return seen;
}

/** The mirror of a query's relays is whole, at any size of the buffer, or is said not to fit. */
function checkReply(query: Message6): void {
  const buffer = new Uint8Array(70_000);
  const length = new MessageWriter6(buffer, 0, buffer.length).beginReply(query, MessageType6.REPLY).finish();
  if (length === undefined) return;
  const reply = new Message6(buffer.subarray(0, length));
  expect(reply.relays.map(({ hopCount, linkAddress, peerAddress }) => [hopCount, linkAddress, peerAddress])).toEqual(
    query.relays.map(({ hopCount, linkAddress, peerAddress }) => [hopCount, linkAddress, peerAddress]),
  );
  expect(reply.transactionId).toBe(query.transactionId);
  expect(new MessageWriter6(buffer, 0, length - 1).beginReply(query, MessageType6.REPLY).finish()).toBeUndefined();
}

/** A message with something of everything, in `depth` relays. */
function sample(depth: number): Uint8Array {
  const buffer = new Uint8Array(4000);
  const writer = new MessageWriter6(buffer, 0, buffer.length);
  const link = parseIpv6Key("2001:db8::1")!;
  for (let i = depth; i > 0; i--) {
    writer.beginRelay(MessageType6.RELAY_FORW, i - 1, link, link).option(Option6.interfaceId, parseHex("657430")!);
    writer.option(Option6.remoteId, parseHex("0000000901")!).option(Option6.clientLinkLayer, parseHex("000102000000")!);
    writer.optionU16(Option6.relaySourcePort, 547).option(Option6.relaySuppliedOptions, parseHex("0041000100")!);
    writer.openOption(Option6.relayMessage);
  }
  writer.begin(MessageType6.REQUEST, 0x123456).option(Option6.clientId, parseHex("000100011c39cf88020000000002")!);
  writer.option(Option6.serverId, parseHex("00030001020000000001")!).optionU16(Option6.elapsedTime, 100);
  writer.option(Option6.oro, parseHex("00170018")!).option(Option6.clientFqdn, parseHex("0104686f7374")!);
  const address = { address: link, length: 128, preferred: 1, valid: 2 };
  writer.openIa(Option6.iaNa, 1, 2, 3).iaLease(Option6.iaNa, address).status(2, "no").closeOption();
  const prefix = { ...address, length: 56, exclude: parseHex("4078")! };
  writer.openIa(Option6.iaPd, 1, 2, 3).iaLease(Option6.iaPd, prefix).closeOption();
  writer.option(Option6.vendorClass, parseHex("000000090003666f6f")!);
  writer.option(Option6.vendorOptions, parseHex("0000118b0001000400200021")!).status(0, "");
  return buffer.subarray(0, writer.finish());
}

/** Changes of bytes, mostly to what lengths are made of, and a cut. */
const damage = fc.record({
  changes: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 4, 9, 12, 13, 0x80, 0xff), fc.nat(255))), {
    maxLength: 4,
  }),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat() }),
});

describe("any bytes", () => {
  it("at random", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readAll(bytes)),
      { numRuns: runs(500) },
    );
  });

  it("that begin as messages and relays do", () => {
    const start = fc.constantFrom(1, 3, 11, 12, 13);
    fc.assert(
      fc.property(
        start,
        fc.uint8Array({ maxLength: 120 }),
        (type, bytes) => void readAll(Uint8Array.of(type, ...bytes)),
      ),
      { numRuns: runs(500) },
    );
  });

  it.each([0, 1, 2, 32])("of a whole message in %i relays, damaged", (depth) => {
    const whole = sample(depth);
    expect(readAll(whole).refusals).toBe(0);
    let refusals = 0;
    fc.assert(
      fc.property(damage, ({ changes, cut }) => {
        const bytes = Uint8Array.from(whole.subarray(0, cut === undefined ? whole.length : cut % (whole.length + 1)));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        refusals += readAll(bytes).refusals;
      }),
      { numRuns: runs(250) },
    );
    expect(refusals).toBeGreaterThan(runs(250) / 10);
  });

  it("of every length up to a whole message", () => {
    const whole = sample(2);
    for (let length = 0; length < whole.length; length++) {
      // Only at the end of an option of the outermost relay would a shorter packet be whole, and nothing is behind 9.
      expect(readAll(whole.subarray(0, length)).refusals).toBe(1);
    }
  });

  it("RFC 8415 §11.1: a DUID of 0 to 65,535 bytes is one or is refused", () => {
    for (const length of [...Array(140).keys(), 255, 256, 1000, 65_527]) {
      const buffer = new Uint8Array(65_535);
      const writer = new MessageWriter6(buffer, 0, buffer.length).begin(MessageType6.SOLICIT, 1);
      const bytes = buffer.subarray(0, writer.option(Option6.clientId, new Uint8Array(length).fill(1)).finish());
      const isDuid = length >= 3 && length <= 130;
      expect(readAll(bytes).refusals > 0).toBe(!isDuid);
    }
  });
});
