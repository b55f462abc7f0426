/** Where a packet belongs: acceptance, subnet, reservations. Looks at the packet and the configuration only. */
import { placeClient } from "@kotare/core/allocate/place-client";
import { equalBytes, latin1 } from "@kotare/core/base/bytes";
import type { Open } from "@kotare/core/classify/class-set";
import { IA_SIZE } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import type { Relay6 } from "@kotare/core/dhcp6/relay6";
import type { HostView6 } from "@kotare/core/hosts/database/host-database6";
import type { HostIdentifier6 } from "@kotare/core/hosts/model/host6";
import { parseIpv6 } from "@kotare/core/ip/ipv6";
import { type Ipv6Key, isInPrefix, isMulticast, readIpv6Key } from "@kotare/core/ip/ipv6-key";
import { openTo } from "@kotare/core/subnets/class-guard";
import { reselectSubnet } from "@kotare/core/subnets/select/reselect-subnet";
import { type RelayClue6, type SubnetClues6, selectSubnet6 } from "@kotare/core/subnets/select/select-subnet6";
import type { Identity } from "@kotare/extension";
import { foundHosts6 } from "../extensions/found-hosts6.ts";
import { messageRules } from "../handlers/message-rules6.ts";
import { REPLY_LIMIT } from "../reply/reply-encoder6.ts";
import { findClientMac, findClientMacs } from "./client-mac6.ts";
import { type Drop6, drop6 } from "./outcome6.ts";
import type { ClassedPacket6, Ingress6, Query6 } from "./query6.ts";
import type { Service6 } from "./service6.ts";

/**
 * Puts the packet into its classes, too.
 * @throws DecodeError when an option that decides about the packet is broken
 */
export function placeQuery6(
  packet: Open<ClassedPacket6>,
  service: Service6,
  hosts: HostView6,
  identity: Identity | undefined,
): Query6 | Drop6 {
  const { message, ingress } = packet;
  const refusal = checkRules(message, ingress, service.serverDuid);
  if (refusal !== undefined) return refusal;
  if (message.type === MessageType6.LEASEQUERY) return placeLeasequery(packet, service, identity);
  const duid = identity?.clientId ?? message.clientId ?? NOBODY;
  const mac = findClientMac(message, ingress, service.settings.macFinders);
  const { classes, globalHosts, subnets } = service.scope;
  const identifiers = identify(message, ingress, duid, identity?.flexId, service);
  const { set, isGlobalHostEarly, profiles } = classes;
  const places = placeClient(
    packet,
    { set, isGlobalHostEarly, globalHosts, hosts, identifiers },
    () => {
      const isOpen = openTo(packet.classes);
      const clues = cluesOf(packet);
      const selected = selectSubnet6(subnets, clues, isOpen);
      if (selected === undefined || identity?.subnetFor === undefined) return selected;
      return reselectSubnet(selected, identity.subnetFor, {
        select: (accepts) => selectSubnet6(subnets, clues, (subnet) => isOpen(subnet) && accepts(subnet)),
        contains: ({ prefix, prefixLength }, address) => isInPrefix(keyOf(address), prefix, prefixLength),
        byAddress: (address) => subnets.byAddress(keyOf(address), isOpen),
      });
    },
    foundHosts6(identity),
  );
  if (places === undefined) return drop6("class-drop");
  const profile = profiles.of(packet.classes);
  if (isDirectUnicast(message, ingress) && messageRules.get(message.type)?.unicast === "where-told") {
    const isTold = places.some(({ subnet }) => subnet.options.for(profile).get(Option6.unicast) !== undefined);
    if (!isTold) return drop6("unicast");
  }
  const ignoresIaid = identity?.ignoresIaid === true;
  return { message, ingress, classes: packet.classes, duid, mac, ignoresIaid, places, profile };
}

/** It is about a client and not from one: it has no place and no classes. */
function placeLeasequery(
  { message, ingress }: Open<ClassedPacket6>,
  { scope }: Service6,
  identity: Identity | undefined,
): Query6 | Drop6 {
  if (identity?.mayQueryLeases !== true) return drop6("leasequery-not-allowed");
  const classes = new Set<string>();
  const profile = scope.classes.profiles.of(classes);
  const duid = message.clientId ?? NOBODY;
  return { message, ingress, classes, duid, mac: undefined, ignoresIaid: false, places: [], profile };
}

function isDirectUnicast({ isRelayed }: Message6, { destination }: Ingress6): boolean {
  return !isRelayed && !isMulticast(destination);
}

function cluesOf({ message, ingress }: ClassedPacket6): SubnetClues6 {
  return {
    relays: message.isRelayed ? message.relays.toReversed().map(clueOf) : NO_RELAYS,
    source: ingress.source,
    interfaceName: ingress.interface.name,
    interfaceAddresses: ingress.interface.addresses,
  };
}

const NO_RELAYS: readonly RelayClue6[] = [];

function clueOf(relay: Relay6): RelayClue6 {
  return { linkAddress: relay.linkAddress, interfaceId: relay.optionKey(Option6.interfaceId) };
}

/** Of an address that has been checked. */
function keyOf(address: string): Ipv6Key {
  return readIpv6Key(parseIpv6(address)!);
}

const NOBODY = new Uint8Array(0);
/** Each association is answered: with a status, if with nothing else. So many are not, and need no work. */
const MOST_IAS = Math.floor(REPLY_LIMIT / (OPTION_HEADER + IA_SIZE + OPTION_HEADER + 2));

/** RFC 8415 §16: which identifiers a message must have, and to whom it must be addressed. */
function checkRules(message: Message6, ingress: Ingress6, serverDuid: Uint8Array): Drop6 | undefined {
  if (message.relays[0]?.type === MessageType6.RELAY_REPL) return drop6("relay-reply");
  const rule = messageRules.get(message.type);
  if (rule === undefined) return drop6("unknown-type", `type ${message.type}`);
  if (message.countOf(Option6.clientId) > 1 || message.countOf(Option6.serverId) > 1) return drop6("repeated-id");
  if (rule.unicast === "never" && isDirectUnicast(message, ingress)) return drop6("unicast");
  const ias = message.countOf(Option6.iaNa) + message.countOf(Option6.iaPd);
  if (ias > MOST_IAS) return drop6("too-large", `${ias} associations`);
  if (rule.clientId === "required" && message.clientId === undefined) return drop6("no-client-id");
  const { serverId } = message;
  if (serverId === undefined) return rule.serverId === "required" ? drop6("no-server-id") : undefined;
  if (rule.serverId === "forbidden") return drop6("unwanted-server-id");
  return equalBytes(serverId, serverDuid) ? undefined : drop6("foreign-server");
}

const NO_IDENTIFIERS: readonly HostIdentifier6[] = [];

/** The client's identifiers of the kinds that reservations use, in the configured order. */
function identify(
  message: Message6,
  ingress: Ingress6,
  duid: Uint8Array,
  flexId: Uint8Array | undefined,
  { identifierTypes, settings }: Service6,
): readonly HostIdentifier6[] {
  if (identifierTypes.length === 0) return NO_IDENTIFIERS;
  const identifiers: HostIdentifier6[] = [];
  for (const type of identifierTypes) {
    if (type === "duid" && duid.length > 0) identifiers.push({ type, key: latin1(duid) });
    if (type === "flex-id" && flexId !== undefined) identifiers.push({ type, key: latin1(flexId) });
    if (type !== "hw-address") continue;
    for (const { address } of findClientMacs(message, ingress, settings.macFinders))
      identifiers.push({ type, key: latin1(address) });
  }
  return identifiers;
}
