/**
 * By way of whom a delegated prefix is reached, in the `user-context` of its lease beside what Kea keeps there: so the
 * lease file knows after a restart which routes there have to be, and Kea, which reads the same file, does not mind.
 */
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { ownContext, withOwn } from "./user-context.ts";

/** The words are those of `ip route`. */
export interface NextHop {
  /** The client's address, or its relay's. */
  readonly via: Ipv6Key;
  /** Name of the interface that it is reached on. */
  readonly dev: string;
}

const KEY = "pd-route";

/** The user context with this next hop, or with none, in it; what else is in it stays. */
export function withNextHop(userContext: string, hop: NextHop | undefined): string {
  return withOwn(userContext, KEY, hop && { via: formatIpv6Key(hop.via), dev: hop.dev });
}

/** The next hop as `withNextHop` kept it. */
export function nextHopOf(userContext: string): NextHop | undefined {
  const route = ownContext(userContext)[KEY];
  if (typeof route !== "object" || route === null || !("via" in route) || !("dev" in route)) return undefined;
  const { via, dev } = route;
  if (typeof via !== "string" || typeof dev !== "string") return undefined;
  const address = parseIpv6Key(via);
  return address && { via: address, dev };
}
