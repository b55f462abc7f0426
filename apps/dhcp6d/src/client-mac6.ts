/** A client's hardware address, which DHCPv6 does not carry of itself: Kea's `mac-sources`, in the configured order. */
import { unlessBroken } from "@kotare/core/base/decode-error";
import type { MacSource } from "@kotare/core/config/schema/server-id";
import { linkLayerOf } from "@kotare/core/dhcp6/duid";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { decodeSubOptions6 } from "@kotare/core/dhcp6/options/sub-options6";
import { type Ipv6Key, isLinkLocal, toIpv6 } from "@kotare/core/ip/ipv6-key";
import { HwaddrSource } from "@kotare/core/leases/lease6";
import type { ClientMac, Ingress6 } from "./query6.ts";

const ETHERNET = 1;
/** Bytes of a hardware address that a lease has room for. */
const MAX_HWADDR = 20;
/** DOCSIS options of CableLabs' vendor space: what a cable modem and its head end tell. */
const CABLELABS = 4491;
const MODEM_MAC = 36;
const CMTS_CM_MAC = 1026;

type Finder = (message: Message6, ingress: Ingress6) => ClientMac | undefined;

const finders: Readonly<Record<Exclude<MacSource, "any">, Finder>> = {
  raw: ({ isRelayed }, { sourceMac }) => (isRelayed ? undefined : hardware(sourceMac, HwaddrSource.raw)),
  duid: ({ clientId }) => {
    const found = clientId && linkLayerOf(clientId);
    return found && hardware(found.address, HwaddrSource.duid, found.htype);
  },
  "ipv6-link-local": (message, { source }) =>
    hardware(macOfInterfaceId(message.relays.at(-1)?.peerAddress ?? source), HwaddrSource.linkLocal),
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

/** Kea's order for `any`. */
const ANY: readonly Exclude<MacSource, "any">[] = [
  "raw",
  "client-link-addr-option",
  "duid",
  "ipv6-link-local",
  "remote-id",
  "subscriber-id",
  "docsis-cmts",
  "docsis-modem",
];

/** @throws DecodeError when an option of the client that is looked at is broken, unless options are parsed leniently */
export function findClientMac(
  message: Message6,
  ingress: Ingress6,
  sources: readonly MacSource[],
): ClientMac | undefined {
  for (const source of sources) {
    for (const kind of source === "any" ? ANY : [source]) {
      const found = message.leniently(() => finders[kind](message, ingress));
      if (found !== undefined) return found;
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
function macOfInterfaceId(key: Ipv6Key): Uint8Array | undefined {
  if (!isLinkLocal(key)) return undefined;
  const id = toIpv6(key).subarray(8);
  if (id[3] !== 0xff || id[4] !== 0xfe) return undefined;
  return Uint8Array.of(id[0]! ^ 2, id[1]!, id[2]!, id[5]!, id[6]!, id[7]!);
}

/** Of 16-bit codes and lengths. */
function subOption(data: Uint8Array, wanted: number): Uint8Array | undefined {
  return decodeSubOptions6(data, "option 17").find(({ code }) => code === wanted)?.data;
}
