/** Rdata of DHCID records: whose a name is, without saying who that is (RFC 4701). */
import { hash } from "node:crypto";
import { parseLabels } from "../wire/domain-name.ts";

/** RFC 4701 §3.3: what the client is known by. */
export const IdentifierType = {
  /** The byte `htype` and the hardware address. */
  hardware: 0,
  /** All bytes of option 61, unless they hold a DUID (RFC 4361). */
  clientId: 1,
  duid: 2,
} as const;
export type IdentifierType = (typeof IdentifierType)[keyof typeof IdentifierType];

/** RFC 1035 §2.3.4. */
const MAX_NAME = 255;
/** §3.4. */
const SHA256 = 1;

/**
 * @param fqdn RFC 1035 text; case does not count (§3.5)
 * @throws {TextError} when it is no name
 */
export function makeDhcid(type: IdentifierType, identifier: Uint8Array, fqdn: string): Uint8Array {
  const labels = parseLabels(lowerCase(fqdn));
  const hashed = Buffer.allocUnsafe(identifier.length + MAX_NAME);
  hashed.set(identifier);
  let end = identifier.length;
  for (const label of labels) {
    hashed[end] = label.length;
    hashed.set(label, end + 1);
    end += 1 + label.length;
  }
  hashed[end++] = 0;
  const digest = hash("sha256", hashed.subarray(0, end), "buffer");
  const rdata = new Uint8Array(3 + digest.length);
  rdata[1] = type;
  rdata[2] = SHA256;
  rdata.set(digest, 3);
  return rdata;
}

/** RFC 4343: of letters, only those of ASCII have a case. */
function lowerCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : name;
}
