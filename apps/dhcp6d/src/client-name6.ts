/** The client's name: what it calls itself (option 39), what it is reserved, and what we tell it (RFC 4704). */
import type { Granted6, Place6 } from "@kotare/core/allocate/allocate6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { type ClientFqdn6, clientFqdn6, FqdnFlag6 } from "@kotare/core/dhcp6/options/client-fqdn6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { chooseFqdn } from "@kotare/core/names/choose-name";
import { decideUpdates } from "@kotare/core/names/decide-updates";
import { Reader } from "@kotare/core/wire/reader";
import { TextError } from "@kotare/core/wire/text-fields";
import { Writer } from "@kotare/core/wire/writer";
import type { Query6 } from "./query6.ts";

export interface ClientName6 {
  /** What the leases record. */
  readonly hostname: string;
  /** Whether we put the name into the DNS, and the address. */
  readonly forward: boolean;
  readonly reverse: boolean;
  /** Payload of option 39 in the reply; `undefined` when the client sent none. */
  readonly fqdn: Uint8Array | undefined;
}

/**
 * A reserved name wins over the client's own. Only who sends option 39 gets a name into the DNS.
 * @param first the first address that the client gets
 * @throws DecodeError when option 39 is broken, unless options are parsed leniently
 */
export function nameClient6(
  { message }: Query6,
  place: Place6,
  first: Pick<Granted6, "address" | "pool"> | undefined,
): ClientName6 | undefined {
  const rules = first?.pool?.names ?? place.subnet.parameters.names;
  const reserved = place.host?.hostname ?? "";
  const asked = message.leniently(() => readFqdn(message));
  if (asked === undefined) {
    if (reserved === "") return undefined;
    return { hostname: rules.qualify(reserved.toLowerCase()), forward: false, reverse: false, fqdn: undefined };
  }
  const generate = () => first && rules.generate(formatIpv6Key(first.address));
  const name = chooseFqdn(asked.name, { reserved, rules, generate });
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
    clientFqdn6.encode({ flags, name }, writer);
  } catch (error) {
    // Too long with our suffix: a client without a name is served all the same.
    if (error instanceof TextError) return undefined;
    throw error;
  }
  return { hostname: name, forward, reverse, fqdn: writer.take() };
}

function readFqdn(message: Message6): ClientFqdn6 | undefined {
  const payload = message.option(Option6.clientFqdn);
  return payload && clientFqdn6.decode(new Reader(payload, "option 39", message.offsetOf(Option6.clientFqdn)));
}
