/** The client's name: what it calls itself (options 12 and 81), what it is reserved, and what we tell it. */
import type { Place4 } from "@kotare/core/allocate/allocate4";
import { DecodeError } from "@kotare/core/base/decode-error";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { clientFqdn4, FqdnFlag4 } from "@kotare/core/dhcp4/options/client-fqdn4";
import { formatIpv4, type Ipv4 } from "@kotare/core/ip/ipv4";
import { chooseFqdn, chooseHostName, completeName, type NameSources } from "@kotare/core/names/choose-name";
import { decideUpdates } from "@kotare/core/names/decide-updates";
import type { Pool4 } from "@kotare/core/subnets/subnet4";
import { isQualified } from "@kotare/core/wire/partial-name";
import { Reader } from "@kotare/core/wire/reader";
import { TextError } from "@kotare/core/wire/text-fields";
import { Writer } from "@kotare/core/wire/writer";
import type { Terms } from "@kotare/extension";
import type { Query4 } from "../path/query4.ts";

export interface ClientName4 {
  /** What the lease records. */
  readonly hostname: string;
  /** Whether we put the name into the DNS, and the address. */
  readonly forward: boolean;
  readonly reverse: boolean;
  /** Which option of the reply carries the name, and its payload; `undefined` where the client is not told. */
  readonly option: { readonly code: number; readonly payload: Uint8Array } | undefined;
}

/**
 * RFC 4702 §4 and Kea's rules for host names: a reserved name wins, then the client's FQDN option, then its host name.
 * @param pool that the address is from, if any
 * @param address what the client gets or has, for a name made of it
 * @param terms what extensions want
 * @throws DecodeError when option 81 is broken, unless options are parsed leniently
 */
export function nameClient4(
  { message }: Query4,
  place: Place4,
  pool: Pool4 | undefined,
  address: Ipv4,
  terms: Terms | undefined,
): ClientName4 | undefined {
  const configured = pool?.names ?? place.subnet.parameters.names;
  const rules = terms?.updatesDns === false ? { ...configured, sendsUpdates: false } : configured;
  const wished = terms?.hostname && completeName(terms.hostname, rules);
  const reserved = place.host?.hostname ?? "";
  const sources: NameSources = { reserved, rules, generate: () => rules.generate(formatIpv4(address)) };
  const fqdn = message.option(Option4.clientFqdn);
  if (fqdn !== undefined) {
    try {
      return answerFqdn(fqdn, message.offsetOf(Option4.clientFqdn), sources, wished);
    } catch (error) {
      // Too long with our suffix, or broken and we are asked to bear it: a client without a name is served all the same.
      if (error instanceof TextError || (message.isLenient && error instanceof DecodeError)) return undefined;
      throw error;
    }
  }
  const own = chooseHostName(message.text(Option4.hostName), sources);
  const hostname = wished ?? own;
  if (hostname === undefined) return undefined;
  // As in Kea: who has no name is told none, and none is in the DNS.
  if (own === undefined) return { hostname, forward: false, reverse: false, option: undefined };
  const option = { code: Option4.hostName, payload: Buffer.from(hostname, "latin1") };
  return { hostname, forward: rules.sendsUpdates, reverse: rules.sendsUpdates, option };
}

/** RFC 4702 §2.2: what a server sends as RCODE1 and RCODE2. */
const FROM_SERVER = 255;

function answerFqdn(
  payload: Uint8Array,
  offset: number,
  sources: NameSources,
  wished: string | undefined,
): ClientName4 | undefined {
  const asked = clientFqdn4.decode(new Reader(payload, "option 81", offset));
  const hostname = wished ?? chooseFqdn(asked.name, sources);
  if (hostname === undefined) return undefined;
  const name = isQualified(hostname) ? hostname : `${hostname}.`;
  const wish = {
    serverUpdates: (asked.flags & FqdnFlag4.serverUpdates) !== 0,
    noUpdates: (asked.flags & FqdnFlag4.noUpdates) !== 0,
  };
  const { serverUpdates, noUpdates, overridden, forward, reverse } = decideUpdates(wish, sources.rules);
  const flags =
    (serverUpdates ? FqdnFlag4.serverUpdates : 0) |
    (noUpdates ? FqdnFlag4.noUpdates : 0) |
    (overridden ? FqdnFlag4.overridden : 0) |
    (asked.flags & FqdnFlag4.canonical);
  const answer = new Writer();
  clientFqdn4.encode({ flags, rcode1: FROM_SERVER, rcode2: FROM_SERVER, name: name.toLowerCase() }, answer);
  return { hostname, forward, reverse, option: { code: Option4.clientFqdn, payload: answer.take() } };
}
