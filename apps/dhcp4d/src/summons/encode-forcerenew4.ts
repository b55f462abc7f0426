/** The two messages of RFC 6704 that have option 90: an ACK with a nonce, and FORCERENEW, which is signed with it. */
import { writeU32 } from "@kotare/core/base/big-endian";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREPLY, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import { hmacMd5 } from "@kotare/core/summons/client-secrets";
import type { AuthKey4 } from "../authentication/auth-keys4.ts";
import { encodeAuth4, sign4 } from "../authentication/sign-reply4.ts";

/** RFC 6704 §3.1.2: the nonce protocol, HMAC-MD5, a number that grows. */
const PROTOCOL = [3, 1, 0];
const Content = { nonce: 1, digest: 2 } as const;
const VALUE_LENGTH = 16;
const PAYLOAD_LENGTH = 28;
/** RFC 1542 §2.1. */
const BOOTP_SIZE = 300;
const ETHERNET = 1;

/** Payload of option 90 in an ACK. */
export function nonceOption(nonce: Uint8Array, replay: bigint): Uint8Array {
  return authentication(replay, Content.nonce, nonce);
}

/** Whom a FORCERENEW is for, and what it must say of its last exchange. */
export interface Called4 {
  readonly address: Ipv4;
  readonly hwaddr: Uint8Array;
  readonly xid: number;
  readonly server: Ipv4;
}

/** RFC 3203 §2. @param nonce the client's */
export function encodeForcerenew(called: Called4, nonce: Uint8Array, replay: bigint): Uint8Array {
  const option = authentication(replay, Content.digest, new Uint8Array(VALUE_LENGTH));
  const { message, at } = beginForcerenew(called, option);
  // RFC 6704 §3.1.3: the digest is that of the whole message with zeros in its place.
  message.set(hmacMd5(nonce, message), at + PAYLOAD_LENGTH - VALUE_LENGTH);
  return message;
}

/** RFC 3203 §5: to a client that authenticates all messages (RFC 3118). */
export function encodeSignedForcerenew(called: Called4, key: AuthKey4, replay: bigint): Uint8Array {
  const auth = { token: undefined, key, replay };
  const { message, at } = beginForcerenew(called, encodeAuth4(auth, replay).subarray(2));
  sign4(auth, message, at - 2);
  return message;
}

/** A FORCERENEW with option 90 last. @returns where its payload is, too */
function beginForcerenew(
  { address, hwaddr, xid, server }: Called4,
  option: Uint8Array,
): { readonly message: Uint8Array; readonly at: number } {
  const at = Field4.options + 3 + 6 + 2;
  const message = new Uint8Array(Math.max(BOOTP_SIZE, at + option.length + 1));
  message[Field4.op] = BOOTREPLY;
  message[Field4.htype] = ETHERNET;
  message[Field4.hlen] = hwaddr.length;
  writeU32(message, Field4.xid, xid);
  writeU32(message, Field4.ciaddr, address);
  message.set(hwaddr, Field4.chaddr);
  writeU32(message, Field4.cookie, MAGIC_COOKIE);
  message.set([Option4.messageType, 1, MessageType4.DHCPFORCERENEW, Option4.serverIdentifier, 4], Field4.options);
  writeU32(message, Field4.options + 5, server);
  message.set([Option4.authentication, option.length], at - 2);
  message.set(option, at);
  message[at + option.length] = Option4.end;
  return { message, at };
}

function authentication(replay: bigint, content: number, value: Uint8Array): Uint8Array {
  const payload = Buffer.alloc(PAYLOAD_LENGTH);
  payload.set(PROTOCOL);
  payload.writeBigUInt64BE(replay, 3);
  payload[11] = content;
  payload.set(value, 12);
  return payload;
}
