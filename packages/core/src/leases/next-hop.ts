/**
 * By way of whom a delegated prefix is reached, in the `user-context` of its lease beside what Kea keeps there: so the
 * lease file knows after a restart which routes there have to be, and Kea, which reads the same file, does not mind.
 */
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "../ip/ipv6-key.ts";
import { formatContext, parseContext } from "./user-context.ts";

/** The words are those of `ip route`. */
export interface NextHop {
  /** The client's address, or its relay's. */
  readonly via: Ipv6Key;
  /** Name of the interface that it is reached on. */
  readonly dev: string;
}

interface RoutedContext {
  readonly kotare?: { readonly "pd-route"?: { readonly via?: unknown; readonly dev?: unknown } | null } | null;
}

/** The user context with this next hop, or with none, in it; what else is in it stays. */
export function withNextHop(userContext: string, hop: NextHop | undefined): string {
  const before: RoutedContext = parseContext(userContext);
  if (hop === undefined && before.kotare?.["pd-route"] === undefined) return userContext;
  const { kotare, ...others } = before;
  const { "pd-route": _, ...ours } = kotare ?? {};
  const route = hop === undefined ? {} : { "pd-route": { via: formatIpv6Key(hop.via), dev: hop.dev } };
  const settings = { ...ours, ...route };
  const context = Object.keys(settings).length === 0 ? others : { ...others, kotare: settings };
  return Object.keys(context).length === 0 ? "" : formatContext(context);
}

/** The next hop as `withNextHop` kept it. */
export function nextHopOf(userContext: string): NextHop | undefined {
  const { kotare }: RoutedContext = parseContext(userContext);
  const { via, dev } = kotare?.["pd-route"] ?? {};
  if (typeof via !== "string" || typeof dev !== "string") return undefined;
  const address = parseIpv6Key(via);
  return address && { via: address, dev };
}
