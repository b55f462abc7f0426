/** Which IPv4 subnet a client is in whose query comes over DHCPv6 (RFC 7341 §11): Kea's order of subnets and clues. */
import { type Ipv6Key, isInPrefix } from "../../ip/ipv6-key.ts";
import type { Subnet4 } from "../subnet4.ts";
import type { Accepts4, SubnetIndex4 } from "./subnet-index4.ts";

/** What the DHCPv6 server says about the query. */
export interface SubnetClues4o6 {
  /** Where the query came from: the client, or the relay next to the DHCPv6 server. */
  readonly source: Ipv6Key;
  /** Option 18 of the relay, one character a byte; `undefined` when absent. */
  readonly interfaceId: string | undefined;
  readonly interfaceName: string;
}

/** The first subnet that any clue points to. */
export function selectSubnet4o6(
  subnets: SubnetIndex4,
  { source, interfaceId, interfaceName }: SubnetClues4o6,
  accepts: Accepts4,
): Subnet4 | undefined {
  return subnets.byQuery6(
    ({ prefix, ...over6 }) =>
      (prefix !== undefined && isInPrefix(source, prefix.address, prefix.length)) ||
      (over6.interfaceId !== "" && over6.interfaceId === interfaceId) ||
      (over6.interfaceName !== "" && over6.interfaceName === interfaceName),
    accepts,
  );
}
