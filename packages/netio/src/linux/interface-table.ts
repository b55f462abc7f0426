/** Reads links and addresses out of rtnetlink dumps (rtnetlink(7), netlink(7)). */

import { LITTLE } from "../byte-order.ts";
import type { Interface, Interfaces, UnfinishedInterface } from "../interfaces/interface.ts";
import { systemError } from "../system-error.ts";
import {
  encodeMessage,
  errorOf,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  readAttributes,
  readMessages,
} from "./netlink-message.ts";

const LINK_HEADER = 16;
const ADDRESS_HEADER = 8;

const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;

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

const IFF_UP = 0x1;
const IFF_BROADCAST = 0x2;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;
const IFF_MULTICAST = 0x1000;
const IFA_F_TENTATIVE = 0x40;
const AF_INET = 2;
const AF_INET6 = 10;

/** Bytes of the request for a dump of `type`: all families, all links. */
export function encodeDumpRequest(type: number): Uint8Array {
  return encodeMessage({ type, flags: NLM_F_DUMP, sequence: 0 }, new Uint8Array(LINK_HEADER));
}

/** Collects the pieces of a link dump, then of an address dump. */
export class InterfaceTable {
  readonly #links = new Map<number, UnfinishedInterface>();
  /** Something changed during a dump: this table may be neither the old state nor the new. */
  interrupted = false;

  /** By index. */
  get interfaces(): Interfaces {
    return this.#links;
  }

  /**
   * Reads a piece of a dump; true when it was the last.
   * @throws a `SystemError` when the kernel answers with one.
   */
  read(bytes: Uint8Array): boolean {
    for (const { type, flags, body } of readMessages(bytes)) {
      if ((flags & NLM_F_DUMP_INTR) !== 0) this.interrupted = true;
      if (type === NLMSG_DONE) return true;
      if (type === NLMSG_ERROR) throw systemError("recvmsg(NETLINK_ROUTE)", errorOf(body));
      if (type === RTM_NEWLINK) this.#readLink(body);
      else if (type === RTM_NEWADDR) this.#readAddress(body);
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
      broadcast: (flags & IFF_BROADCAST) !== 0,
      multicast: (flags & IFF_MULTICAST) !== 0,
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
