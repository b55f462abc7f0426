/** Packets for tests of expressions and classes. */
import { parseHex } from "../../base/hex.ts";
import { Message4 } from "../../dhcp4/message4.ts";
import { Message6 } from "../../dhcp6/message6.ts";
import { parseIpv6Key } from "../../ip/ipv6-key.ts";
import type { Subject4 } from "../expressions4.ts";
import type { Subject6 } from "../expressions6.ts";

/** An option's code, and its payload as text or, with a leading `0x`, in hexadecimal. */
export type TestOption = readonly [code: number, payload: string];

function bytesOf(payload: string): Uint8Array {
  return payload.startsWith("0x") ? parseHex(payload)! : Buffer.from(payload, "latin1");
}

/** A DISCOVER of 02:00:00:00:00:01, transaction 0xdeadbeef, from a relay at 192.0.2.254, in on `eth0`. */
export function subject4(options: readonly TestOption[] = [], classes: Iterable<string> = []): Subject4 {
  const parts = [[53, "0x01"] as const, ...options].flatMap(([code, payload]) => {
    const bytes = bytesOf(payload);
    return [code, bytes.length, ...bytes];
  });
  const bytes = new Uint8Array(240 + parts.length + 1);
  bytes.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
  bytes.set([10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 192, 0, 2, 254], 12);
  bytes.set([2, 0, 0, 0, 0, 1], 28);
  bytes.set([99, 130, 83, 99, ...parts, 255], 236);
  const ingress = { interface: { name: "eth0" }, source: 0xc000_02fe, destination: 0xc000_0201 };
  return { message: new Message4(bytes), ingress, classes: new Set(classes) };
}

const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");

/** Options in hexadecimal. */
export function options6(options: readonly TestOption[]): string {
  return options
    .map(([code, payload]) => {
      const bytes = bytesOf(payload);
      return hex(code, 2) + hex(bytes.length, 2) + Buffer.from(bytes).toString("hex");
    })
    .join("");
}

const LINKS = ["20010db8000000000000000000000001", "20010db8000000000000000000000002"];
const PEERS = ["fe80000000000000000000000000000a", "fe80000000000000000000000000000b"];

/**
 * A SOLICIT with transaction 0xabcdef, in on `eth0`.
 * @param relays options of each relay it came through, the one nearest to the client first
 */
export function subject6(
  options: readonly TestOption[] = [],
  relays: readonly (readonly TestOption[])[] = [],
  classes: Iterable<string> = [],
): Subject6 {
  let text = `01abcdef${options6(options)}`;
  for (const [i, relay] of relays.entries()) {
    text = `0c${hex(i, 1)}${LINKS[i]}${PEERS[i]}${options6([...relay, [9, `0x${text}`]])}`;
  }
  const ingress = {
    interface: { name: "eth0" },
    source: parseIpv6Key("fe80::1")!,
    destination: parseIpv6Key("ff02::1:2")!,
  };
  return { message: new Message6(parseHex(text)!), ingress, classes: new Set(classes) };
}
