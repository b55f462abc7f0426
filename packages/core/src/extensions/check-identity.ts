/** Whether what `identify` of an extension gave is what it should be. */
import type { Identity } from "@kotare/extension";
import { parseIpv4 } from "../ip/ipv4.ts";
import { parseIpv6, parseIpv6Prefix } from "../ip/ipv6.ts";

/** Of an identifier, for which every kind of storage has room. */
const MOST_BYTES = 128;

/** @throws TypeError saying what is wrong with it */
export function checkIdentity(identity: Identity, family: 4 | 6): Identity {
  const { classes, flexId, clientId, reserved } = identity;
  if (classes?.every((name) => typeof name === "string") === false) {
    throw new TypeError("identify gave classes that are not names");
  }
  for (const bytes of [flexId, clientId]) {
    if (bytes === undefined || (bytes instanceof Uint8Array && bytes.length <= MOST_BYTES)) continue;
    throw new TypeError(`identify gave an identifier that is not an array of at most ${MOST_BYTES} bytes`);
  }
  for (const lease of reserved ?? []) {
    if (!isReservable(lease, family)) throw new TypeError(`identify gave ${String(lease)}, which cannot be reserved`);
  }
  return identity;
}

function isReservable(lease: unknown, family: 4 | 6): boolean {
  if (typeof lease !== "string") return false;
  if (family === 4) return parseIpv4(lease) !== undefined;
  return parseIpv6(lease) !== undefined || parseIpv6Prefix(lease) !== undefined;
}
