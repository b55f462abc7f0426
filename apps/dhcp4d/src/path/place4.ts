/** Where a packet belongs: acceptance, subnet, reservations. Looks at the packet and the configuration only. */

import { placeClient } from "@kotare/core/allocate/place-client";
import { readU32 } from "@kotare/core/base/big-endian";
import { latin1 } from "@kotare/core/base/bytes";
import { DecodeError } from "@kotare/core/base/decode-error";
import type { Open } from "@kotare/core/classify/class-set";
import { BOOTP, MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREQUEST, type Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { decodeIaidAndDuid } from "@kotare/core/dhcp4/options/client-id";
import { decodeRelayAgent, type RelayAgent } from "@kotare/core/dhcp4/options/relay-agent";
import type { HostView4 } from "@kotare/core/hosts/database/host-database4";
import type { HostIdentifier4, HostIdentifierType4 } from "@kotare/core/hosts/model/host4";
import { type Ipv4, LIMITED_BROADCAST, parseIpv4, prefixContains } from "@kotare/core/ip/ipv4";
import { openTo } from "@kotare/core/subnets/class-guard";
import type { ClassProfile } from "@kotare/core/subnets/class-profiles";
import { reselectSubnet } from "@kotare/core/subnets/select/reselect-subnet";
import { type SubnetClues4, selectSubnet4 } from "@kotare/core/subnets/select/select-subnet4";
import { selectSubnet4o6 } from "@kotare/core/subnets/select/select-subnet4o6";
import type { Accepts4 } from "@kotare/core/subnets/select/subnet-index4";
import type { Subnet4 } from "@kotare/core/subnets/subnet4";
import type { Identity } from "@kotare/extension";
import { foundHosts4 } from "../extensions/found-hosts4.ts";
import { type Drop4, drop4 } from "./outcome4.ts";
import type { ClassedPacket4, Ingress4, Query4 } from "./query4.ts";
import type { Service4 } from "./service4.ts";

/**
 * Puts the packet into its classes, too.
 * @param identity what extensions say of who sent it
 * @param isOurAddress whether we serve on an address now
 * @param hosts the reservations
 * @throws DecodeError when an option that decides about the packet is broken
 */
export function placeQuery4(
  packet: Open<ClassedPacket4>,
  service: Service4,
  isOurAddress: (address: Ipv4) => boolean,
  hosts: HostView4,
  identity: Identity | undefined,
): Query4 | Drop4 {
  const { message, ingress, stashed } = packet;
  if (message.op !== BOOTREQUEST) return drop4("not-a-request");
  if (message.type === BOOTP && identity?.servesBootp !== true) return drop4("no-message-type");
  // A frame that reached us for somebody else's address: a switch that floods, an address that was ours.
  const { destination, over6 } = ingress;
  if (destination !== LIMITED_BROADCAST && over6 === undefined && !isOurAddress(destination)) {
    return drop4("not-our-address");
  }
  if (message.type === MessageType4.DHCPLEASEQUERY) return placeLeasequery(packet, service, identity);
  const sentClientId = readClientId(message);
  const clientId = identity?.clientId ?? sentClientId;
  const hwaddr = message.chaddr;
  if (hwaddr.length === 0 && clientId === undefined) return drop4("no-client");

  const relay = decodeRelay(message.option(Option4.relayAgentInformation) ?? stashed);
  const { classes, globalHosts, subnets } = service.scope;
  const identifiers = identify(hwaddr, clientId, relay, identity?.flexId, service);
  const { set, isGlobalHostEarly, profiles } = classes;
  const places = placeClient(
    packet,
    { set, isGlobalHostEarly, globalHosts, hosts, identifiers },
    () => {
      const isOpen = openTo(packet.classes);
      const select = (accepts: Accepts4) =>
        over6 === undefined
          ? selectSubnet4(subnets, cluesOf(packet, relay, service), accepts)
          : selectSubnet4o6(subnets, over6.clues, accepts);
      const selected = select(isOpen);
      if (selected === undefined || identity?.subnetFor === undefined) return selected;
      return reselectSubnet(selected, identity.subnetFor, {
        select: (accepts) => select((subnet) => isOpen(subnet) && accepts(subnet)),
        contains: ({ prefix }, address) => prefixContains(prefix, parseIpv4(address)!),
        byAddress: (address) => subnets.byAddress(parseIpv4(address)!, isOpen),
      });
    },
    foundHosts4(identity),
  );
  if (places === undefined) return drop4("class-drop");
  const profile = profiles.of(packet.classes);
  const serverId = relay?.serverIdOverride ?? identifyServer(ingress, places[0]?.subnet, profile);
  if (!isForUs(message, serverId, service, isOurAddress)) return drop4("foreign-server");
  return {
    message,
    ingress,
    stashed,
    classes: packet.classes,
    hwaddr,
    clientId,
    sentClientId,
    relay,
    places,
    profile,
    serverId,
  };
}

/** It is about a client and not from one: it has no place and no classes. */
function placeLeasequery(
  { message, ingress, stashed }: Open<ClassedPacket4>,
  { scope }: Service4,
  identity: Identity | undefined,
): Query4 | Drop4 {
  // Over DHCPv6 the answer goes back to whoever asks, and not to giaddr: that says nothing of who it is then. RFC 1542
  // §4.1.1: what has hops, its relay has taken from somebody, to whom it would take the answer.
  const isOfRequester = message.hops === 0 && ingress.over6 === undefined;
  if (identity?.mayQueryLeases !== true || !isOfRequester) return drop4("leasequery-not-allowed");
  const classes = new Set<string>();
  const profile = scope.classes.profiles.of(classes);
  const clientId = readClientId(message);
  return {
    message,
    ingress,
    stashed,
    classes,
    hwaddr: message.chaddr,
    clientId,
    sentClientId: clientId,
    relay: undefined,
    places: [],
    profile,
    serverId: identifyServer(ingress, undefined, profile),
  };
}

function cluesOf(
  { message, ingress }: ClassedPacket4,
  relay: RelayAgent | undefined,
  { settings }: Service4,
): SubnetClues4 {
  const link = settings.ignoreLinkSelection ? undefined : relay?.linkSelection;
  return {
    link: link ?? subnetSelection(message),
    giaddr: message.giaddr,
    ciaddr: message.ciaddr,
    source: ingress.source,
    destination: ingress.destination,
    interfaceName: ingress.interface.name,
    interfaceAddresses: ingress.interface.addresses,
  };
}

/** RFC 2132 §9.14: "Its minimum length is 2." Pieces that together have more than 255 bytes fit no lease database. */
function readClientId(message: Message4): Uint8Array | undefined {
  const clientId = message.option(Option4.clientIdentifier);
  if (clientId === undefined || (clientId.length >= 2 && clientId.length <= 255)) return clientId;
  if (message.isLenient) return undefined;
  const what = `has ${clientId.length} bytes instead of 2 to 255`;
  throw new DecodeError("option 61", message.offsetOf(Option4.clientIdentifier), what);
}

/** RFC 3046 §2.1: an option 82 that we cannot read is no reason to refuse the client; it is not echoed then. */
function decodeRelay(payload: Uint8Array | undefined): RelayAgent | undefined {
  if (payload === undefined) return undefined;
  try {
    return decodeRelayAgent(payload);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function subnetSelection(message: Message4): Ipv4 {
  return message.u32(Option4.subnetSelection) ?? 0;
}

/** Option 54: what is configured for the subnet, else the interface's address. */
function identifyServer(ingress: Ingress4, subnet: Subnet4 | undefined, profile: ClassProfile<unknown>): Ipv4 {
  const configured = subnet?.options.for(profile).get(Option4.serverIdentifier);
  return configured === undefined ? ownAddress(ingress, subnet) : readU32(configured, 0);
}

/** Option 54 of a NAK, which carries nothing that is configured, as in Kea. */
export function nakServerId({ ingress, relay, places }: Query4): Ipv4 {
  return relay?.serverIdOverride ?? ownAddress(ingress, places[0]?.subnet);
}

/** The interface's address that the packet was sent to, else that in the subnet, else its first. */
function ownAddress({ interface: { addresses }, destination }: Ingress4, subnet: Subnet4 | undefined): Ipv4 {
  if (addresses.includes(destination)) return destination;
  return (
    addresses.find((address) => subnet !== undefined && prefixContains(subnet.prefix, address)) ?? addresses[0] ?? 0
  );
}

/** RFC 2131 §4.3.2: a client that has chosen another server tells all by that server's identifier. */
function isForUs(
  message: Message4,
  serverId: Ipv4,
  service: Service4,
  isOurAddress: (address: Ipv4) => boolean,
): boolean {
  const named = message.u32(Option4.serverIdentifier);
  if (named === 0 || named === serverId) return true;
  if (message.type === MessageType4.DHCPDISCOVER || service.settings.ignoreServerIdentifier) return true;
  // Even where broken options count as absent, a broken choice is one, and we do not know of whom.
  if (named === undefined) return !message.hasOption(Option4.serverIdentifier);
  return isOurAddress(named) || service.scope.serverIds.has(named);
}

/** The client's identifiers of the kinds that reservations use, in the configured order. */
function identify(
  hwaddr: Uint8Array,
  clientId: Uint8Array | undefined,
  relay: RelayAgent | undefined,
  flexId: Uint8Array | undefined,
  service: Service4,
): readonly HostIdentifier4[] {
  const types = service.identifierTypes;
  if (types.length === 0) return NO_IDENTIFIERS;
  const identifiers: HostIdentifier4[] = [];
  for (const type of types) {
    const bytes = type === "flex-id" ? flexId : identifierBytes(type, hwaddr, clientId, relay);
    if (bytes !== undefined && bytes.length > 0) identifiers.push({ type, key: latin1(bytes) });
  }
  return identifiers;
}

const NO_IDENTIFIERS: readonly HostIdentifier4[] = [];

function identifierBytes(
  type: Exclude<HostIdentifierType4, "flex-id">,
  hwaddr: Uint8Array,
  clientId: Uint8Array | undefined,
  relay: RelayAgent | undefined,
): Uint8Array | undefined {
  switch (type) {
    case "hw-address":
      return hwaddr;
    case "client-id":
      return clientId;
    case "duid":
      return clientId && decodeIaidAndDuid(clientId)?.duid;
    case "circuit-id":
      return relay?.circuitId;
  }
}
