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
  const { poolClass, address } = identity.subnetFor ?? {};
  if (poolClass !== undefined && typeof poolClass !== "string") {
    throw new TypeError("identify gave a subnet's class that is not a name");
  }
  if (address !== undefined && !isAddress(address, family)) {
    throw new TypeError(`identify gave ${String(address)}, which no subnet can contain`);
  }
  return identity;
}

function isAddress(text: unknown, family: 4 | 6): boolean {
  return typeof text === "string" && (family === 4 ? parseIpv4(text) : parseIpv6(text)) !== undefined;
}

function isReservable(lease: unknown, family: 4 | 6): boolean {
  if (isAddress(lease, family)) return true;
  return family === 6 && typeof lease === "string" && parseIpv6Prefix(lease) !== undefined;
}
