/** RFC 3118 §5.3: option 90 of a reply, and its MAC, which is made when nothing else is going to change. */
import { Option4 } from "@kotare/core/dhcp4/message4";
import type { Auth4 } from "./auth-keys4.ts";
import { MAC_AT, tokenOption, unsignedOption } from "./auth-option4.ts";
import { macOf } from "./message-mac4.ts";

/** The option, encoded, with zeros where its MAC is to be. */
export function encodeAuth4({ token, key }: Auth4, replay: bigint): Uint8Array {
  const payload = token === undefined ? unsignedOption(key.id, replay) : tokenOption(token, replay);
  return Uint8Array.of(Option4.authentication, payload.length, ...payload);
}

/** @param message the whole reply, with no option 82 @param at where the option stands in it */
export function sign4({ key }: Auth4, message: Uint8Array, at: number): void {
  if (key === undefined) return;
  const macAt = at + 2 + MAC_AT;
  message.set(macOf(message, macAt, key.secret), macAt);
}
