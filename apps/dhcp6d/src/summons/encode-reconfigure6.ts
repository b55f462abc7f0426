/** The two messages of RFC 8415 §20.4 that have option 11: a REPLY with a key, and RECONFIGURE, which is signed with it. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import type { Reach6 } from "@kotare/core/leases/user-context/reach6";
import { hmacMd5 } from "@kotare/core/summons/client-secrets";

/** RFC 8415 §21.11: the reconfigure key protocol, HMAC-MD5, a number that grows. */
const PROTOCOL = [3, 1, 0];
/** RFC 8415 §20.4.1. */
const Content = { key: 1, digest: 2 } as const;
const VALUE_LENGTH = 16;
const AUTH_LENGTH = 28;
/** Header, identifiers as long as they can be, options 11 and 19. */
const LONGEST = 4 + 2 * (OPTION_HEADER + 130) + OPTION_HEADER + AUTH_LENGTH + OPTION_HEADER + 1;

/** What RECONFIGURE asks the client for: its next message (RFC 8415 §21.19). */
export const ReconfigureType = {
  renew: MessageType6.RENEW,
  rebind: MessageType6.REBIND,
  "information-request": MessageType6.INFORMATION_REQUEST,
} as const;
export type ReconfigureType = keyof typeof ReconfigureType;

/** Payload of option 11 in a REPLY. */
export function keyOption(key: Uint8Array, replay: bigint): Uint8Array {
  return authentication(replay, Content.key, key);
}

/** @param key the client's */
export function encodeReconfigure(
  { clientId, serverId }: { readonly clientId: Uint8Array; readonly serverId: Uint8Array },
  type: ReconfigureType,
  key: Uint8Array,
  replay: bigint,
): Uint8Array {
  const buffer = new Uint8Array(LONGEST);
  const writer = new MessageWriter6(buffer, 0, buffer.length);
  writer.begin(MessageType6.RECONFIGURE, 0);
  writer.option(Option6.clientId, clientId).option(Option6.serverId, serverId);
  const digestAt = 4 + 3 * OPTION_HEADER + clientId.length + serverId.length + AUTH_LENGTH - VALUE_LENGTH;
  writer.option(Option6.auth, authentication(replay, Content.digest, new Uint8Array(VALUE_LENGTH)));
  writer.optionU8(Option6.reconfMsg, ReconfigureType[type]);
  const message = buffer.subarray(0, writer.finish());
  // §20.4.3: the digest is that of the message with zeros in its place.
  message.set(hmacMd5(key, message), digestAt);
  return message;
}

/** The message in a RELAY-REPL for each relay on the way. @returns its length; `undefined` where it does not fit */
export function wrapForRelays(
  message: Uint8Array,
  relays: Reach6["relays"],
  buffer: Uint8Array,
  start: number,
  limit: number,
): number | undefined {
  const writer = new MessageWriter6(buffer, start, limit);
  for (const [i, { link, peer, options }] of relays.entries()) {
    writer.beginRelay(MessageType6.RELAY_REPL, relays.length - 1 - i, link, peer);
    writer.bytes(options).openOption(Option6.relayMessage);
  }
  return writer.bytes(message).finish();
}

function authentication(replay: bigint, content: number, value: Uint8Array): Uint8Array {
  const payload = Buffer.alloc(AUTH_LENGTH);
  payload.set(PROTOCOL);
  payload.writeBigUInt64BE(replay, 3);
  payload[11] = content;
  payload.set(value, 12);
  return payload;
}
