/** Which subnet a DHCPv6 client is in: Kea's order of clues (RFC 8415 §13, RFC 6221). */
import { type Ipv6Key, isLinkLocal, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import type { Subnet6 } from "../subnet6.ts";
import type { Accepts6, SubnetIndex6 } from "./subnet-index6.ts";

/** What one relay says about the place; the relay next to the client comes first. */
export interface RelayClue6 {
  readonly linkAddress: Ipv6Key;
  /** Option 18, one character a byte; `undefined` when absent. */
  readonly interfaceId: string | undefined;
}

export interface SubnetClues6 {
  readonly relays: readonly RelayClue6[];
  readonly source: Ipv6Key;
  readonly interfaceName: string;
  /** The interface's own addresses. */
  readonly interfaceAddresses: readonly Ipv6Key[];
}

export function selectSubnet6(subnets: SubnetIndex6, clues: SubnetClues6, accepts: Accepts6): Subnet6 | undefined {
  for (const { interfaceId, linkAddress } of clues.relays) {
    const subnet = interfaceId === undefined ? undefined : subnets.byInterfaceId(interfaceId, accepts);
    if (subnet !== undefined) return subnet;
    // A relay without an address that tells the link, such as a switch that only adds options, leaves it to the next one.
    if (tellsLink(linkAddress)) return subnets.byRelay(linkAddress, accepts) ?? subnets.byAddress(linkAddress, accepts);
  }
  const named = subnets.byInterface(clues.interfaceName, accepts);
  if (named !== undefined) return named;
  if (clues.relays.length === 0 && !isLinkLocal(clues.source)) {
    const subnet = subnets.byAddress(clues.source, accepts);
    if (subnet !== undefined) return subnet;
  }
  for (const address of clues.interfaceAddresses) {
    const subnet = isLinkLocal(address) ? undefined : subnets.byAddress(address, accepts);
    if (subnet !== undefined) return subnet;
  }
  return undefined;
}

/** RFC 8415 §19.1.1: a link-address of zeros says nothing, and one of link-local scope is on every link. */
function tellsLink(linkAddress: Ipv6Key): boolean {
  return linkAddress !== UNSPECIFIED && !isLinkLocal(linkAddress);
}
