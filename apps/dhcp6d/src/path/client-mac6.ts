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

type Finder = (message: Message6, ingress: Ingress6) => ClientMac | undefined;

/** Where an address may stand; `virtual-link-local` is a link-local address that is made of one without a maker. */
type SingleSource = Exclude<MacSource, "any"> | "virtual-link-local";

const finders: Readonly<Record<SingleSource, Finder>> = {
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

/**
 * The client's addresses in the order of the sources; the first is the one that its leases say.
 * @throws DecodeError when an option of the client that is looked at is broken, unless options are parsed leniently
 */
export function* findClientMacs(
  message: Message6,
  ingress: Ingress6,
  sources: readonly MacSource[],
): Generator<ClientMac, undefined> {
  for (const source of sources) {
    for (const single of SINGLE_SOURCES[source] ?? [source as SingleSource]) {
      const found = message.leniently(() => finders[single](message, ingress));
      if (found !== undefined) yield found;
    }
  }
  return undefined;
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
