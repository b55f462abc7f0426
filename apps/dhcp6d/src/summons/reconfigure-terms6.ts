/** RFC 8415 §20.4.2: who is given a key for RECONFIGURE, and what is kept of the way to it. */
import { isBuiltIn } from "@kotare/core/classify/built-in-classes";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import type { Relay6 } from "@kotare/core/dhcp6/relay6";
import type { LeaseView6 } from "@kotare/core/leases/model/lease-store6";
import { type Reach6, type RelayReach, reach6Of, withReach6 } from "@kotare/core/leases/user-context/reach6";
import type { Subnet6 } from "@kotare/core/subnets/subnet6";
import type { ClientSecrets } from "@kotare/core/summons/client-secrets";
import type { Query6 } from "../path/query6.ts";

/** What a reply says of it: that both sides are willing, and the key where the client may not have it. */
export interface Reconfigure6 {
  readonly key: Uint8Array | undefined;
}

interface Knows {
  /** Of clients that accept RECONFIGURE; `undefined` where nobody is to be given one. */
  readonly secrets: ClientSecrets | undefined;
  readonly view: LeaseView6;
}

/** @returns `undefined` where one side is not willing */
export function reconfigureFor(query: Query6, { secrets, view }: Knows): Reconfigure6 | undefined {
  const subnet = query.places[0]?.subnet;
  if (secrets === undefined || subnet?.parameters.reconfigures !== true || !accepts(query)) return undefined;
  const hasKey =
    query.message.type === MessageType6.RENEW &&
    view.byDuid(query.duid).some(({ userContext }) => reach6Of(userContext)?.key === secrets.id);
  return { key: hasKey ? undefined : secrets.of(query.duid) };
}

/**
 * The user context of a lease with the way to its client, or without where it is not to be called.
 * @param isOwn whether the lease has been the client's before
 */
export function withWayBack(
  userContext: string,
  query: Query6,
  { parameters }: Subnet6,
  { secrets }: Pick<Knows, "secrets">,
  isOwn: boolean,
): string {
  if (secrets === undefined) return userContext;
  // There are clients that say so in their first message only.
  const hasAccepted = isOwn && isExtended(query) && reach6Of(userContext)?.key === secrets.id;
  const mayBeCalled = parameters.reconfigures && (accepts(query) || hasAccepted);
  return withReach6(userContext, mayBeCalled ? reachOf(query, secrets.id) : undefined);
}

function accepts({ message }: Query6): boolean {
  return message.hasOption(Option6.reconfAccept);
}

function isExtended({ message: { type } }: Query6): boolean {
  return type === MessageType6.RENEW || type === MessageType6.REBIND;
}

function reachOf({ message, ingress, classes }: Query6, key: string): Reach6 {
  const { relays } = message;
  return {
    key,
    via: ingress.source,
    dev: ingress.interface.name,
    port: relays[0]?.wantsSourcePort === true ? ingress.sourcePort : undefined,
    relays: relays.map(relayReach),
    classes: [...classes].filter((name) => !isBuiltIn(name)),
  };
}

function relayReach(relay: Relay6): RelayReach {
  const wanted: Uint8Array[] = [];
  relay.eachOption((code, at, length) => {
    if (code === Option6.interfaceId || code === Option6.relaySourcePort) {
      wanted.push(relay.bytes.subarray(at - OPTION_HEADER, at + length));
    }
  });
  return { link: relay.linkAddress, peer: relay.peerAddress, options: Buffer.concat(wanted) };
}
