import { runs } from "@kotare/core/base/testing/runs";
import { buildMessage4, type Message4Fields, type OptionBytes } from "@kotare/testkit/build-message4";
import { hex, ip } from "@kotare/testkit/payloads";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { datagramOf, planFor } from "../testing/plan-for.ts";
import type { Reading } from "./dialogue.ts";
import { Dialogue4 } from "./dialogue4.ts";

const SALT = 0xa5;
/** Exchange 5: its number stands above two bits. */
const XID = 0xa500_0014;
const ASKED: OptionBytes = [55, [1, 3, 6, 12, 15, 51, 58, 59]];

function written(dialogue: Dialogue4, leg: number, client: number): string {
  const buffer = new Uint8Array(dialogue.capacity + 2).fill(0xee);
  const length = dialogue.write(leg, client, 5, buffer, 1);
  expect([buffer[0], buffer[length + 1]]).toEqual([0xee, 0xee]);
  return Buffer.from(buffer.subarray(1, 1 + length)).toString("hex");
}

function built(fields: Message4Fields): string {
  return Buffer.from(buildMessage4({ xid: XID, ...fields })).toString("hex");
}

function hear(dialogue: Dialogue4, fields: Message4Fields): Reading {
  const options: OptionBytes[] = [
    [0, []],
    [54, ip("10.0.0.1")],
  ];
  const bytes = buildMessage4({ op: 2, xid: XID, yiaddr: "10.0.0.9", options: options.slice(1), ...fields });
  return dialogue.read(datagramOf(bytes, 0));
}

const relayed = { server: "10.0.0.1", relays: ["10.0.0.2", "10.0.0.3"] };

test("a client on the link asks for an answer by broadcast, and takes what it was offered", () => {
  const dialogue = new Dialogue4(planFor({}), SALT);
  const chaddr = "02:00:00:01:00:00";
  const common = { chaddr, flags: 0x8000 };
  const clientId: OptionBytes = [61, hex(`01:${chaddr}`)];
  expect(written(dialogue, 0, 1)).toBe(built({ ...common, type: 1, options: [clientId, ASKED] }));
  expect(hear(dialogue, { type: 2 })).toBe("reply");
  expect(dialogue.reply).toEqual({ number: 5, leg: 0, isGranted: true });
  dialogue.keep(1);
  expect(dialogue.hasLease(1)).toBe(false);
  const taken: OptionBytes[] = [
    [50, ip("10.0.0.9")],
    [54, ip("10.0.0.1")],
  ];
  expect(written(dialogue, 1, 1)).toBe(built({ ...common, type: 3, options: [clientId, ...taken, ASKED] }));
  expect(hear(dialogue, { type: 5 })).toBe("reply");
  expect(dialogue.reply).toEqual({ number: 5, leg: 1, isGranted: true });
  dialogue.keep(1);
  expect([dialogue.hasLease(1), dialogue.hasLease(0)]).toEqual([true, false]);
  expect(dialogue.formatLease(1)).toBe("02:00:00:01:00:00,10.0.0.9,");
});

test("relays take turns, and add their options behind all others", () => {
  const circuit = Buffer.from("port");
  const options: Partial<Plan> = { options: [[60, Buffer.from("PXE")]], relayOptions: [[1, circuit]] };
  const dialogue = new Dialogue4(planFor({ ...relayed, ...options, hostname: "h-###" }), SALT);
  for (const [client, giaddr, chaddr] of [
    [0, "10.0.0.2", "02:00:00:00:ff:ff"],
    [39, "10.0.0.3", "02:00:00:01:00:26"],
  ] as const) {
    const expected: OptionBytes[] = [
      [61, hex(`01:${chaddr}`)],
      [12, Buffer.from(`h-${String(client).padStart(3, "0")}`)],
      ASKED,
      [60, Buffer.from("PXE")],
      [82, [1, 4, ...circuit]],
    ];
    expect(written(dialogue, 0, client)).toBe(built({ chaddr, hops: 1, giaddr, type: 1, options: expected }));
  }
});

test("a name for the DNS has the client's number in its label (RFC 4702 §2.1)", () => {
  const dialogue = new Dialogue4(planFor({ fqdn: "pc-##.example.org" }), SALT);
  const name = Buffer.from("\x05pc-07\x07example\x03org\0", "latin1");
  expect(written(dialogue, 0, 7)).toContain(Buffer.from([81, 3 + name.length, 5, 0, 0, ...name]).toString("hex"));
});

test("a renewal has the address in ciaddr and names no server (RFC 2131 §4.3.2), a release names it", () => {
  const renewing = new Dialogue4(planFor({ ...relayed, exchange: "renew" }), SALT);
  const chaddr = "02:00:00:00:ff:ff";
  const clientId: OptionBytes = [61, hex(`01:${chaddr}`)];
  const common = { chaddr, hops: 1, giaddr: "10.0.0.2", ciaddr: "10.0.0.9" };
  hear(renewing, { type: 5 });
  renewing.keep(0);
  // A transaction of its own.
  const renewal = { ...common, xid: XID + 2, type: 3, options: [clientId, ASKED] };
  expect(written(renewing, 2, 0)).toBe(built(renewal));
  expect(hear(renewing, { xid: XID + 2, type: 5 })).toBe("reply");
  expect(renewing.reply).toEqual({ number: 5, leg: 2, isGranted: true });
  const releasing = new Dialogue4(planFor({ ...relayed, release: 100 }), SALT);
  hear(releasing, { type: 5 });
  releasing.keep(0);
  const release = { ...common, xid: XID + 2, type: 7, options: [clientId, [54, ip("10.0.0.1")] as OptionBytes] };
  expect(written(releasing, 2, 0)).toBe(built(release));
});

test("on a link a client renews as after a restart (RFC 2131 §4.3.2)", () => {
  const dialogue = new Dialogue4(planFor({ exchange: "renew" }), SALT);
  const chaddr = "02:00:00:00:ff:ff";
  hear(dialogue, { type: 5 });
  dialogue.keep(0);
  const options: OptionBytes[] = [[61, hex(`01:${chaddr}`)], [50, ip("10.0.0.9")], ASKED];
  expect(written(dialogue, 2, 0)).toBe(built({ xid: XID + 2, chaddr, flags: 0x8000, type: 3, options }));
});

test("a client has what it has an ACK for, whatever it is offered then", () => {
  const dialogue = new Dialogue4(planFor({}), SALT);
  const kept = (fields: Message4Fields) => {
    hear(dialogue, fields);
    return dialogue.keep(0);
  };
  expect([kept({ type: 5 }), kept({ type: 5 }), kept({ type: 2, yiaddr: "10.0.0.8" })]).toEqual([false, false, false]);
  expect(dialogue.formatLease(0)).toContain(",10.0.0.9,");
  expect(kept({ type: 5, yiaddr: "10.0.0.8" })).toBe(true);
  expect(dialogue.formatLease(0)).toContain(",10.0.0.8,");
});

test("only a reply of this run that gives an address is granted", () => {
  const dialogue = new Dialogue4(planFor({}), SALT);
  expect([hear(dialogue, { type: 6 }), dialogue.reply.isGranted, dialogue.reply.leg]).toEqual(["reply", false, 1]);
  expect([hear(dialogue, { type: 2, yiaddr: "0.0.0.0" }), dialogue.reply.isGranted]).toEqual(["reply", false]);
  expect(hear(dialogue, { type: 2, xid: 0xa600_0014 })).toBe("foreign");
  expect(hear(dialogue, { type: 2, op: 1 })).toBe("foreign");
});

test("who asks for a lease with two messages is not content with an offer (RFC 4039 §3.1)", () => {
  const dialogue = new Dialogue4(planFor({ exchange: "rapid" }), SALT);
  expect(written(dialogue, 0, 0)).toContain("5000ff");
  expect([hear(dialogue, { type: 2 }), { ...dialogue.reply }]).toEqual([
    "reply",
    { number: 5, leg: 0, isGranted: false },
  ]);
  expect([hear(dialogue, { type: 5 }), { ...dialogue.reply }]).toEqual([
    "reply",
    { number: 5, leg: 0, isGranted: true },
  ]);
});

test("a reply says whom it is for", () => {
  const dialogue = new Dialogue4(planFor({}), SALT);
  hear(dialogue, { type: 2, chaddr: "02:00:00:01:00:00" });
  expect([dialogue.isFor(0), dialogue.isFor(1)]).toEqual([false, true]);
});

test("a reply that is cut short anywhere, or has no type that it may have, is malformed", () => {
  const dialogue = new Dialogue4(planFor({}), SALT);
  const whole = buildMessage4({ op: 2, xid: XID, yiaddr: "10.0.0.9", type: 5, options: [[54, ip("10.0.0.1")]] });
  const end = whole.lastIndexOf(0xff);
  const readings = Array.from({ length: end }, (_, length) => dialogue.read(datagramOf(whole.subarray(0, length), 0)));
  // Between two options nothing says that one is missing.
  expect(readings.flatMap((reading, length) => (reading === "malformed" ? [] : [length]))).toEqual([243]);
  expect(dialogue.read(datagramOf(whole, 0))).toBe("reply");
  expect(hear(dialogue, { type: 8 })).toBe("malformed");
  expect(dialogue.read(datagramOf(whole.with(236, 0), 0))).toBe("malformed");
});

test("any bytes are read", () => {
  const dialogue = new Dialogue4(planFor({}), SALT);
  const header = buildMessage4({ op: 2, xid: XID, type: 5, options: [] }).subarray(0, 240);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, hasHeader) => {
      const message = hasHeader ? Uint8Array.of(...header, ...bytes) : bytes;
      expect(["reply", "foreign", "malformed"]).toContain(dialogue.read(datagramOf(message, 0)));
    }),
    { numRuns: runs(200) },
  );
});
