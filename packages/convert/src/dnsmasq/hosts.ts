/** `dhcp-host`: a reservation for each way in which the client is known. */
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { parseIpv6 } from "@kotare/core/ip/ipv6";
import type { Json } from "../translate/parameters.ts";
import { Lost, parseTime } from "./lines.ts";

export interface DnsmasqHost {
  readonly identifiers: readonly Json[];
  readonly address: string | undefined;
  /** Of an address whose network is that of the range. */
  readonly suffix: string | undefined;
  readonly keys: Json;
  readonly tags: readonly string[];
  /** It is meant for clients with these only. */
  readonly wanted: readonly string[];
  readonly seconds: number | undefined;
  readonly isIgnored: boolean;
}

/** @returns `undefined` for a host of the other family */
export function readHost(parts: readonly string[], family: 4 | 6): DnsmasqHost | undefined {
  const identifiers: Json[] = [];
  const addresses: string[] = [];
  const keys: Json = {};
  const tags: string[] = [];
  const wanted: string[] = [];
  let seconds: number | undefined;
  let isIgnored = false;
  let isOfOther = false;
  for (const part of parts) {
    const mac = /^(?:(\d\d?)-)?((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})$/i.exec(part)?.[2];
    const six = /^\[(.*)\]$/.exec(part)?.[1];
    if (part === "") continue;
    if (mac !== undefined) identifiers.push({ "hw-address": mac.toLowerCase() });
    else if (part === "id:*") throw new Lost("has its client known by the hardware address alone: set match-client-id");
    else if (part.startsWith("id:")) {
      const octets = identifier(part.slice(3));
      const isDuid = /^00:0?[1-4]:/.test(octets);
      if (isDuid === (family === 6)) identifiers.push(isDuid ? { duid: octets } : { "client-id": octets });
      else isOfOther = true;
    } else if (six !== undefined && parseIpv6(six.split("/")[0]!) !== undefined) {
      if (six.includes("/")) throw new Lost("has many addresses: write each of them");
      if (family === 6) addresses.push(six);
      else isOfOther = true;
    } else if (parseIpv4(part) !== undefined) {
      if (family === 4) addresses.push(part);
      else isOfOther = true;
    } else if (/^(set|net):/.test(part)) tags.push(part.slice(4));
    else if (part.startsWith("tag:")) wanted.push(part.slice(4));
    else if (part === "ignore") isIgnored = true;
    else if (parseTime(part) !== undefined) seconds = parseTime(part);
    else if (/^[a-z0-9_][a-z0-9_.-]*$/i.test(part)) keys["hostname"] = part;
    else throw new Lost(`has "${part}", which a reservation cannot say: make a class for it`);
  }
  const [address, ...more] = addresses;
  if (identifiers.length === 0 && isOfOther) return undefined;
  // The other family's server has what is left of it.
  if (address === undefined && isOfOther && Object.keys(keys).length === 0 && tags.length === 0 && !isIgnored)
    return undefined;
  if (identifiers.length === 0) throw new Lost("says by a name which client is meant: give it a hardware address");
  if (more.length > 0) throw new Lost("has several addresses: leave one");
  const isSuffix = family === 6 && address?.startsWith("::") === true;
  return {
    identifiers,
    address: isSuffix ? undefined : address,
    suffix: isSuffix ? address : undefined,
    keys,
    tags,
    wanted,
    seconds,
    isIgnored,
  };
}

function identifier(text: string): string {
  return /^([0-9a-f]{2}:)*[0-9a-f]{2}$/i.test(text) ? text.toLowerCase() : Buffer.from(text, "latin1").toString("hex");
}
