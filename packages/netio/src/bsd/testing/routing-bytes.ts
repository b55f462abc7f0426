/** Makes what a routing socket gives, by the layout of a kernel's headers: there is no such kernel here to record it from. */

import { LITTLE } from "../../byte-order.ts";
import type { Interface } from "../../interfaces/interface.ts";
import type { KernelLayout } from "../kernel-layout.ts";

const LINK_FAMILY = 18;
const ETHERNET_TYPE = 6;
const OTHER_TYPE = 1;
/** The room for name and address in a link's socket address. */
const LINK_ROOM = 12;

/** Each interface, and behind it its addresses. */
export function encodeInterfaces(layout: KernelLayout, links: Iterable<Interface>): Uint8Array {
  return Buffer.concat(
    [...links].flatMap((link) => [
      encodeInterface(layout, link),
      ...link.ipv4.map(({ address, prefixLength }) => {
        const bytes = new Uint8Array(4);
        new DataView(bytes.buffer).setUint32(0, address);
        return encodeAddress(layout, link.index, bytes, prefixLength);
      }),
      ...link.ipv6.map(({ address, prefixLength }) => encodeAddress(layout, link.index, address, prefixLength)),
    ]),
  );
}

function encodeInterface(layout: KernelLayout, link: Interface): Uint8Array {
  const header = new DataView(new ArrayBuffer(layout.interfaceHeader));
  const flags =
    (link.up ? layout.flagUp : 0) |
    (link.broadcast ? layout.flagBroadcast : 0) |
    (link.loopback ? layout.flagLoopback : 0) |
    (link.running ? layout.flagRunning : 0) |
    (link.multicast ? layout.flagMulticast : 0);
  header.setInt32(layout.interfaceAddresses, 1 << layout.linkBit, LITTLE);
  header.setUint32(layout.interfaceFlags, flags, LITTLE);
  header.setUint16(layout.interfaceIndex, link.index, LITTLE);
  header.setUint32(layout.interfaceMtu, link.mtu, LITTLE);
  const name = Buffer.from(link.name);
  const data = layout.linkData;
  const address = new Uint8Array(data + Math.max(LINK_ROOM, name.length + link.mac.length));
  address[0] = address.length;
  address[layout.socketFamily] = LINK_FAMILY;
  address[layout.linkType] = link.type === 1 ? ETHERNET_TYPE : OTHER_TYPE;
  address[layout.linkNameLength] = name.length;
  address[layout.linkAddressLength] = link.mac.length;
  address.set(name, data);
  address.set(link.mac, data + name.length);
  return message(layout, layout.typeInterface, header, [address]);
}

function encodeAddress(layout: KernelLayout, index: number, ip: Uint8Array, prefixLength: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(layout.addressHeader));
  header.setInt32(layout.addressAddresses, (1 << layout.netmaskBit) | (1 << layout.addressBit), LITTLE);
  header.setUint16(layout.addressIndex, index, LITTLE);
  const [family, at, size] =
    ip.length === 4
      ? [layout.familyInternet, layout.socketAddress, 16]
      : [layout.familyInternet6, layout.socketAddress6, 28];
  const own = new Uint8Array(size);
  own[0] = size;
  own[layout.socketFamily] = family;
  own.set(ip, at);
  // Without the zeros at its end, and without anything where all is zero.
  const whole = Math.ceil(prefixLength / 8);
  const netmask = new Uint8Array(whole === 0 ? 0 : at + whole);
  for (let bit = 0; bit < prefixLength; bit++) netmask[at + (bit >> 3)]! |= 0x80 >> (bit & 7);
  if (netmask.length > 0) netmask[0] = netmask.length;
  return message(layout, layout.typeNewAddress, header, [netmask, own]);
}

function message(
  layout: KernelLayout,
  type: number,
  header: DataView<ArrayBuffer>,
  addresses: readonly Uint8Array[],
): Uint8Array {
  const padded = addresses.map((bytes) => {
    const { addressUnit } = layout;
    return Buffer.concat([
      bytes,
      Buffer.alloc(Math.max(1, Math.ceil(bytes.length / addressUnit)) * addressUnit - bytes.length),
    ]);
  });
  const bytes = Buffer.concat([new Uint8Array(header.buffer), ...padded]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint16(layout.messageLength, bytes.length, LITTLE);
  view.setUint8(layout.messageType, type);
  return bytes;
}
