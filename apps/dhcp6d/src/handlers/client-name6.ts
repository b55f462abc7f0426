/** The client's name: what it calls itself (option 39), what it is reserved, and what we tell it (RFC 4704). */
import type { Granted6, Place6 } from "@kotare/core/allocate/allocate6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { type ClientFqdn6, clientFqdn6, FqdnFlag6 } from "@kotare/core/dhcp6/options/client-fqdn6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { chooseFqdn, completeName, replacesName } from "@kotare/core/names/choose-name";
import { decideUpdates } from "@kotare/core/names/decide-updates";
import type { NameRules } from "@kotare/core/names/name-rules";
import { isQualified } from "@kotare/core/wire/partial-name";
import { Reader } from "@kotare/core/wire/reader";
import { TextError } from "@kotare/core/wire/text-fields";
import { Writer } from "@kotare/core/wire/writer";
import type { Terms } from "@kotare/extension";
import { asksFor, type Query6 } from "../path/query6.ts";

export interface ClientName6 {
  /** What the leases record. */
  readonly hostname: string;
  /** Whether we put the name into the DNS, and the address. */
  readonly forward: boolean;
  readonly reverse: boolean;
  /** Payload of option 39 in the reply; `undefined` when the client neither sent it nor asks for it. */
  readonly fqdn: Uint8Array | undefined;
}

/** What a client that sends no option 39 counts as having sent where names are made for such clients. */
const NAMELESS: ClientFqdn6 = { flags: FqdnFlag6.serverUpdates, name: "" };

/**
 * A reserved name wins over the client's own. Only who sends option 39 gets a name into the DNS, or whom a name is made for.
 * @param first the first address that the client gets
 * @param terms what extensions want
 * @throws DecodeError when option 39 is broken, unless options are parsed leniently
 */
export function nameClient6(
  query: Query6,
  place: Place6,
  first: Pick<Granted6, "address" | "pool"> | undefined,
  terms: Terms | undefined,
): ClientName6 | undefined {
  const configured = first?.pool?.names ?? place.subnet.parameters.names;
  const rules = terms?.updatesDns === false ? { ...configured, sendsUpdates: false } : configured;
  const reserved = place.host?.hostname ?? "";
  const { message } = query;
  const sent = message.leniently(() => readFqdn(message));
  const asked = sent ?? (replacesName(rules, false) ? NAMELESS : undefined);
  if (asked === undefined) {
    if (reserved === "") return undefined;
    return { hostname: rules.qualify(reserved.toLowerCase()), forward: false, reverse: false, fqdn: undefined };
  }
  const generate = () => first && rules.generate(formatIpv6Key(first.address));
  const wished = terms?.hostname && completeFqdn(terms.hostname, rules);
  const name = wished ?? chooseFqdn(asked.name, { reserved, rules, generate });
  if (name === undefined) return undefined;
  const wish = {
    serverUpdates: (asked.flags & FqdnFlag6.serverUpdates) !== 0,
    noUpdates: (asked.flags & FqdnFlag6.noUpdates) !== 0,
  };
  const { serverUpdates, noUpdates, overridden, forward, reverse } = decideUpdates(wish, rules);
  const flags =
    (serverUpdates ? FqdnFlag6.serverUpdates : 0) |
    (noUpdates ? FqdnFlag6.noUpdates : 0) |
    (overridden ? FqdnFlag6.overridden : 0);
  const writer = new Writer();
  try {
    clientFqdn6.encode({ flags, name: wireForm(name) }, writer);
  } catch (error) {
    // Too long with our suffix: a client without a name is served all the same.
    if (error instanceof TextError) return undefined;
    throw error;
  }
  // RFC 4704 §5: who sends none may ask for it.
  const isTold = sent !== undefined || asksFor(query, Option6.clientFqdn);
  return { hostname: name, forward, reverse, fqdn: isTold ? writer.take() : undefined };
}

function completeFqdn(wished: string, rules: NameRules): string {
  const name = completeName(wished, rules);
  return name === wished ? name : `${name}.`;
}

function wireForm(name: string): string {
  return isQualified(name) ? name.toLowerCase() : `${name.toLowerCase()}.`;
}

function readFqdn(message: Message6): ClientFqdn6 | undefined {
  const payload = message.option(Option6.clientFqdn);
  return payload && clientFqdn6.decode(new Reader(payload, "option 39", message.offsetOf(Option6.clientFqdn)));
}
