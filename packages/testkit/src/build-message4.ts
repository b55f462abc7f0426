/** Builds DHCPv4 messages for tests, correct or not (RFC 2131 §2); apart from the product's codec, to share no mistake. */
import { hex, ip } from "./payloads.ts";

/** One option as it stands in the message: payloads of more than 255 bytes are the test's own business. */
export type OptionBytes = readonly [code: number, payload: Iterable<number>];

/** Addresses are dotted text. What is left out is 0, or what every client on Ethernet sends. */
export interface Message4Fields {
  readonly op?: number;
  readonly htype?: number;
  /** The length of `chaddr` unless the test lies about it. */
  readonly hlen?: number;
  readonly hops?: number;
  readonly xid?: number;
  readonly secs?: number;
  readonly flags?: number;
  readonly ciaddr?: string;
  readonly yiaddr?: string;
  readonly siaddr?: string;
  readonly giaddr?: string;
  /** As `02:00:00:00:00:01`. */
  readonly chaddr?: string;
  readonly sname?: Iterable<number>;
  readonly file?: Iterable<number>;
  /** Option 53, in front of all others; left out for none. */
  readonly type?: number;
  readonly options?: readonly OptionBytes[];
  /** Whether option 255 ends the message; it does unless said otherwise. */
  readonly end?: boolean;
}

const COOKIE_AT = 236;

export function buildMessage4(fields: Message4Fields): Uint8Array {
  const { type, options = [], end = true } = fields;
  const chaddr = hex(fields.chaddr ?? "02:00:00:00:00:01");
  const header = Buffer.alloc(COOKIE_AT + 4);
  header.set([fields.op ?? 1, fields.htype ?? 1, fields.hlen ?? chaddr.length, fields.hops ?? 0]);
  header.writeUInt32BE(fields.xid ?? 0x1234_5678, 4);
  header.writeUInt16BE(fields.secs ?? 0, 8);
  header.writeUInt16BE(fields.flags ?? 0, 10);
  header.set(ip(fields.ciaddr ?? "0.0.0.0"), 12);
  header.set(ip(fields.yiaddr ?? "0.0.0.0"), 16);
  header.set(ip(fields.siaddr ?? "0.0.0.0"), 20);
  header.set(ip(fields.giaddr ?? "0.0.0.0"), 24);
  header.set(chaddr.subarray(0, 16), 28);
  header.set([...(fields.sname ?? [])].slice(0, 64), 44);
  header.set([...(fields.file ?? [])].slice(0, 128), 108);
  header.set([99, 130, 83, 99], COOKIE_AT);
  const all: readonly OptionBytes[] = type === undefined ? options : [[53, [type]], ...options];
  const area = all.flatMap(([code, payload]) => {
    const bytes = [...payload];
    return [code, bytes.length, ...bytes];
  });
  return Uint8Array.from([...header, ...area, ...(end ? [255] : [])]);
}

/** Sub-options one behind the other: the payload of option 82, or of one vendor in option 125. */
export function subOptions(...entries: readonly OptionBytes[]): Uint8Array {
  return Uint8Array.from(
    entries.flatMap(([code, payload]) => {
      const bytes = [...payload];
      return [code, bytes.length, ...bytes];
    }),
  );
}
