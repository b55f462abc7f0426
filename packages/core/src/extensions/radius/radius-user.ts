/** What RADIUS servers call a client: `User-Name`, made of one of its identifiers as in Kea. */
import { formatHex } from "../../base/hex.ts";
import { decodeIaidAndDuid } from "../../dhcp4/options/client-id.ts";
import type { IDENTIFIER_TYPES, RadiusParameters } from "./radius-parameters.ts";

type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

export type NamingRules = Pick<
  RadiusParameters,
  | "canonical-mac-address"
  | "client-id-pop0"
  | "client-id-printable"
  | "extract-duid"
  | "identifier-type4"
  | "identifier-type6"
  | "realm"
>;

export interface Identifiers {
  readonly mac: string;
  /** Option 61, or the DUID. */
  readonly clientId: Uint8Array | undefined;
  readonly flexId: Uint8Array | undefined;
  readonly circuitId: Uint8Array | undefined;
}

/** @returns `undefined` for a client without the identifier that is wanted */
export function userNameOf(identifiers: Identifiers, family: 4 | 6, rules: NamingRules): string | undefined {
  const name = nameOf(identifiers, family, rules);
  return name === undefined || rules.realm === "" || name.includes("@") ? name : `${name}@${rules.realm}`;
}

function nameOf(
  { mac, clientId, flexId, circuitId }: Identifiers,
  family: 4 | 6,
  rules: NamingRules,
): string | undefined {
  const type: IdentifierType = rules[`identifier-type${family}`];
  switch (type) {
    case "hw-address":
      return mac === "" ? undefined : formatMac(mac, rules);
    case "flex-id":
      return textOf(flexId, rules);
    case "circuit-id":
      return textOf(circuitId, rules);
    case "duid":
      return textOf(family === 6 ? pop0(clientId, 6, rules) : clientId && decodeIaidAndDuid(clientId)?.duid, rules);
    case "client-id":
      return textOf(pop0(extractDuid(clientId, family, rules), family, rules), rules);
  }
}

export function formatMac(mac: string, rules: Pick<NamingRules, "canonical-mac-address">): string {
  return rules["canonical-mac-address"] ? mac.replaceAll(":", "-") : mac;
}

function extractDuid(clientId: Uint8Array | undefined, family: 4 | 6, rules: NamingRules): Uint8Array | undefined {
  if (family === 6 || clientId === undefined || !rules["extract-duid"]) return clientId;
  return decodeIaidAndDuid(clientId)?.duid ?? clientId;
}

/** The bytes that flex_id puts before what it has computed. */
function pop0(bytes: Uint8Array | undefined, family: 4 | 6, rules: NamingRules): Uint8Array | undefined {
  const zeros = family === 4 ? 1 : 2;
  if (bytes === undefined || !rules["client-id-pop0"] || bytes.length <= zeros) return bytes;
  return bytes.subarray(0, zeros).every((byte) => byte === 0) ? bytes.subarray(zeros) : bytes;
}

function textOf(bytes: Uint8Array | undefined, rules: NamingRules): string | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const isPrintable = bytes.every((byte) => byte >= 0x20 && byte <= 0x7e);
  return rules["client-id-printable"] && isPrintable ? Buffer.from(bytes).toString("latin1") : formatHex(bytes);
}
