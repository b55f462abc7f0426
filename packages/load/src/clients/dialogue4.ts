/** What clients of DHCPv4 say (RFC 2131 §4.4). */
import { readU32, writeU32 } from "@kotare/core/base/big-endian";
import { formatHex } from "@kotare/core/base/hex";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREPLY, Field4, Option4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Datagram } from "@kotare/netio/transports/datagram";
import { messagesOf, type Plan } from "../plan.ts";
import { ClientMessage4 } from "./client-message4.ts";
import { Clients, MAC_LENGTH } from "./clients.ts";
import type { Dialogue, Leg, Reply } from "./dialogue.ts";

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
  readonly #addresses: Uint32Array;
  /** Those who had an ACK. */
  readonly #haveLeases: Uint8Array;
  #offered = 0;
  #server = 0;
  #isAck = false;

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
    this.#haveLeases = new Uint8Array(plan.clients);
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

  read({ buffer, offset, length }: Datagram): boolean {
    if (length < Field4.options || buffer[offset] !== BOOTREPLY) return false;
    const xid = readU32(buffer, offset + Field4.xid);
    if ((xid & SALT_MASK) >>> 0 !== this.#salt) return false;
    const end = offset + length;
    let type = 0;
    for (let at = offset + Field4.options; at + 1 < end && buffer[at] !== Option4.end; ) {
      const code = buffer[at]!;
      if (code === Option4.pad) {
        at++;
        continue;
      }
      if (code === Option4.messageType) type = buffer[at + 2]!;
      else if (code === Option4.serverIdentifier) this.#server = readU32(buffer, at + 2);
      at += 2 + buffer[at + 1]!;
    }
    if (type !== MessageType4.DHCPOFFER && type !== MessageType4.DHCPACK && type !== MessageType4.DHCPNAK) return false;
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
    return true;
  }

  keep(client: number): void {
    this.#addresses[client] = this.#offered;
    if (this.#isAck) this.#haveLeases[client] = 1;
  }

  hasLease(client: number): boolean {
    return this.#haveLeases[client] === 1;
  }

  formatLease(client: number): string {
    const mac = new Uint8Array(MAC_LENGTH);
    this.#clients.writeMac(client, mac, 0);
    return `${formatHex(mac)},${formatIpv4(this.#addresses[client]!)},`;
  }
}
