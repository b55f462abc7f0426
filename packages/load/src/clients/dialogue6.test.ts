import { runs } from "@kotare/core/base/testing/runs";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { formatIpv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { readAddress6 } from "@kotare/netio/frames/address6";
import { hex } from "@kotare/testkit/payloads";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { datagramOf, planFor } from "../testing/plan-for.ts";
import type { Reading } from "./dialogue.ts";
import { Dialogue6 } from "./dialogue6.ts";

const ANYBODY = readAddress6(new Uint8Array(16), 0);
const SERVER = hex("00:03:00:01:0a:0b:0c:0d:0e:0f");
/** Client 0. */
const CLIENT = hex("00:03:00:01:02:00:00:00:ff:ff");
const ADDRESS = { address: parseIpv6Key("2001:db8::9")!, length: 128, preferred: 1, valid: 2 };
const PREFIX = { address: parseIpv6Key("2001:db8:900::")!, length: 40, preferred: 1, valid: 2 };

function dialogueOf(plan: Partial<Plan>): Dialogue6 {
  return new Dialogue6(planFor({ family: 6, ...plan }));
}

function bytesOf(dialogue: Dialogue6, leg: number, client: number, number = 5): string {
  const buffer = new Uint8Array(dialogue.capacity + 2).fill(0xee);
  const length = dialogue.write(leg, client, number, buffer, 1);
  expect([buffer[0], buffer[length + 1]]).toEqual([0xee, 0xee]);
  return Buffer.from(buffer.subarray(1, 1 + length)).toString("hex");
}

interface Heard {
  readonly type?: number;
  readonly xid?: number;
  readonly server?: Uint8Array;
  readonly client?: Uint8Array;
  readonly isRelayed?: boolean;
  readonly leases?: boolean;
  readonly address?: typeof ADDRESS;
}

function hear(dialogue: Dialogue6, heard: Heard = {}): Reading {
  return dialogue.read(datagramOf(answer(heard), ANYBODY));
}

function answer(heard: Heard): Uint8Array {
  const { type = MessageType6.ADVERTISE, xid = 20, isRelayed = false, leases = true } = heard;
  const { server = SERVER, client = CLIENT, address = ADDRESS } = heard;
  const buffer = new Uint8Array(500);
  const writer = new MessageWriter6(buffer, 0, 500);
  if (isRelayed) writer.beginRelay(MessageType6.RELAY_REPL, 0, ADDRESS.address, ADDRESS.address).openOption(9);
  writer.begin(type, xid).option(1, client).option(2, server);
  writer.openIa(3, 1, 0, 0);
  if (leases) writer.iaLease(3, address);
  writer.closeOption().openIa(25, 1, 0, 0);
  if (leases) writer.iaLease(25, PREFIX);
  writer.closeOption();
  return buffer.subarray(0, writer.finish());
}

test("a client solicits with its DUID, and requests of the server what it advertised, byte for byte", () => {
  const dialogue = dialogueOf({ ask: "both", fqdn: "pc-##.org" });
  const [clientId, rest] = ["0001000a0003000102000001000b", "0008000200000006000400170018"];
  const name = `0027000c${Buffer.from("\x01\x05pc-12\x03org\0", "latin1").toString("hex")}`;
  const empty = `0003000c00000001${"00".repeat(8)}0019000c00000001${"00".repeat(8)}`;
  expect(bytesOf(dialogue, 0, 12)).toBe(`01000014${clientId}${rest}${name}${empty}`);
  expect(hear(dialogue)).toBe("reply");
  expect(dialogue.reply).toEqual({ number: 5, leg: 0, isGranted: true });
  dialogue.keep(12);
  expect(dialogue.hasLease(12)).toBe(false);
  const lifetimes = "00".repeat(8);
  const address = `00050018${"20010db8000000000000000000000009"}${lifetimes}`;
  const prefix = `001a0019${lifetimes}28${"20010db8090000000000000000000000"}`;
  const ias = `00030028${"00000001"}${lifetimes}${address}00190029${"00000001"}${lifetimes}${prefix}`;
  const serverId = `0002000a${Buffer.from(SERVER).toString("hex")}`;
  expect(bytesOf(dialogue, 1, 12)).toBe(`03000015${clientId}${serverId}${rest}${name}${ias}`);
  hear(dialogue, { type: MessageType6.REPLY, xid: 21 });
  expect(dialogue.reply).toEqual({ number: 5, leg: 1, isGranted: true });
  dialogue.keep(12);
  expect(dialogue.hasLease(12)).toBe(true);
  expect(dialogue.formatLease(12)).toBe("00:03:00:01:02:00:00:01:00:0b,2001:db8::9,2001:db8:900::/40");
});

test("a relay gives its link-address in turn, and each client an address of its own", () => {
  const relays = ["2001:db8:1::1", "2001:db8:2::1"];
  const dialogue = dialogueOf({ relays, relayOptions: [[18, Buffer.from("port")]] });
  const message = new Message6(Buffer.from(bytesOf(dialogue, 0, 3, 0x3f_ffff), "hex"));
  const [relay] = message.relays;
  expect(formatIpv6Key(relay!.linkAddress)).toBe("2001:db8:2::1");
  expect(formatIpv6Key(relay!.peerAddress)).toBe("fe80::200:200:1:2");
  expect(Buffer.from(relay!.option(18)!).toString()).toBe("port");
  expect([message.type, message.transactionId]).toEqual([MessageType6.SOLICIT, 0xff_fffc]);
  expect([hear(dialogue, { isRelayed: true, xid: 0xff_fffc }), dialogue.reply.number]).toEqual(["reply", 0x3f_ffff]);
});

test("each client renews with the server that it has its lease from", () => {
  const dialogue = dialogueOf({ exchange: "renew" });
  const other = hex("00:03:00:01:0a:0b:0c:0d:0e:00:11");
  for (const [client, server] of [SERVER, other].entries()) {
    hear(dialogue, { type: MessageType6.REPLY, xid: 21, server });
    dialogue.keep(client);
  }
  for (const [client, server] of [SERVER, other].entries()) {
    const message = new Message6(Buffer.from(bytesOf(dialogue, 2, client), "hex"));
    expect([message.type, Buffer.from(message.serverId!)]).toEqual([MessageType6.RENEW, Buffer.from(server)]);
    expect(message.ias[0]!.leases[0]!.address).toBe(ADDRESS.address);
  }
});

test("a lease that is given back is in no answer, and counts as had", () => {
  const dialogue = dialogueOf({ release: 100 });
  hear(dialogue, { type: MessageType6.REPLY, xid: 21 });
  dialogue.keep(0);
  expect(new Message6(Buffer.from(bytesOf(dialogue, 2, 0), "hex")).type).toBe(MessageType6.RELEASE);
  hear(dialogue, { type: MessageType6.REPLY, xid: 22, leases: false });
  expect(dialogue.reply).toEqual({ number: 5, leg: 2, isGranted: true });
  dialogue.keep(0);
  expect(dialogue.formatLease(0)).toContain(",2001:db8::9,");
});

test("only an answer that has what was asked for is granted", () => {
  const dialogue = dialogueOf({ ask: "both" });
  expect([hear(dialogue, { leases: false }), dialogue.reply.isGranted]).toEqual(["reply", false]);
  expect([hear(dialogue, { type: MessageType6.REPLY }), dialogue.reply.isGranted]).toEqual(["reply", false]);
  expect(hear(dialogue, { type: MessageType6.RECONFIGURE })).toBe("foreign");
  const rapid = dialogueOf({ exchange: "rapid" });
  expect(bytesOf(rapid, 0, 0)).toContain("000e0000");
  expect([hear(rapid), rapid.reply.isGranted]).toEqual(["reply", false]);
  expect([hear(rapid, { type: MessageType6.REPLY }), rapid.reply.isGranted]).toEqual(["reply", true]);
});

test("a client that is given another lease than it had has moved", () => {
  const dialogue = dialogueOf({});
  const kept = (leases: boolean, type: number = MessageType6.REPLY) => {
    hear(dialogue, { type, leases });
    return dialogue.keep(0);
  };
  const before = [kept(true), kept(true), kept(false)];
  const other = { ...ADDRESS, address: parseIpv6Key("2001:db8::8")! };
  hear(dialogue, { type: MessageType6.REPLY, address: other });
  expect([...before, dialogue.keep(0)]).toEqual([false, false, false, true]);
  expect(dialogue.formatLease(0)).toContain(",2001:db8::8,");
});

test("a reply says whom it is for", () => {
  const dialogue = dialogueOf({});
  const readings = [CLIENT, CLIENT.with(9, 0), hex("00:03")].map((client) => [
    hear(dialogue, { client }),
    dialogue.isFor(0),
  ]);
  expect(readings).toEqual([
    ["reply", true],
    ["reply", false],
    ["reply", false],
  ]);
});

test("a reply that is cut short before its server and its client are known is malformed", () => {
  const dialogue = dialogueOf({});
  const [whole, relayed] = [answer({}), answer({ isRelayed: true })];
  const known = 4 + 2 * (4 + 10);
  const isMalformed = (bytes: Uint8Array) => dialogue.read(datagramOf(bytes, ANYBODY)) === "malformed";
  for (let length = 0; length <= whole.length; length++) {
    expect([length, isMalformed(whole.subarray(0, length))]).toEqual([length, length < known]);
  }
  for (let length = 0; length < relayed.length; length++) expect(isMalformed(relayed.subarray(0, length))).toBe(true);
});

test("any bytes are read", () => {
  const dialogue = dialogueOf({});
  const start = answer({}).subarray(0, 4 + 2 * (4 + 10));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, hasStart) => {
      const reading = dialogue.read(datagramOf(hasStart ? Uint8Array.of(...start, ...bytes) : bytes, ANYBODY));
      if (hasStart) expect([reading, dialogue.isFor(0)]).toEqual(["reply", true]);
      else expect(["reply", "foreign", "malformed"]).toContain(reading);
    }),
    { numRuns: runs(200) },
  );
});
