/** A client's hardware address, which DHCPv6 does not carry of itself: Kea's `mac-sources`, in the configured order. */
import { unlessBroken } from "@kotare/core/base/decode-error";
import type { MacSource } from "@kotare/core/config/schema/dhcp6/server-id";
import { linkLayerOf } from "@kotare/core/dhcp6/duid";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { decodeSubOptions6 } from "@kotare/core/dhcp6/options/sub-options6";
import { isLinkLocal, toIpv6 } from "@kotare/core/ip/ipv6-key";
import { HwaddrSource } from "@kotare/core/leases/model/lease6";
import type { ClientMac, Ingress6 } from "./query6.ts";

const ETHERNET = 1;
/** Bytes of a hardware address that a lease has room for. */
const MAX_HWADDR = 20;
/** DOCSIS options of CableLabs' vendor space: what a cable modem and its head end tell. */
const CABLELABS = 4491;
const MODEM_MAC = 36;
const CMTS_CM_MAC = 1026;

/** Where an address may stand. */
export type MacFinder = (message: Message6, ingress: Ingress6) => ClientMac | undefined;

/** `virtual-link-local` is a link-local address that is made of one without a maker. */
type SingleSource = Exclude<MacSource, "any"> | "virtual-link-local";

const finders: Readonly<Record<SingleSource, MacFinder>> = {
  raw: ({ isRelayed }, { sourceMac }) => (isRelayed ? undefined : hardware(sourceMac, HwaddrSource.raw)),
  duid: ({ clientId }) => {
    const found = clientId && linkLayerOf(clientId);
    return found && hardware(found.address, HwaddrSource.duid, found.htype);
  },
  "ipv6-link-local": (message, ingress) => linkLocalMac(message, ingress, true),
  "virtual-link-local": (message, ingress) => linkLocalMac(message, ingress, false),
  "client-link-addr-option": ({ relays }) => {
    const found = unlessBroken(() => relays.at(-1)?.clientLinkLayer);
    return found && hardware(found.address, HwaddrSource.clientLinkAddr, found.htype);
  },
  "remote-id": ({ relays }) => hardware(unlessBroken(() => relays.at(-1)?.remoteId)?.id, HwaddrSource.remoteId),
  "subscriber-id": ({ relays }) => hardware(relays.at(-1)?.subscriberId, HwaddrSource.subscriberId),
  "docsis-cmts": ({ relays }) => {
    const relay = relays.at(-1);
    const vendor = relay?.vendors(Option6.vendorOptions).find(({ enterprise }) => enterprise === CABLELABS);
    return hardware(vendor && subOption(vendor.data, CMTS_CM_MAC), HwaddrSource.cmts);
  },
  "docsis-modem": (message) => {
    const vendor = message.vendors(Option6.vendorOptions).find(({ enterprise }) => enterprise === CABLELABS);
    return hardware(vendor && subOption(vendor.data, MODEM_MAC), HwaddrSource.docsisModem);
  },
};

/**
 * What a source stands for: `any` for the sources where Kea looks, in its order, then for those where it does not, so that
 * what is known of clients to Kea is known to us.
 */
const SINGLE_SOURCES: Partial<Readonly<Record<MacSource, readonly SingleSource[]>>> = {
  any: [
    "client-link-addr-option",
    "duid",
    "ipv6-link-local",
    "remote-id",
    "docsis-cmts",
    "docsis-modem",
    "virtual-link-local",
    "subscriber-id",
    "raw",
  ],
  "ipv6-link-local": ["ipv6-link-local", "virtual-link-local"],
};

/** In the order of the sources. */
export function findersOf(sources: readonly MacSource[]): readonly MacFinder[] {
  const singles = sources.flatMap((source) => SINGLE_SOURCES[source] ?? [source as SingleSource]);
  return singles.map((single) => finders[single]);
}

/**
 * The client's first address, which is the one that its leases say.
 * @throws DecodeError when an option of the client that is looked at is broken, unless options are parsed leniently
 */
export function findClientMac(
  message: Message6,
  ingress: Ingress6,
  macFinders: readonly MacFinder[],
): ClientMac | undefined {
  for (const find of macFinders) {
    const found = findLeniently(find, message, ingress);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All of the client's addresses, as `findClientMac`. */
export function findClientMacs(
  message: Message6,
  ingress: Ingress6,
  macFinders: readonly MacFinder[],
): readonly ClientMac[] {
  return macFinders.flatMap((find) => findLeniently(find, message, ingress) ?? []);
}

function findLeniently(find: MacFinder, message: Message6, ingress: Ingress6): ClientMac | undefined {
  return message.isLenient ? unlessBroken(() => find(message, ingress)) : find(message, ingress);
}

/** An address if there are any bytes, but not more than a lease can hold. */
function hardware(address: Uint8Array | undefined, source: HwaddrSource, htype = ETHERNET): ClientMac | undefined {
  if (address === undefined || address.length === 0 || address.length > MAX_HWADDR) return undefined;
  return { address, htype, source };
}

/** RFC 4291 appendix A: an EUI-64 interface identifier made of a MAC address has ff:fe in its middle. */
function linkLocalMac({ relays }: Message6, { source }: Ingress6, isOfMaker: boolean): ClientMac | undefined {
  const key = relays.at(-1)?.peerAddress ?? source;
  if (!isLinkLocal(key)) return undefined;
  const id = toIpv6(key).subarray(8);
  if (id[3] !== 0xff || id[4] !== 0xfe || ((id[0]! & 2) !== 0) !== isOfMaker) return undefined;
  const address = Uint8Array.of(id[0]! ^ 2, id[1]!, id[2]!, id[5]!, id[6]!, id[7]!);
  return hardware(address, HwaddrSource.linkLocal);
}

/** Of 16-bit codes and lengths. */
function subOption(data: Uint8Array, wanted: number): Uint8Array | undefined {
  return decodeSubOptions6(data, "option 17").find(({ code }) => code === wanted)?.data;
}
