/** What clients of DHCPv6 say, directly or through a relay (RFC 8415 §18.2, §19.1). */
import { readU16, writeU16 } from "@kotare/core/base/big-endian";
import { formatHex } from "@kotare/core/base/hex";
import { IA_ADDRESS_SIZE, IA_PREFIX_SIZE, IA_SIZE } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MESSAGE_HEADER } from "@kotare/core/dhcp6/message6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import { RELAY_HEADER } from "@kotare/core/dhcp6/relay6";
import { formatIpv6 } from "@kotare/core/ip/ipv6";
import type { Address6 } from "@kotare/netio/frames/address6";
import type { Datagram } from "@kotare/netio/transports/datagram";
import { messagesOf, type Plan } from "../plan.ts";
import { ClientMessage6, DUID_LENGTH, DUID_MAC } from "./client-message6.ts";
import { Clients } from "./clients.ts";
import type { Dialogue, Leg, Reading, Reply } from "./dialogue.ts";

const ADDRESS = 16;
/** What a client keeps: an address, the length of a prefix, and the prefix. */
const Kept = { address: 0, length: ADDRESS, prefix: ADDRESS + 1, size: ADDRESS + 1 + ADDRESS } as const;
/** Servers that may answer in one run. */
const MAX_SERVERS = 255;

const LEGS: Readonly<Record<Leg["message"], Leg>> = {
  discover: { message: "discover", name: "SOLICIT-ADVERTISE", isAnswered: true },
  request: { message: "request", name: "REQUEST-REPLY", isAnswered: true },
  renew: { message: "renew", name: "RENEW-REPLY", isAnswered: true },
  release: { message: "release", name: "RELEASE-REPLY", isAnswered: true },
};

export class Dialogue6 implements Dialogue<Address6> {
  readonly legs: readonly Leg[];
  readonly reply: Reply = { number: 0, leg: 0, isGranted: false };
  readonly capacity: number;
  readonly #plan: Plan;
  readonly #clients: Clients;
  /** For each leg, by server; a message to all of them is the first. */
  readonly #messages: ClientMessage6[][];
  readonly #servers: Uint8Array[] = [];
  /** What each was told last. */
  readonly #offers: Uint8Array;
  /** What each has had in a REPLY. */
  readonly #leases: Uint8Array;
  readonly #haveLeases: Uint8Array;
  /** Which server each has its lease from. */
  readonly #serverOf: Uint8Array;
  /** Of the last reply: where the client's DUID and the lease stand in it, -1 for none. */
  #buffer: Uint8Array = new Uint8Array();
  #clientAt = -1;
  #addressAt = -1;
  #prefixAt = -1;
  #server = 0;
  #isFinal = false;

  constructor(plan: Plan) {
    const { exchange, clients } = plan;
    const messages = messagesOf(plan);
    this.legs = messages.map((message) => LEGS[message]);
    if (exchange === "rapid") this.legs = [{ ...LEGS.discover, name: "SOLICIT-REPLY" }, ...this.legs.slice(1)];
    this.#plan = plan;
    this.#clients = new Clients(clients, plan.firstMac);
    this.#messages = this.legs.map(() => []);
    this.capacity = Math.max(...this.legs.map(({ message }) => new ClientMessage6(plan, message, LONGEST_DUID).length));
    this.#offers = new Uint8Array(clients * Kept.size);
    this.#leases = new Uint8Array(clients * Kept.size);
    this.#haveLeases = new Uint8Array(clients);
    this.#serverOf = new Uint8Array(clients);
  }

  write(leg: number, client: number, number: number, buffer: Uint8Array, at: number): number {
    const { message: kind } = this.legs[leg]!;
    const server = kind === "discover" ? 0 : this.#serverOf[client]!;
    this.#messages[leg]![server] ??= new ClientMessage6(this.#plan, kind, this.#servers[server]);
    const message = this.#messages[leg]![server];
    const length = message.template.write(this.#clients, client, buffer, at);
    const { start, linkAt, addressAt, prefixAt } = message;
    buffer[at + start + 1] = number >>> 14;
    writeU16(buffer, at + start + 2, ((number << 2) | leg) & 0xffff);
    if (linkAt >= 0) message.writeLink(client, buffer, at);
    const kept = client * Kept.size;
    if (addressAt >= 0) copy(this.#offers, kept + Kept.address, buffer, at + addressAt, ADDRESS);
    // In an IAPREFIX too the length stands before the prefix.
    if (prefixAt >= 0) copy(this.#offers, kept + Kept.length, buffer, at + prefixAt, 1 + ADDRESS);
    return length;
  }

  read({ buffer, offset, length }: Datagram<Address6>): Reading {
    let at = offset;
    let end = offset + length;
    if (buffer[at] === MessageType6.RELAY_REPL) {
      at = findOption(buffer, at + RELAY_HEADER, end, Option6.relayMessage);
      if (at < 0) return "malformed";
      end = at + readU16(buffer, at - 2);
    }
    if (end - at < MESSAGE_HEADER) return "malformed";
    const type = buffer[at]!;
    if (type !== MessageType6.ADVERTISE && type !== MessageType6.REPLY) return "foreign";
    const options = at + MESSAGE_HEADER;
    const serverAt = findOption(buffer, options, end, Option6.serverId);
    this.#clientAt = findOption(buffer, options, end, Option6.clientId);
    // Both are in every answer (RFC 8415 §18.3.9, §18.3.10).
    if (serverAt < 0 || this.#clientAt < 0) return "malformed";
    this.#server = this.#serverAt(buffer, serverAt, readU16(buffer, serverAt - 2));
    const tail = readU16(buffer, at + 2);
    this.reply.number = (buffer[at + 1]! << 14) | (tail >> 2);
    this.reply.leg = tail & 3;
    this.#buffer = buffer;
    this.#addressAt = findLease(buffer, options, end, Option6.iaNa, Option6.iaAddress, IA_ADDRESS_SIZE);
    this.#prefixAt = findLease(buffer, options, end, Option6.iaPd, Option6.iaPrefix, IA_PREFIX_SIZE);
    this.#isFinal = type === MessageType6.REPLY;
    this.reply.isGranted = this.#isGranted(this.legs[this.reply.leg]);
    return "reply";
  }

  isFor(client: number): boolean {
    const at = this.#clientAt;
    return readU16(this.#buffer, at - 2) === DUID_LENGTH && this.#clients.hasMac(client, this.#buffer, at + DUID_MAC);
  }

  #isGranted(leg: Leg | undefined): boolean {
    if (leg === undefined) return false;
    if (leg.message === "release") return this.#isFinal;
    // Whoever asks for a REPLY at once is not content with an ADVERTISE.
    if (this.#isFinal === (leg.name === LEGS.discover.name)) return false;
    const { ask } = this.#plan;
    return (ask === "prefix" || this.#addressAt >= 0) && (ask === "address" || this.#prefixAt >= 0);
  }

  /** @returns the number of the server with this DUID */
  #serverAt(buffer: Uint8Array, at: number, length: number): number {
    const servers = this.#servers;
    for (let i = 0; i < servers.length; i++) if (isEqual(servers[i]!, buffer, at, length)) return i;
    if (servers.length === MAX_SERVERS) return 0;
    return servers.push(Uint8Array.from(buffer.subarray(at, at + length))) - 1;
  }

  keep(client: number): boolean {
    // A lease that is given back is in no answer.
    if (this.#addressAt < 0 && this.#prefixAt < 0) return false;
    const kept = client * Kept.size;
    const offers = this.#offers;
    if (this.#addressAt >= 0) copy(this.#buffer, this.#addressAt, offers, kept + Kept.address, ADDRESS);
    if (this.#prefixAt >= 0) copy(this.#buffer, this.#prefixAt + 8, offers, kept + Kept.length, 1 + ADDRESS);
    this.#serverOf[client] = this.#server;
    if (!this.#isFinal) return false;
    const isOther = this.hasLease(client) && !isSame(offers, this.#leases, kept, Kept.size);
    this.#haveLeases[client] = 1;
    copy(offers, kept, this.#leases, kept, Kept.size);
    return isOther;
  }

  hasLease(client: number): boolean {
    return this.#haveLeases[client] === 1;
  }

  formatLease(client: number): string {
    const duid = Uint8Array.of(0, 3, 0, 1, ...new Uint8Array(DUID_LENGTH - DUID_MAC));
    this.#clients.writeMac(client, duid, DUID_MAC);
    const { ask } = this.#plan;
    const partAt = (at: number) => formatIpv6(this.#leases.subarray(at, at + ADDRESS));
    const kept = client * Kept.size;
    const address = ask === "prefix" ? "" : partAt(kept + Kept.address);
    const prefix = ask === "address" ? "" : `${partAt(kept + Kept.prefix)}/${this.#leases[kept + Kept.length]}`;
    return `${formatHex(duid)},${address},${prefix}`;
  }
}

const LONGEST_DUID = new Uint8Array(130);

/** @returns where the payload of the first such option begins; -1 when there is none, or it is cut short */
function findOption(buffer: Uint8Array, from: number, end: number, code: number): number {
  for (let at = from; at + OPTION_HEADER <= end; ) {
    const payload = at + OPTION_HEADER;
    const next = payload + readU16(buffer, at + 2);
    if (next > end) return -1;
    if (readU16(buffer, at) === code) return payload;
    at = next;
  }
  return -1;
}

/** @returns where the first lease in an association begins; -1 when there is none */
function findLease(buffer: Uint8Array, from: number, end: number, ia: number, lease: number, size: number): number {
  const at = findOption(buffer, from, end, ia);
  if (at < 0) return -1;
  const found = findOption(buffer, at + IA_SIZE, at + readU16(buffer, at - 2), lease);
  return found >= 0 && readU16(buffer, found - 2) >= size ? found : -1;
}

function isEqual(bytes: Uint8Array, buffer: Uint8Array, at: number, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[i] !== buffer[at + i]) return false;
  return true;
}

function isSame(these: Uint8Array, those: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (these[i] !== those[i]) return false;
  return true;
}

function copy(from: Uint8Array, start: number, to: Uint8Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
}
