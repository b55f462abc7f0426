/** Rdata of DHCID records: whose a name is, without saying who that is (RFC 4701). */
import { createHash } from "node:crypto";
import { parseLabels, writeLabels } from "../wire/domain-name.ts";
import { Writer } from "../wire/writer.ts";

/** RFC 4701 §3.3: what the client is known by. */
export const IdentifierType = {
  /** The byte `htype` and the hardware address. */
  hardware: 0,
  /** All bytes of option 61, unless they hold a DUID (RFC 4361). */
  clientId: 1,
  duid: 2,
} as const;
export type IdentifierType = (typeof IdentifierType)[keyof typeof IdentifierType];

/** §3.4. */
const SHA256 = 1;

/**
 * @param fqdn RFC 1035 text; case does not count (§3.5)
 * @throws {TextError} when it is no name
 */
export function makeDhcid(type: IdentifierType, identifier: Uint8Array, fqdn: string): Uint8Array {
  const name = new Writer();
  writeLabels(parseLabels(lowerCase(fqdn)), name);
  const digest = createHash("sha256").update(identifier).update(name.take()).digest();
  return new Writer(35).u16(type).u8(SHA256).bytes(digest).take();
}

/** RFC 4343: of letters, only those of ASCII have a case. */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
