/** Attributes that requests of both services have. */
import { parseIpv6 } from "../../ip/ipv6.ts";
import { Radius } from "./radius-dictionary.ts";
import { LONGEST_VALUE, type RadiusAttribute } from "./radius-packet.ts";
import type { RadiusParameters } from "./radius-parameters.ts";
import { formatMac, type NamingRules } from "./radius-user.ts";
import { encodeInteger } from "./radius-value.ts";

export function textAttribute(type: number, text: string): RadiusAttribute {
  return { type, value: Buffer.from(text).subarray(0, LONGEST_VALUE) };
}

/** As in Kea, of a client whose name is something else. @param rules what its name is made by */
export function callingStation(mac: string, rules: NamingRules, family: 4 | 6): readonly RadiusAttribute[] {
  if (mac === "" || rules[`identifier-type${family}`] === "hw-address") return [];
  return [textAttribute(Radius.callingStationId, formatMac(mac, rules))];
}

/** @param local our address on the way to the server */
export function nasAddress(local: string): RadiusAttribute {
  const ipv6 = parseIpv6(local.replace(/%.*/, ""));
  if (ipv6 !== undefined) return { type: Radius.nasIpv6Address, value: ipv6 };
  return { type: Radius.nasIpAddress, value: Uint8Array.from(local.split("."), Number) };
}

/** The number of the subnet, unless another one is configured for it, or for all. */
export function nasPort(
  subnetId: number,
  { "nas-ports": ports }: Pick<RadiusParameters, "nas-ports">,
): RadiusAttribute {
  return { type: Radius.nasPort, value: encodeInteger(ports.get(subnetId) ?? ports.get(0) ?? subnetId) };
}
