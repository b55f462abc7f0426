/** Codes and framing of DHCPv6 options (RFC 8415 §21.1): 16 bits of code, 16 bits of length, payload. */
import { readU16 } from "../base/big-endian.ts";
import { DecodeError } from "../base/decode-error.ts";

/** The codes that the server itself reads or writes; everything else is data (see `options/`). */
export const Option6 = {
  clientId: 1,
  serverId: 2,
  iaNa: 3,
  iaTa: 4,
  iaAddress: 5,
  oro: 6,
  preference: 7,
  elapsedTime: 8,
  relayMessage: 9,
  auth: 11,
  unicast: 12,
  statusCode: 13,
  rapidCommit: 14,
  userClass: 15,
  vendorClass: 16,
  vendorOptions: 17,
  interfaceId: 18,
  reconfMsg: 19,
  reconfAccept: 20,
  iaPd: 25,
  iaPrefix: 26,
  informationRefreshTime: 32,
  remoteId: 37,
  subscriberId: 38,
  clientFqdn: 39,
  lqQuery: 44,
  clientData: 45,
  cltTime: 46,
  lqRelayData: 47,
  lqClientLink: 48,
  relayId: 53,
  relaySuppliedOptions: 66,
  pdExclude: 67,
  clientLinkLayer: 79,
  solMaxRt: 82,
  infMaxRt: 83,
  dhcpv4Message: 87,
  lqBaseTime: 100,
  lqStartTime: 101,
  lqEndTime: 102,
  relaySourcePort: 135,
} as const;

/** Bytes of code and length. */
export const OPTION_HEADER = 4;

/**
 * Makes sure that the option at `at` ends by `end`.
 * @param within what its errors begin with: `""`, or e.g. `relay 0 `
 * @returns the offset of its payload
 * @throws {DecodeError}
 */
export function checkOption6(bytes: Uint8Array, at: number, end: number, within: string): number {
  if (at + OPTION_HEADER > end) {
    throw new DecodeError(
      `${within}option`,
      at,
      `needs ${OPTION_HEADER} bytes of code and length, ${end - at} are left`,
    );
  }
  const length = readU16(bytes, at + 2);
  const payload = at + OPTION_HEADER;
  if (payload + length > end) {
    throw new DecodeError(
      `${within}option ${readU16(bytes, at)}`,
      at,
      `says ${length} bytes, ${end - payload} are left`,
    );
  }
  return payload;
}
