import { parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { buildMessage4 } from "@kotare/testkit/build-message4";
import { hex, ip } from "@kotare/testkit/payloads";
import { expect, test } from "vitest";
import { datagramOf, planFor } from "../testing/plan-for.ts";
import type { Reading } from "./dialogue.ts";
import { Dialogue4 } from "./dialogue4.ts";
import { Dialogue4Over6 } from "./dialogue4-over6.ts";

const SERVER = parseIpv6Key("fe80::1")!;
const OFFER = buildMessage4({ op: 2, type: 2, xid: 0xa500_0014, yiaddr: "10.0.0.9", options: [[54, ip("10.0.0.1")]] });

function option(code: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code, payload.length >> 8, payload.length), payload]);
}

function hear(dialogue: Dialogue4Over6, text: string, ...options: readonly Buffer[]): Reading {
  return dialogue.read(datagramOf(Buffer.concat([hex(text), ...options]), { source: SERVER } as never));
}

test("a message of DHCPv4 stands in a DHCPV4-QUERY without flags (RFC 7341 §6)", () => {
  const [plain, over6] = [0xa5, 0xa5].map((salt) => new Dialogue4(planFor({}), salt)) as [Dialogue4, Dialogue4];
  const dialogue = new Dialogue4Over6(over6);
  const [expected, buffer] = [new Uint8Array(1000), new Uint8Array(dialogue.capacity + 1)];
  const length = plain.write(0, 1, 5, expected, 0);
  expect(dialogue.write(0, 1, 5, buffer, 1)).toBe(8 + length);
  expect(Buffer.from(buffer.subarray(1, 9 + length))).toEqual(
    Buffer.concat([hex("14000000"), option(87, expected.subarray(0, length))]),
  );
});

test("the answer is option 87 of a DHCPV4-RESPONSE, wherever it stands", () => {
  const dialogue = new Dialogue4Over6(new Dialogue4(planFor({}), 0xa5));
  expect(hear(dialogue, "15000000", option(17, hex("000009bf")), option(87, OFFER))).toBe("reply");
  expect(dialogue.reply).toEqual({ number: 5, leg: 0, isGranted: true });
  expect(hear(dialogue, "07000000", option(87, OFFER))).toBe("foreign");
  for (const length of [0, 3, 4, 7, 8, 100]) {
    const cut = Buffer.concat([hex("15000000"), option(87, OFFER)]).subarray(0, length);
    expect(dialogue.read(datagramOf(cut, { source: SERVER } as never))).toBe("malformed");
  }
});
