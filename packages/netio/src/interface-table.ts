/** Reads links and addresses out of rtnetlink dumps (rtnetlink(7), netlink(7)). */

import { systemError } from "./system-error.ts";

export interface Interface {
  readonly index: number;
  readonly name: string;
  /** Set up by the administrator. */
  readonly up: boolean;
  /** Up and with a carrier. */
  readonly running: boolean;
  readonly loopback: boolean;
  readonly mtu: number;
  /** ARP hardware type: 1 is Ethernet. */
  readonly type: number;
  /** Empty for links without an address. */
  readonly mac: Uint8Array;
  /** The bridge or bond that it belongs to. */
  readonly master: number | undefined;
  readonly vlan: { readonly id: number; readonly parent: number } | undefined;
  /** In the kernel's order: the first is the primary one. */
  readonly ipv4: readonly InterfaceAddress4[];
  readonly ipv6: readonly InterfaceAddress6[];
}

export interface InterfaceAddress4 {
  /** Unsigned 32-bit number. */
  readonly address: number;
  readonly prefixLength: number;
}

export interface InterfaceAddress6 {
  /** 16 bytes. */
  readonly address: Uint8Array;
  readonly prefixLength: number;
  /** Duplicate address detection has not ended: it cannot be bound yet. */
  readonly tentative: boolean;
}

const MESSAGE_HEADER = 16;
const LINK_HEADER = 16;
const ADDRESS_HEADER = 8;

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;
const NLM_F_REQUEST = 1;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_DUMP = 0x300;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_VLAN_ID = 1;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_FLAGS = 8;
/** The two high bits of an attribute's type are flags. */
const ATTRIBUTE_TYPE = 0x3fff;

const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;
const IFA_F_TENTATIVE = 0x40;
const AF_INET = 2;
const AF_INET6 = 10;

/** Netlink numbers have the machine's byte order. */
const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Bytes of the request for a dump of `type`. */
export function encodeDumpRequest(type: number): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_HEADER + LINK_HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, LITTLE);
  view.setUint16(4, type, LITTLE);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, LITTLE);
  return bytes;
}

type Link = Omit<Interface, "ipv4" | "ipv6"> & { ipv4: InterfaceAddress4[]; ipv6: InterfaceAddress6[] };

/** Collects the pieces of a link dump, then of an address dump. */
export class InterfaceTable {
  readonly #links = new Map<number, Link>();
  /** Something changed during a dump: this table may be neither the old state nor the new. */
  interrupted = false;

  /** By index. */
  get interfaces(): ReadonlyMap<number, Interface> {
    return this.#links;
  }

  /**
   * Reads a piece of a dump; true when it was the last.
   * @throws a `SystemError` when the kernel answers with one.
   */
  read(bytes: Uint8Array): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + MESSAGE_HEADER <= bytes.length; ) {
      const length = view.getUint32(at, LITTLE);
      if (length < MESSAGE_HEADER || at + length > bytes.length)
        throw new Error(`rtnetlink: message of ${length} bytes`);
      const type = view.getUint16(at + 4, LITTLE);
      if ((view.getUint16(at + 6, LITTLE) & NLM_F_DUMP_INTR) !== 0) this.interrupted = true;
      if (type === NLMSG_DONE) return true;
      const body = new DataView(view.buffer, view.byteOffset + at + MESSAGE_HEADER, length - MESSAGE_HEADER);
      if (type === NLMSG_ERROR) throw systemError("recvmsg(NETLINK_ROUTE)", body.getInt32(0, LITTLE));
      if (type === RTM_NEWLINK) this.#readLink(body);
      else if (type === RTM_NEWADDR) this.#readAddress(body);
      at += (length + 3) & ~3;
    }
    return false;
  }

  #readLink(body: DataView): void {
    const attributes = readAttributes(body, LINK_HEADER);
    const index = body.getInt32(4, LITTLE);
    const flags = body.getUint32(8, LITTLE);
    const master = attributes.get(IFLA_MASTER)?.getUint32(0, LITTLE);
    this.#links.set(index, {
      index,
      name: readString(attributes.get(IFLA_IFNAME)),
      up: (flags & IFF_UP) !== 0,
      running: (flags & IFF_RUNNING) !== 0,
      loopback: (flags & IFF_LOOPBACK) !== 0,
      mtu: attributes.get(IFLA_MTU)?.getUint32(0, LITTLE) ?? 0,
      type: body.getUint16(2, LITTLE),
      mac: copyBytes(attributes.get(IFLA_ADDRESS)),
      master,
      vlan: readVlan(attributes),
      ipv4: [],
      ipv6: [],
    });
  }

  #readAddress(body: DataView): void {
    const attributes = readAttributes(body, ADDRESS_HEADER);
    const link = this.#links.get(body.getUint32(4, LITTLE));
    // On a point-to-point link IFA_ADDRESS is the other end.
    const address = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
    if (link === undefined || address === undefined) return;
    const family = body.getUint8(0);
    const prefixLength = body.getUint8(1);
    const flags = attributes.get(IFA_FLAGS)?.getUint32(0, LITTLE) ?? body.getUint8(2);
    if (family === AF_INET) link.ipv4.push({ address: address.getUint32(0), prefixLength });
    if (family === AF_INET6) {
      link.ipv6.push({ address: copyBytes(address), prefixLength, tentative: (flags & IFA_F_TENTATIVE) !== 0 });
    }
  }
}

function readVlan(link: Map<number, DataView>): Interface["vlan"] {
  const info = link.get(IFLA_LINKINFO);
  const parent = link.get(IFLA_LINK);
  if (info === undefined || parent === undefined) return undefined;
  const attributes = readAttributes(info, 0);
  const data = attributes.get(IFLA_INFO_DATA);
  if (data === undefined || readString(attributes.get(IFLA_INFO_KIND)) !== "vlan") return undefined;
  const id = readAttributes(data, 0).get(IFLA_VLAN_ID);
  return id === undefined ? undefined : { id: id.getUint16(0, LITTLE), parent: parent.getInt32(0, LITTLE) };
}

/** Type → value. Of one type twice the last counts. */
function readAttributes(view: DataView, from: number): Map<number, DataView> {
  const attributes = new Map<number, DataView>();
  for (let at = from; at + 4 <= view.byteLength; ) {
    const length = view.getUint16(at, LITTLE);
    if (length < 4 || at + length > view.byteLength) break;
    const value = new DataView(view.buffer, view.byteOffset + at + 4, length - 4);
    attributes.set(view.getUint16(at + 2, LITTLE) & ATTRIBUTE_TYPE, value);
    at += (length + 3) & ~3;
  }
  return attributes;
}

function readString(value: DataView | undefined): string {
  if (value === undefined) return "";
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  return text.endsWith("\0") ? text.slice(0, -1) : text;
}

function copyBytes(value: DataView | undefined): Uint8Array {
  return value === undefined
    ? new Uint8Array(0)
    : new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
}
