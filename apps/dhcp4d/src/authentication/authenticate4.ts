/** RFC 3118 §5.6: whether a message is what it says it is, and how its answer is to be signed. Pure: a forged one changes nothing. */
import { timingSafeEqual } from "node:crypto";
import { findOwnLease4 } from "@kotare/core/allocate/allocate4";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import type { LeaseView4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { authReplayOf } from "@kotare/core/leases/user-context/auth-replay4";
import type { ClientReplays } from "@kotare/core/summons/client-replays";
import { type Drop4, drop4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";
import type { AuthKeys4 } from "./auth-keys4.ts";
import { AuthProtocol, MAC_AT, readAuthOption } from "./auth-option4.ts";
import { macOf } from "./message-mac4.ts";

const { DHCPDISCOVER, DHCPINFORM, DHCPRELEASE, DHCPDECLINE } = MessageType4;

/** @returns the query with how its answer is authenticated, or why it gets none */
export function authenticate4(query: Query4, keys: AuthKeys4, view: LeaseView4, heard?: ClientReplays): Query4 | Drop4 {
  const { message, places } = query;
  const payload = message.option(Option4.authentication);
  const isRequired =
    places[0]?.subnet.parameters.authenticates === true || keys.requiredClasses.some((name) => query.classes.has(name));
  if (payload === undefined) {
    if (isRequired) return drop4("not-authenticated");
    // §5.5.6: what a client has signed for it gives back with a signature only.
    const endsLease = message.type === DHCPRELEASE || message.type === DHCPDECLINE;
    return endsLease && hasSigned(query, view) ? drop4("not-authenticated") : query;
  }
  const option = readAuthOption(payload);
  if (option === undefined) return drop4("bad-authentication", "neither of the two protocols");
  if (option.protocol === AuthProtocol.token) {
    const token = keys.tokenOf(query);
    if (token === undefined || !isSame(token, option.token)) return drop4("bad-authentication", "another token");
    return { ...query, auth: { token, key: undefined, replay: undefined } };
  }
  const { replay, signature } = option;
  const key = signature === undefined ? keys.choose(query) : keys.find(signature.id, query);
  const mayAsk = message.type === DHCPDISCOVER || message.type === DHCPINFORM;
  if (signature === undefined && !mayAsk) return drop4("bad-authentication", "no signature");
  // Who asks for what we do not have is served without where that is enough.
  if (key === undefined && mayAsk && !isRequired) return query;
  if (key === undefined) return drop4("bad-authentication", "no such key");
  if (signature !== undefined) {
    const at = message.offsetOf(Option4.authentication) + MAC_AT;
    if (!isSame(macOf(message.bytes, at, key.secret), signature.mac)) return drop4("bad-authentication", "another MAC");
  }
  const last = lastReplay(query, view, heard);
  if (last !== undefined && replay <= last) return drop4("replayed", `${replay} after ${last}`);
  return { ...query, auth: { token: undefined, key, replay: signature && replay } };
}

/** Whether the lease that the client has here was given for a signature. */
function hasSigned({ places, hwaddr, clientId }: Query4, view: LeaseView4): boolean {
  const lease = findOwnLease4({ view, places, hwaddr, clientId });
  return lease !== undefined && authReplayOf(lease.userContext) !== undefined;
}

/** Whose numbers are counted together. */
export function replayIdOf({ hwaddr, clientId }: Pick<Query4, "hwaddr" | "clientId">): Uint8Array {
  return clientId ?? hwaddr;
}

/**
 * Of all its leases, wherever: a signature says nothing of giaddr, so that an old message could be sent from another network.
 * @param heard also what it has used without a lease, or with one that is gone
 */
function lastReplay(query: Query4, view: LeaseView4, heard: ClientReplays | undefined): bigint | undefined {
  const { hwaddr, clientId } = query;
  const byHwaddr = hwaddr.length === 0 ? [] : view.byHwaddr(hwaddr);
  const leases = clientId === undefined ? byHwaddr : [...view.byClientId(clientId), ...byHwaddr.filter(isUnnamed)];
  const numbers = leases.flatMap(({ userContext }) => authReplayOf(userContext) ?? []);
  return numbers.reduce<bigint | undefined>(
    (last, each) => (last === undefined || each > last ? each : last),
    heard?.last(replayIdOf(query)),
  );
}

function isUnnamed({ clientId }: Lease4): boolean {
  return clientId === undefined;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
