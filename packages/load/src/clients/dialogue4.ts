/** What clients of DHCPv4 say (RFC 2131 §4.4). */
import { readU32, writeU32 } from "@kotare/core/base/big-endian";
import { formatHex } from "@kotare/core/base/hex";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREPLY, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Datagram } from "@kotare/netio/transports/datagram";
import { messagesOf, type Plan } from "../plan.ts";
import { ClientMessage4 } from "./client-message4.ts";
import { Clients, MAC_LENGTH } from "./clients.ts";
import type { Dialogue, Leg, Reading, Reply } from "./dialogue.ts";

/** A transaction id: the run, the exchange's number and its leg, where REQUEST has that of DISCOVER (RFC 2131 §4.4.1). */
const SALT_MASK = 0xff00_0000;
const NUMBER_MASK = 0x00ff_fffc;
const LEG_MASK = 3;

const LEGS: Readonly<Record<Leg["message"], Leg>> = {
  discover: { message: "discover", name: "DISCOVER-OFFER", isAnswered: true },
  request: { message: "request", name: "REQUEST-ACK", isAnswered: true },
  renew: { message: "renew", name: "REQUEST-ACK (renewal)", isAnswered: true },
  release: { message: "release", name: "RELEASE", isAnswered: false },
};

export class Dialogue4 implements Dialogue<number> {
  readonly legs: readonly Leg[];
  readonly reply: Reply = { number: 0, leg: 0, isGranted: false };
  readonly capacity: number;
  readonly #clients: Clients;
  readonly #relays: Uint32Array;
  readonly #messages: readonly ClientMessage4[];
  /** Of all transaction ids of this run. */
  readonly #salt: number;
  /** The leg that ends with the ACK of an exchange that began with DISCOVER. */
  readonly #requestLeg: number;
  /** What each was told last. */
  readonly #addresses: Uint32Array;
  /** What each has an ACK for; 0 for none. */
  readonly #leases: Uint32Array;
  /** Of the last reply. */
  #offered = 0;
  #server = 0;
  #isAck = false;
  #buffer: Uint8Array = new Uint8Array();
  #macAt = 0;

  /** @param salt any number of 8 bits: who plays at the same time should have another */
  constructor(plan: Plan, salt: number) {
    const messages = messagesOf(plan);
    this.legs = messages.map((message) => LEGS[message]);
    if (plan.exchange === "rapid") this.legs = [{ ...LEGS.discover, name: "DISCOVER-ACK" }, ...this.legs.slice(1)];
    this.#requestLeg = messages.includes("request") ? 1 : 0;
    this.#clients = new Clients(plan.clients, plan.firstMac);
    this.#relays = Uint32Array.from(plan.relays, (text) => parseIpv4(text)!);
    this.#messages = this.legs.map(({ message }) => new ClientMessage4(plan, message));
    this.capacity = Math.max(...this.#messages.map(({ length }) => length));
    this.#salt = (salt << 24) >>> 0;
    this.#addresses = new Uint32Array(plan.clients);
    this.#leases = new Uint32Array(plan.clients);
  }

  write(leg: number, client: number, number: number, buffer: Uint8Array, at: number): number {
    const message = this.#messages[leg]!;
    const length = message.template.write(this.#clients, client, buffer, at);
    writeU32(buffer, at + Field4.xid, (this.#salt | (number << 2) | (leg === this.#requestLeg ? 0 : leg)) >>> 0);
    if (this.#relays.length > 0) writeU32(buffer, at + Field4.giaddr, this.#relays[client % this.#relays.length]!);
    if (message.addressAt >= 0) writeU32(buffer, at + message.addressAt, this.#addresses[client]!);
    if (message.serverAt >= 0) writeU32(buffer, at + message.serverAt, this.#server);
    return length;
  }

  read({ buffer, offset, length }: Pick<Datagram, "buffer" | "offset" | "length">): Reading {
    if (length < Field4.options) return "malformed";
    if (buffer[offset] !== BOOTREPLY) return "foreign";
    const xid = readU32(buffer, offset + Field4.xid);
    if ((xid & SALT_MASK) >>> 0 !== this.#salt) return "foreign";
    const type = this.#readOptions(buffer, offset, offset + length);
    if (type !== MessageType4.DHCPOFFER && type !== MessageType4.DHCPACK && type !== MessageType4.DHCPNAK) {
      return "malformed";
    }
    this.#buffer = buffer;
    this.#macAt = offset + Field4.chaddr;
    this.#offered = readU32(buffer, offset + Field4.yiaddr);
    this.#isAck = type === MessageType4.DHCPACK;
    const isOffer = type === MessageType4.DHCPOFFER;
    const { reply } = this;
    reply.number = (xid & NUMBER_MASK) >> 2;
    const leg = xid & LEG_MASK;
    reply.leg = leg === 0 && !isOffer ? this.#requestLeg : leg;
    // Whoever asks for an ACK at once is not content with an offer.
    const isExpected = isOffer ? this.legs[0]!.name === LEGS.discover.name : this.#isAck;
    reply.isGranted = isExpected && this.#offered !== 0;
    return "reply";
  }

  /** @returns the message's type; 0 where it has none, or an option is cut short */
  #readOptions(buffer: Uint8Array, start: number, end: number): number {
    if (readU32(buffer, start + Field4.cookie) !== MAGIC_COOKIE) return 0;
    let type = 0;
    for (let at = start + Field4.options; at < end && buffer[at] !== Option4.end; ) {
      const code = buffer[at]!;
      if (code === Option4.pad) {
        at++;
        continue;
      }
      const next = at + 2 + buffer[at + 1]!;
      if (at + 1 >= end || next > end) return 0;
      if (code === Option4.messageType) type = buffer[at + 2]!;
      else if (code === Option4.serverIdentifier) this.#server = readU32(buffer, at + 2);
      at = next;
    }
    return type;
  }

  isFor(client: number): boolean {
    return this.#clients.hasMac(client, this.#buffer, this.#macAt);
  }

  keep(client: number): boolean {
    this.#addresses[client] = this.#offered;
    if (!this.#isAck) return false;
    const before = this.#leases[client]!;
    this.#leases[client] = this.#offered;
    return before !== 0 && before !== this.#offered;
  }

  hasLease(client: number): boolean {
    return this.#leases[client] !== 0;
  }

  formatLease(client: number): string {
    const mac = new Uint8Array(MAC_LENGTH);
    this.#clients.writeMac(client, mac, 0);
    return `${formatHex(mac)},${formatIpv4(this.#leases[client]!)},`;
  }
}
