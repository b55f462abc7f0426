/** What a LEASEQUERY asks for (RFC 5007 §4.1.2.1; RFC 5460 §5.4): option 44. */

import { DecodeError } from "../../../base/decode-error.ts";
import { isDuidLength } from "../../../dhcp6/duid.ts";
import type { Message6 } from "../../../dhcp6/message6.ts";
import type { Status6 } from "../../../dhcp6/option-index6.ts";
import { OptionIndex6 } from "../../../dhcp6/option-index6.ts";
import { Option6 } from "../../../dhcp6/option6.ts";
import { StatusCode6 } from "../../../dhcp6/status-code6.ts";
import { type Ipv6Key, readIpv6Key, UNSPECIFIED } from "../../../ip/ipv6-key.ts";

export const QueryType6 = { byAddress: 1, byClientId: 2, byRelayId: 3, byLinkAddress: 4, byRemoteId: 5 } as const;

/** By what leases are looked for. */
export type Selection6 =
  | { readonly by: "address"; readonly address: Ipv6Key }
  | { readonly by: "client"; readonly duid: Uint8Array }
  | { readonly by: "relay-id" | "remote-id"; readonly id: Uint8Array }
  | { readonly by: "link" };

export interface LeaseQuery6 {
  /** An address on the link whose leases count; unspecified for all. */
  readonly link: Ipv6Key;
  readonly selection: Selection6;
  /** Codes of options that are asked for (option 6). */
  readonly wishes: readonly number[];
}

/** Type and link-address. */
const QUERY_SIZE = 17;

/**
 * @returns a status where nothing can be looked for (RFC 5007 §4.4.1); `undefined` where option 44 is missing
 * @throws {DecodeError} when option 44 is broken
 */
export function readLeaseQuery6(message: Message6): LeaseQuery6 | Status6 | undefined {
  const at = message.offsetOf(Option6.lqQuery);
  if (at < 0) return undefined;
  const length = message.option(Option6.lqQuery)!.length;
  if (length < QUERY_SIZE) {
    throw new DecodeError(`option ${Option6.lqQuery}`, at, `has ${length} bytes, expected at least ${QUERY_SIZE}`);
  }
  const link = readIpv6Key(message.bytes, at + 1);
  const options = new OptionIndex6(message.bytes, at + QUERY_SIZE, at + length, `option ${Option6.lqQuery}.`);
  const selection = readSelection(message.bytes[at]!, link, options);
  return "by" in selection ? { link, selection, wishes: options.codes(Option6.oro) } : selection;
}

function readSelection(type: number, link: Ipv6Key, options: OptionIndex6): Selection6 | Status6 {
  switch (type) {
    case QueryType6.byAddress: {
      const payload = options.option(Option6.iaAddress);
      if (payload === undefined || payload.length < 16) return malformed("an address (option 5)");
      return { by: "address", address: readIpv6Key(payload) };
    }
    case QueryType6.byClientId: {
      const duid = options.option(Option6.clientId);
      if (duid === undefined || !isDuidLength(duid.length)) return malformed("a client identifier (option 1)");
      return { by: "client", duid };
    }
    case QueryType6.byRelayId: {
      const id = options.option(Option6.relayId);
      if (id === undefined || !isDuidLength(id.length)) return malformed("a relay identifier (option 53)");
      return { by: "relay-id", id };
    }
    case QueryType6.byRemoteId: {
      const id = options.option(Option6.remoteId);
      return id === undefined || id.length === 0
        ? malformed("a remote identifier (option 37)")
        : { by: "remote-id", id };
    }
    case QueryType6.byLinkAddress:
      return link === UNSPECIFIED ? malformed("a link address") : { by: "link" };
    default:
      return { code: StatusCode6.UnknownQueryType, text: `There is no query of type ${type}.` };
  }
}

function malformed(what: string): Status6 {
  return { code: StatusCode6.MalformedQuery, text: `The query lacks ${what}.` };
}
