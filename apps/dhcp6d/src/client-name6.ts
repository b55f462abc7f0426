/** The client's name: what it calls itself (option 39), what it is reserved, and what we tell it (RFC 4704). */
import type { Place6 } from "@kotare/core/allocate/allocate6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { type ClientFqdn6, clientFqdn6, FqdnFlag6 } from "@kotare/core/dhcp6/options/client-fqdn6";
import { Reader } from "@kotare/core/wire/reader";
import { TextError } from "@kotare/core/wire/text-fields";
import { Writer } from "@kotare/core/wire/writer";
import type { Query6 } from "./query6.ts";

export interface ClientName6 {
  /** What the leases record. */
  readonly hostname: string;
  /** Payload of option 39 in the reply; `undefined` when the client sent none. */
  readonly fqdn: Uint8Array | undefined;
}

/**
 * A reserved name wins over the client's own.
 * @throws DecodeError when option 39 is broken, unless options are parsed leniently
 */
export function nameClient6({ message }: Query6, place: Place6): ClientName6 | undefined {
  const rules = place.subnet.parameters.names;
  const reserved = place.host?.hostname ?? "";
  const asked = message.leniently(() => readFqdn(message));
  if (asked === undefined) {
    return reserved === "" ? undefined : { hostname: rules.qualify(reserved.toLowerCase()), fqdn: undefined };
  }
  const partial = reserved === "" ? rules.sanitizeLabels(asked.name) : reserved;
  const name = partial === "" ? "" : `${rules.qualify(partial.toLowerCase()).replace(/\.$/, "")}.`;
  // RFC 4704 §6: without updates by us the answer says N, and O where that overrules the client's S.
  const overruled = (asked.flags & FqdnFlag6.serverUpdates) !== 0 ? FqdnFlag6.overridden : 0;
  const writer = new Writer();
  try {
    clientFqdn6.encode({ flags: FqdnFlag6.noUpdates | overruled, name }, writer);
  } catch (error) {
    // Too long with our suffix: a client without a name is served all the same.
    if (error instanceof TextError) return undefined;
    throw error;
  }
  return { hostname: name, fqdn: writer.take() };
}

function readFqdn(message: Message6): ClientFqdn6 | undefined {
  const payload = message.option(Option6.clientFqdn);
  return payload && clientFqdn6.decode(new Reader(payload, "option 39", message.offsetOf(Option6.clientFqdn)));
}
