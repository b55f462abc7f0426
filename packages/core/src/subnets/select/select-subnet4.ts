/** Which subnet a client is in: Kea's order of clues (RFC 2131 §4.3.1, RFC 3011, RFC 3527). */
import { type Ipv4, LIMITED_BROADCAST } from "../../ip/ipv4.ts";
import type { Subnet4 } from "../subnet4.ts";
import type { Accepts4, SubnetIndex4 } from "./subnet-index4.ts";

/** What a packet and its way in say about the client's place. Addresses are 0 where there is none. */
export interface SubnetClues4 {
  /** Link selection (82.5), else subnet selection (118). */
  readonly link: Ipv4;
  readonly giaddr: Ipv4;
  readonly ciaddr: Ipv4;
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly interfaceName: string;
  /** The interface's own addresses. */
  readonly interfaceAddresses: readonly Ipv4[];
}

export function selectSubnet4(subnets: SubnetIndex4, clues: SubnetClues4, accepts: Accepts4): Subnet4 | undefined {
  if (clues.link !== 0) return subnets.byAddress(clues.link, accepts);
  if (clues.giaddr !== 0) return subnets.byRelay(clues.giaddr, accepts) ?? subnets.byAddress(clues.giaddr, accepts);
  // A broadcast says nothing about where the client's address is from: it may have moved.
  if (clues.destination !== LIMITED_BROADCAST) {
    if (clues.ciaddr !== 0) return subnets.byAddress(clues.ciaddr, accepts);
    if (clues.source !== 0) return subnets.byAddress(clues.source, accepts);
  }
  const named = subnets.byInterface(clues.interfaceName, accepts);
  if (named !== undefined) return named;
  for (const address of clues.interfaceAddresses) {
    const subnet = subnets.byAddress(address, accepts);
    if (subnet !== undefined) return subnet;
  }
  return undefined;
}
