/**
 * DHCPv4 messages as they stand on the wire (RFC 2131 §2), option by option. Deliberately apart from the product's own codec:
 * the oracle must not share its mistakes.
 */

export const MessageType4 = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
} as const;
export type MessageType4 = (typeof MessageType4)[keyof typeof MessageType4];

const TYPE_NAMES = ["?", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM"];

/** One option as it stands in the message: code and value. Fragments of a long option (RFC 3396) stay apart. */
export type Option = readonly [code: number, value: Uint8Array];

export interface Message4 {
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
  /** All 16 bytes. */
  readonly chaddr: Uint8Array;
  readonly sname: Uint8Array;
  readonly file: Uint8Array;
  readonly options: readonly Option[];
}

const HEADER = 236;

/** @throws Error when it is no DHCPv4 message */
export function decodeMessage4(bytes: Uint8Array): Message4 {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < HEADER + 4) throw new Error(`${view.length} bytes are no DHCPv4 message`);
  const address = (at: number): string => view.subarray(at, at + 4).join(".");
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
    chaddr: Uint8Array.from(view.subarray(28, 44)),
    sname: Uint8Array.from(view.subarray(44, 108)),
    file: Uint8Array.from(view.subarray(108, 236)),
    options: decodeOptions(view.subarray(HEADER + 4)),
  };
}

function decodeOptions(area: Uint8Array): Option[] {
  const options: Option[] = [];
  for (let at = 0; at < area.length && area[at] !== 255; ) {
    if (area[at] === 0) {
      at++;
      continue;
    }
    const length = area[at + 1] ?? 0;
    options.push([area[at]!, Uint8Array.from(area.subarray(at + 2, at + 2 + length))]);
    at += 2 + length;
  }
  return options;
}

/** The value of an option, its fragments joined (RFC 3396); `undefined` when it is not there. */
export function optionOf(message: Pick<Message4, "options">, code: number): Uint8Array | undefined {
  const parts = message.options.filter(([each]) => each === code).map(([, value]) => value);
  return parts.length === 0 ? undefined : Buffer.concat(parts);
}

/** Option 53; 0 for a message without one. */
export function typeOf(message: Message4): number {
  return optionOf(message, 53)?.[0] ?? 0;
}

export function typeName(message: Message4): string {
  return TYPE_NAMES[typeOf(message)] ?? `type ${typeOf(message)}`;
}
