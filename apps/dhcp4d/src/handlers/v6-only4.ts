/** RFC 8925 §3.3: a client that can do without IPv4 is offered no address where the network prefers that. */
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { leaselessReply4, type Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";
import { configuredOptions4 } from "../reply/configured-options4.ts";

/**
 * The answer to a DISCOVER that asks for option 108, where that is configured: `undefined` where it is not. Should the
 * client go on all the same, its REQUEST for an address is answered like any other.
 */
export function offerNoAddress4(query: Query4): Reply4 | undefined {
  if (query.message.option(Option4.parameterRequestList)?.includes(Option4.v6OnlyPreferred) !== true) return undefined;
  const place = query.places.find(
    (each) => configuredOptions4(query, each, undefined).get(Option4.v6OnlyPreferred) !== undefined,
  );
  return place && leaselessReply4(MessageType4.DHCPOFFER, place);
}
