/** Reads DHCPv4 messages for tests (RFC 2131 §2, RFC 3396); apart from the product's codec, to share no mistake. */
import { formatMac } from "./payloads.ts";

/** Addresses are dotted text, texts have one character a byte. */
export interface ReadMessage4 {
  readonly op: number;
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly giaddr: string;
  /** `hlen` bytes as `02:00:00:00:00:01`. */
  readonly chaddr: string;
  /** Up to the first NUL; empty where option 52 says that options are in it. */
  readonly sname: string;
  readonly file: string;
  /** Option 53 by name, as `OFFER`; `none` when absent. */
  readonly type: string;
  /** Codes in the order of their first piece: the options field, then `file`, then `sname`. */
  readonly codes: readonly number[];
  readonly length: number;
  option(code: number): Uint8Array | undefined;
  /** Addresses of an option, as `192.0.2.1 192.0.2.2`; `undefined` when it is absent. */
  ips(code: number): string | undefined;
  u32(code: number): number | undefined;
  text(code: number): string | undefined;
}

const TYPES = [
  ...["none", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM", "FORCERENEW"],
  ...["LEASEQUERY", "LEASEUNASSIGNED", "LEASEUNKNOWN", "LEASEACTIVE"],
];

/** @throws Error when it is no DHCPv4 message, or its options do not end with option 255 */
export function readMessage4(bytes: Uint8Array): ReadMessage4 {
  const view = Buffer.from(bytes);
  if (view.length < 240 || view.readUInt32BE(236) !== 0x6382_5363) throw new Error("no DHCPv4 message");
  const options = new Map<number, Uint8Array>();
  readOptions(view.subarray(240), options);
  const overload = options.get(52)?.[0] ?? 0;
  if ((overload & 1) !== 0) readOptions(view.subarray(108, 236), options);
  if ((overload & 2) !== 0) readOptions(view.subarray(44, 108), options);
  const address = (at: number) => view.subarray(at, at + 4).join(".");
  const field = (start: number, end: number, bit: number) =>
    (overload & bit) !== 0 ? "" : view.toString("latin1", start, end).split("\0")[0]!;
  const ips = (code: number) => {
    const value = options.get(code);
    if (value === undefined) return undefined;
    const starts = Array.from({ length: value.length / 4 }, (_, i) => i * 4);
    return starts.map((at) => value.subarray(at, at + 4).join(".")).join(" ");
  };
  return {
    op: view[0]!,
    htype: view[1]!,
    hlen: view[2]!,
    hops: view[3]!,
    xid: view.readUInt32BE(4),
    secs: view.readUInt16BE(8),
    flags: view.readUInt16BE(10),
    ciaddr: address(12),
    yiaddr: address(16),
    siaddr: address(20),
    giaddr: address(24),
    chaddr: formatMac(view.subarray(28, 28 + view[2]!)),
    sname: field(44, 108, 2),
    file: field(108, 236, 1),
    type: TYPES[options.get(53)?.[0] ?? 0] ?? "?",
    codes: [...options.keys()],
    length: view.length,
    option: (code) => options.get(code),
    ips,
    u32: (code) => (options.has(code) ? Buffer.from(options.get(code)!).readUInt32BE() : undefined),
    text: (code) => (options.has(code) ? Buffer.from(options.get(code)!).toString("latin1") : undefined),
  };
}

function readOptions(area: Uint8Array, options: Map<number, Uint8Array>): void {
  let at = 0;
  for (;;) {
    const code = area[at];
    if (code === undefined) throw new Error("options without an end");
    if (code === 255) break;
    if (code === 0) {
      at += 1;
      continue;
    }
    const end = at + 2 + area[at + 1]!;
    if (!(end <= area.length)) throw new Error(`option ${code} leads beyond its field`);
    options.set(code, Uint8Array.from([...(options.get(code) ?? []), ...area.subarray(at + 2, end)]));
    at = end;
  }
  if (area.subarray(at + 1).some((byte) => byte !== 0)) throw new Error("something stands behind the end option");
}
