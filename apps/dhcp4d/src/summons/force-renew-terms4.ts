/** RFC 6704 §3.1: who is given a nonce for FORCERENEW, and what is kept of the way to it. */
import { isBuiltIn } from "@kotare/core/classify/built-in-classes";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { LIMITED_BROADCAST } from "@kotare/core/ip/ipv4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { type Reach4, reach4Of, withReach4 } from "@kotare/core/leases/user-context/reach4";
import type { Subnet4 } from "@kotare/core/subnets/subnet4";
import type { ClientSecrets } from "@kotare/core/summons/client-secrets";
import type { Query4 } from "../path/query4.ts";

/** RFC 6704 §3.1.1: the one algorithm that there is. */
const HMAC_MD5 = 1;

/** What a reply says of it. */
export interface Nonce4 {
  /** `undefined` in an OFFER, which only says that there are nonces, and where the client has it. */
  readonly nonce: Uint8Array | undefined;
}

interface Knows {
  /** Of clients that can be called; `undefined` where nobody is to be given one. */
  readonly secrets: ClientSecrets | undefined;
}

/** In an OFFER. @returns `undefined` where one side does not use nonces */
export function nonceOffered(query: Query4, subnet: Subnet4, facts: Knows): Nonce4 | undefined {
  return usesNonces(query, subnet, facts) ? { nonce: undefined } : undefined;
}

/** In an ACK. @param current what was at the address */
export function nonceFor(
  query: Query4,
  subnet: Subnet4,
  { secrets }: Knows,
  current: Lease4 | undefined,
): Nonce4 | undefined {
  if (secrets === undefined || !usesNonces(query, subnet, { secrets })) return undefined;
  const hasIt = isRenewing(query) && current !== undefined && reach4Of(current.userContext)?.key === secrets.id;
  return { nonce: hasIt ? undefined : secrets.of(clientOf(query)) };
}

/** The user context of a lease with the way to its client, or without where it is not to be called. */
export function withWayBack(userContext: string, query: Query4, subnet: Subnet4, { secrets }: Knows): string {
  if (secrets === undefined) return userContext;
  const mayBeCalled = usesNonces(query, subnet, { secrets });
  if (mayBeCalled) return withReach4(userContext, reachOf(query, secrets.id));
  // RFC 3203 §5: who authenticates all messages needs no nonce.
  const isAuthenticated = subnet.parameters.forcesRenewal && query.auth?.key !== undefined;
  return withReach4(userContext, isAuthenticated ? reachOf(query, undefined) : undefined);
}

/** What its nonce is derived from. */
export function clientOf({ hwaddr, clientId }: Pick<Lease4, "hwaddr" | "clientId">): Uint8Array {
  return hwaddr.length > 0 ? hwaddr : (clientId ?? hwaddr);
}

/** Over DHCPv6 a client has no address that we could send to. */
function usesNonces({ message, ingress }: Query4, subnet: Subnet4, { secrets }: Knows): boolean {
  if (secrets === undefined || !subnet.parameters.forcesRenewal || ingress.over6 !== undefined) return false;
  return message.option(Option4.forcerenewNonceCapable)?.includes(HMAC_MD5) === true;
}

function isRenewing({ message, ingress }: Query4): boolean {
  return message.ciaddr !== 0 && !message.isRelayed && ingress.destination !== LIMITED_BROADCAST;
}

function reachOf({ message, ingress, classes, serverId }: Query4, key: string | undefined): Reach4 {
  return {
    key,
    xid: message.xid,
    server: serverId,
    dev: ingress.interface.name,
    mac: ingress.sourceMac?.slice(),
    classes: [...classes].filter((name) => !isBuiltIn(name)),
  };
}
