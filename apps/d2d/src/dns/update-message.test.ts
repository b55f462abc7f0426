import { encode } from "dns-packet";
import { describe, expect, test } from "vitest";
import { encodeUpdate, type UpdateRecord } from "./update-message.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Of an update with one record in its update section: what stands behind header and zone. */
function recordOf(record: Partial<UpdateRecord>): string {
  const update: UpdateRecord = { name: "h.e.", type: "A", class: "IN", ttl: 0, data: undefined, ...record };
  const head = "0007280000010000000100000165000006" + "0001";
  const message = hex(encodeUpdate({ id: 7, zone: "e.", prerequisites: [], updates: [update] }));
  expect(message.slice(0, head.length)).toBe(head);
  return message.slice(head.length);
}

const OWNER = "0168016500";

test("RFC 2136 §2: opcode 5, the zone as a question for its SOA, prerequisites before updates", () => {
  const a: UpdateRecord = { name: "h.e.", type: "ANY", class: "NONE", ttl: 0, data: undefined };
  const b: UpdateRecord = { name: "h.e.", type: "A", class: "IN", ttl: 60, data: "192.0.2.1" };
  const message = encodeUpdate({ id: 0xabcd, zone: "e.", prerequisites: [a, a], updates: [b] });
  const none = `${OWNER}00ff00fe000000000000`;
  expect(hex(message)).toBe(
    `abcd28000001000200010000016500000600${"01"}${none}${none}${OWNER}000100010000003c0004c0000201`,
  );
});

describe("what dns-packet cannot", () => {
  test("the opcode: its `opcode` is ignored", () => {
    const bare = {
      type: "query",
      id: 0,
      flags: 0,
      opcode: "UPDATE",
      questions: [],
      answers: [],
      authorities: [],
    } as const;
    expect(hex(encode({ ...bare, additionals: [] })).slice(4, 8)).toBe("0000");
    expect(hex(encodeUpdate({ id: 0, zone: "e.", prerequisites: [], updates: [] })).slice(4, 8)).toBe("2800");
  });

  test("class NONE: it writes 0", () => {
    expect(recordOf({ class: "NONE", type: "AAAA" })).toBe(`${OWNER}001c00fe000000000000`);
    expect(recordOf({ class: "NONE", data: "192.0.2.1" })).toBe(`${OWNER}000100fe000000000004c0000201`);
  });

  test.each([
    ["A", "0001"],
    ["AAAA", "001c"],
    ["PTR", "000c"],
    ["DHCID", "0031"],
    ["ANY", "00ff"],
  ] as const)("records of type %s without data: it writes some, or throws", (type, code) => {
    expect(recordOf({ type, class: "ANY" })).toBe(`${OWNER}${code}00ff000000000000`);
  });

  test("names with escapes: it has none", () => {
    expect(recordOf({ name: "a\\.b\\032\\255.e.", class: "NONE" })).toBe("05612e6220ff016500000100fe000000000000");
    expect(recordOf({ type: "PTR", data: "a\\.b.e." })).toBe(`${OWNER}000c0001000000000007${"03612e62016500"}`);
    const zone = hex(encodeUpdate({ id: 0, zone: "a\\.b.", prerequisites: [], updates: [] }));
    expect(zone.slice(24)).toBe("03612e620000060001");
  });

  test("lengths: it writes what nobody can read", () => {
    expect(() => recordOf({ name: `${"a".repeat(64)}.e.` })).toThrow("has a label of 64 bytes");
    expect(() => recordOf({ name: "abc.".repeat(64) })).toThrow("a name has at most 255");
    expect(() => recordOf({ type: "PTR", data: `${"a".repeat(64)}.e.` })).toThrow("has a label of 64 bytes");
  });
});

test.each([
  ["A", "192.0.2.255", "0001", "c00002ff"],
  ["AAAA", "2001:db8::1:0:0:1", "001c", "20010db8000000000001000000000001"],
  ["AAAA", "::", "001c", "0".repeat(32)],
  ["AAAA", "::ffff:192.0.2.1", "001c", "00000000000000000000ffffc0000201"],
  ["PTR", "h.e.", "000c", "0168016500"],
] as const)("%s %s", (type, data, code, rdata) => {
  const length = (rdata.length / 2).toString(16).padStart(4, "0");
  expect(recordOf({ type, data, ttl: 0x01020304 })).toBe(`${OWNER}${code}000101020304${length}${rdata}`);
});

test("a DHCID is bytes", () => {
  expect(recordOf({ type: "DHCID", data: Uint8Array.of(0, 1, 1, 255) })).toBe(`${OWNER}00310001000000000004000101ff`);
});
