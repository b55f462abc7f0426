/** The client's name: what it calls itself (options 12 and 81), what it is reserved, and what we tell it. */
import type { Place4 } from "@kotare/core/allocate/allocate4";
import { DecodeError } from "@kotare/core/base/decode-error";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { clientFqdn, FqdnFlag } from "@kotare/core/dhcp4/options/client-fqdn";
import { formatIpv4, type Ipv4 } from "@kotare/core/ip/ipv4";
import type { NameRules } from "@kotare/core/subnets/name-rules";
import { isQualified } from "@kotare/core/wire/partial-name";
import { Reader } from "@kotare/core/wire/reader";
import { TextError } from "@kotare/core/wire/text-fields";
import { Writer } from "@kotare/core/wire/writer";
import type { Query4 } from "./query4.ts";

export interface ClientName4 {
  /** What the lease records. */
  readonly hostname: string;
  /** Which option of the reply carries the name, and its payload. */
  readonly option: { readonly code: number; readonly payload: Uint8Array } | undefined;
}

/**
 * RFC 4702 §4 and Kea's rules for host names: a reserved name wins, then the client's FQDN option, then its host name.
 * @param address what the client gets or has, for a name made of it
 * @throws DecodeError when option 81 is broken, unless options are parsed leniently
 */
export function nameClient4(query: Query4, place: Place4, address: Ipv4): ClientName4 | undefined {
  const { message } = query;
  const rules = place.subnet.parameters.names;
  const reserved = place.host === undefined ? "" : place.host.hostname;
  const fqdn = message.option(Option4.clientFqdn);
  if (fqdn !== undefined) {
    try {
      return answerFqdn(fqdn, message.offsetOf(Option4.clientFqdn), reserved, rules, address);
    } catch (error) {
      // Too long with our suffix, or broken and we are asked to bear it: a client without a name is served all the same.
      if (error instanceof TextError || (message.isLenient && error instanceof DecodeError)) return undefined;
      throw error;
    }
  }
  if (reserved !== "") return hostName(rules.qualify(reserved.toLowerCase()));
  const own = message.text(Option4.hostName)?.replace(/\.$/, "");
  // An empty label between dots makes it no name at all.
  if (own === undefined || own.split(".").includes("")) return undefined;
  const name = rules.sanitize(own);
  return name === "" ? undefined : hostName(rules.qualify(name.toLowerCase()));
}

function hostName(hostname: string): ClientName4 {
  return { hostname, option: { code: Option4.hostName, payload: Buffer.from(hostname, "latin1") } };
}

/** The reserved name, the client's own, or one made of its address; with the suffix where it is not complete. */
function chooseName(asked: string, reserved: string, rules: NameRules, address: Ipv4): string {
  if (reserved !== "") return rules.qualify(reserved.toLowerCase());
  const own = rules.sanitizeLabels(asked).toLowerCase();
  if (own === "") return rules.generate(formatIpv4(address));
  return isQualified(asked) ? own : rules.complete(own);
}

/** RFC 4702 §4: without updates by us the answer says N, and O where that overrules the client's S. */
function answerFqdn(
  payload: Uint8Array,
  offset: number,
  reserved: string,
  rules: NameRules,
  address: Ipv4,
): ClientName4 {
  const reader = new Reader(payload, "option 81", offset);
  const asked = clientFqdn.decode(reader);
  const name = `${chooseName(asked.name, reserved, rules, address).replace(/\.$/, "")}.`;
  const overruled = (asked.flags & FqdnFlag.serverUpdates) !== 0 ? FqdnFlag.overridden : 0;
  const flags = FqdnFlag.noUpdates | overruled | (asked.flags & FqdnFlag.canonical);
  const answer = new Writer();
  clientFqdn.encode({ flags, rcode1: asked.rcode1, rcode2: asked.rcode2, name }, answer);
  return { hostname: name, option: { code: Option4.clientFqdn, payload: answer.take() } };
}
