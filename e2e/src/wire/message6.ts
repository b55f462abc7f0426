/**
 * DHCPv6 messages as the tests build and read them (RFC 8415 §8, §9, §21). Deliberately apart from the product's own
 * codec, as those of DHCPv4.
 */
import { formatIpv6, ipv6Bytes } from "./ipv6-text.ts";
import type { Option } from "./message4.ts";

export const MessageType6 = {
  SOLICIT: 1,
  ADVERTISE: 2,
  REQUEST: 3,
  CONFIRM: 4,
  RENEW: 5,
  REBIND: 6,
  REPLY: 7,
  RELEASE: 8,
  DECLINE: 9,
  RECONFIGURE: 10,
  INFORMATION_REQUEST: 11,
  RELAY_FORW: 12,
  RELAY_REPL: 13,
  LEASEQUERY: 14,
  ADDR_REG_INFORM: 36,
  ADDR_REG_REPLY: 37,
} as const;

/** What a relay puts around a message. */
export interface Relay6 {
  readonly type: number;
  readonly hops: number;
  readonly link: string;
  readonly peer: string;
  /** Without the relay message option. */
  readonly options: readonly Option[];
}

export interface Message6 {
  /** From the one nearest to the client to the one nearest to the server. */
  readonly relays: readonly Relay6[];
  readonly type: number;
  /** 24 bits. */
  readonly xid: number;
  readonly options: readonly Option[];
}

const HEADER = 4;
const RELAY_HEADER = 34;
const RELAY_MESSAGE = 9;

export function encodeOptions6(options: readonly Option[]): Buffer {
  return Buffer.concat(
    options.flatMap(([code, value]) => {
      const header = Buffer.alloc(4);
      header.writeUInt16BE(code, 0);
      header.writeUInt16BE(value.length, 2);
      return [header, value];
    }),
  );
}

/** @throws Error when an option is longer than what is left */
export function decodeOptions6(area: Uint8Array): Option[] {
  const view = Buffer.from(area.buffer, area.byteOffset, area.byteLength);
  const options: Option[] = [];
  for (let at = 0; at < view.length; ) {
    const end = at + 4 + view.readUInt16BE(at + 2);
    if (end > view.length) throw new Error(`option ${view.readUInt16BE(at)} leads beyond the end`);
    options.push([view.readUInt16BE(at), Uint8Array.from(view.subarray(at + 4, end))]);
    at = end;
  }
  return options;
}

export function encodeMessage6({ relays, type, xid, options }: Message6): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(((type << 24) | xid) >>> 0);
  return relays.reduce(
    (carried, relay) => {
      const around = Buffer.concat([Buffer.of(relay.type, relay.hops), ipv6Bytes(relay.link), ipv6Bytes(relay.peer)]);
      return Buffer.concat([around, encodeOptions6([...relay.options, [RELAY_MESSAGE, carried]])]);
    },
    Buffer.concat([header, encodeOptions6(options)]),
  );
}

/** @throws Error when it is no DHCPv6 message */
export function decodeMessage6(bytes: Uint8Array): Message6 {
  if (bytes[0] !== MessageType6.RELAY_FORW && bytes[0] !== MessageType6.RELAY_REPL) {
    const head = Buffer.from(bytes.subarray(0, HEADER)).readUInt32BE();
    return { relays: [], type: head >>> 24, xid: head & 0xff_ffff, options: decodeOptions6(bytes.subarray(HEADER)) };
  }
  const options = decodeOptions6(bytes.subarray(RELAY_HEADER));
  const carried = options.find(([code]) => code === RELAY_MESSAGE);
  if (carried === undefined) throw new Error("a relay's message carries nothing");
  const relay: Relay6 = {
    type: bytes[0],
    hops: bytes[1]!,
    link: formatIpv6(bytes.subarray(2, 18)),
    peer: formatIpv6(bytes.subarray(18, 34)),
    options: options.filter((option) => option !== carried),
  };
  const message = decodeMessage6(carried[1]);
  return { ...message, relays: [...message.relays, relay] };
}
