/** Reads interfaces and their addresses out of the messages of routing sockets and of sysctl(3) (route(4)). */

import { readU32 } from "../big-endian.ts";
import { LITTLE } from "../byte-order.ts";
import type { Interfaces, UnfinishedInterface } from "../interfaces/interface.ts";
import type { KernelLayout } from "./kernel-layout.ts";

/** Of the numbers that IANA gives to kinds of interfaces: those whose frames are Ethernet's. */
const ETHERNET_LIKE = new Set([6 /* ethernetCsmacd */, 135 /* l2vlan */, 161 /* ieee8023adLag */, 209 /* bridge */]);
/** ARP hardware types. */
const ETHERNET = 1;
const OTHER = 0xffff;

const ADDRESS4 = 4;
const ADDRESS6 = 16;

/** Whether the message says that an interface or an address of one has changed. */
export function isAboutInterfaces(message: Uint8Array, layout: KernelLayout): boolean {
  const type = message[layout.messageType];
  const { typeInterface, typeNewAddress, typeOldAddress, typeChangedAddress, typeAnnounce } = layout;
  return (
    type !== undefined &&
    [typeInterface, typeNewAddress, typeOldAddress, typeChangedAddress, typeAnnounce].includes(type)
  );
}

/**
 * @param messages one behind the other: each interface, and behind it its addresses
 * @param isTentative asks the kernel about an IPv6 address
 * @throws when a length cannot be
 */
export function decodeInterfaces(
  messages: Uint8Array,
  layout: KernelLayout,
  isTentative: (interfaceName: string, address: Uint8Array) => boolean,
): Interfaces {
  const links = new Map<number, UnfinishedInterface>();
  const view = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);
  for (let at = 0; at + layout.messageType < messages.length; ) {
    const length = view.getUint16(at + layout.messageLength, LITTLE);
    if (length <= layout.messageType || at + length > messages.length) {
      throw new Error(`sysctl(NET_RT_IFLIST): message of ${length} bytes`);
    }
    const message = new DataView(messages.buffer, messages.byteOffset + at, length);
    const type = message.getUint8(layout.messageType);
    if (type === layout.typeInterface) readInterface(message, layout, links);
    else if (type === layout.typeNewAddress) readAddress(message, layout, links, isTentative);
    at += length;
  }
  return links;
}

function readInterface(message: DataView, layout: KernelLayout, links: Map<number, UnfinishedInterface>): void {
  if (message.byteLength < layout.interfaceHeader) return;
  const present = message.getInt32(layout.interfaceAddresses, LITTLE);
  const link = readSocketAddresses(message, layout.interfaceHeader, present, layout)[layout.linkBit];
  // What has no name yet, or none any more, is on its way.
  if (link === undefined || link.byteLength < layout.linkData) return;
  const nameLength = link.getUint8(layout.linkNameLength);
  const macEnd = layout.linkData + nameLength + link.getUint8(layout.linkAddressLength);
  if (nameLength === 0 || macEnd > link.byteLength) return;
  const data = new Uint8Array(link.buffer, link.byteOffset, macEnd).subarray(layout.linkData);
  const index = message.getUint16(layout.interfaceIndex, LITTLE);
  const flags = message.getUint32(layout.interfaceFlags, LITTLE);
  links.set(index, {
    index,
    name: Buffer.from(data.subarray(0, nameLength)).toString(),
    up: (flags & layout.flagUp) !== 0,
    running: (flags & layout.flagRunning) !== 0 && hasCarrier(message, layout),
    loopback: (flags & layout.flagLoopback) !== 0,
    broadcast: (flags & layout.flagBroadcast) !== 0,
    multicast: (flags & layout.flagMulticast) !== 0,
    mtu: message.getUint32(layout.interfaceMtu, LITTLE),
    type: ETHERNET_LIKE.has(link.getUint8(layout.linkType)) ? ETHERNET : OTHER,
    mac: data.slice(nameLength),
    master: undefined,
    vlan: undefined,
    ipv4: [],
    ipv6: [],
  });
}

/** Where it is unknown there is nothing that could be pulled out. */
function hasCarrier(message: DataView, { interfaceLinkState, linkStateUp }: KernelLayout): boolean {
  if (interfaceLinkState < 0) return true;
  const state = message.getUint8(interfaceLinkState);
  return state === 0 || state >= linkStateUp;
}

function readAddress(
  message: DataView,
  layout: KernelLayout,
  links: ReadonlyMap<number, UnfinishedInterface>,
  isTentative: (interfaceName: string, address: Uint8Array) => boolean,
): void {
  if (message.byteLength < layout.addressHeader) return;
  const present = message.getInt32(layout.addressAddresses, LITTLE);
  const found = readSocketAddresses(message, layout.addressHeader, present, layout);
  const link = links.get(message.getUint16(layout.addressIndex, LITTLE));
  const own = found[layout.addressBit];
  if (link === undefined || own === undefined || own.byteLength <= layout.socketFamily) return;
  const family = own.getUint8(layout.socketFamily);
  const netmask = found[layout.netmaskBit];
  if (family === layout.familyInternet) {
    const address = readPadded(own, layout.socketAddress, ADDRESS4);
    link.ipv4.push({
      address: readU32(address, 0),
      prefixLength: prefixLengthOf(netmask, layout.socketAddress, ADDRESS4),
    });
  } else if (family === layout.familyInternet6) {
    const address = withoutScope(readPadded(own, layout.socketAddress6, ADDRESS6));
    const prefixLength = prefixLengthOf(netmask, layout.socketAddress6, ADDRESS6);
    link.ipv6.push({ address, prefixLength, tentative: isTentative(link.name, address) });
  }
}

/** What stands behind a header, by the number of its bit. Each begins with its length, which is 0 for one of zeros only. */
function readSocketAddresses(
  message: DataView,
  header: number,
  present: number,
  { addressUnit }: KernelLayout,
): readonly (DataView | undefined)[] {
  const found: (DataView | undefined)[] = [];
  let at = header;
  for (let bit = 0; bit < 32 && at < message.byteLength; bit++) {
    if ((present & (1 << bit)) === 0) continue;
    const length = message.getUint8(at);
    if (at + length > message.byteLength) break;
    found[bit] = new DataView(message.buffer, message.byteOffset + at, length);
    at += Math.max(1, Math.ceil(length / addressUnit)) * addressUnit;
  }
  return found;
}

/** The kernel leaves away zeros at the end. */
function readPadded(socketAddress: DataView, from: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const { buffer, byteOffset, byteLength } = socketAddress;
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength).subarray(from, from + size));
  return bytes;
}

/** The family of a netmask is not always set. */
function prefixLengthOf(netmask: DataView | undefined, from: number, size: number): number {
  if (netmask === undefined) return 8 * size;
  const bytes = readPadded(netmask, from, size);
  const partial = bytes.findIndex((byte) => byte !== 0xff);
  return partial < 0 ? 8 * size : 8 * partial + Math.clz32(~(bytes[partial]! << 24));
}

/** These kernels keep the number of the interface within a link-local address (RFC 4291 §2.5.6 wants zeros there). */
function withoutScope(address: Uint8Array): Uint8Array {
  if (address[0] === 0xfe && (address[1]! & 0xc0) === 0x80) address.fill(0, 2, 4);
  return address;
}
