/** Writes replies: fixed fields and options of RFC 2131 §2, within what the client and the link can take. */

import { MessageType } from "@kotare/core/dhcp4/message-type";
import { BOOTREPLY, BROADCAST_FLAG, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import { netmask } from "@kotare/core/ip/ipv4";
import { noOptions } from "@kotare/core/options/scope-options";
import { type EffectiveOption, mergeOptions } from "@kotare/core/subnets/effective-options";
import { encodeOptions4, optionWire4 } from "@kotare/core/subnets/option-wire4";
import { computeTeeTimes } from "./lease-terms4.ts";
import type { Reply4 } from "./outcome4.ts";
import type { Query4 } from "./query4.ts";
import { selectVendorOptions } from "./vendor-options4.ts";

/** RFC 2131 §2: what every client must accept, IP and UDP headers included. */
const MINIMUM_MAX_MESSAGE_SIZE = 576;
const IP_AND_UDP_HEADERS = 28;
/** RFC 1542 §2.1: shorter messages may be thrown away by old relays and clients. */
const BOOTP_SIZE = 300;
const SNAME_SIZE = Field4.file - Field4.sname;
const FILE_SIZE = Field4.cookie - Field4.file;

/** What of the configuration concerns every reply. */
export interface ReplySettings {
  readonly echoClientId: boolean;
}

/** The largest UDP payload that the reply may be: the client's word (option 57), else what the link carries. */
export function payloadLimit(query: Query4): number {
  const link = query.ingress.interface.mtu - IP_AND_UDP_HEADERS;
  const asked = query.message.u16(Option4.maxMessageSize);
  if (asked === undefined) return link;
  return Math.min(Math.max(asked, MINIMUM_MAX_MESSAGE_SIZE) - IP_AND_UDP_HEADERS, link);
}

export interface EncodedReply {
  readonly length: number;
  /** Codes of options that found no room. */
  readonly leftOut: readonly number[];
}

const NONE: readonly number[] = [];

/**
 * Encodes at `buffer[start…]`, where `payloadLimit(query)` bytes are free.
 * @returns `undefined` when the reply cannot be made to fit
 */
export function encodeReply(
  query: Query4,
  reply: Reply4,
  settings: ReplySettings,
  buffer: Uint8Array,
  start: number,
  limit: number,
): EncodedReply | undefined {
  writeFixedFields(query, reply, buffer, start);
  const own = encodeOwnOptions(query, reply, settings);
  const tail = encodeTail(query, reply);
  const selection = selectOptions(query, reply);
  const options = start + Field4.options;
  const plain = Field4.options + own.length + selection.wire.length + tail.length + 1;
  if (plain <= limit) {
    buffer.set(own, options);
    buffer.set(selection.wire, options + own.length);
    buffer.set(tail, options + own.length + selection.wire.length);
    return { length: finish(buffer, start, start + plain, limit), leftOut: NONE };
  }
  return encodeOverloaded(buffer, start, limit, own, selection.options, tail);
}

function writeFixedFields(query: Query4, reply: Reply4, buffer: Uint8Array, start: number): void {
  const { message } = query;
  buffer.fill(0, start, start + Field4.options);
  buffer[start + Field4.op] = BOOTREPLY;
  buffer[start + Field4.htype] = message.htype;
  buffer[start + Field4.hlen] = message.hlen;
  const isRelayed = !isDirectInform(query);
  if (isRelayed) buffer[start + Field4.hops] = message.hops;
  writeU32(buffer, start + Field4.xid, message.xid);
  writeU16(buffer, start + Field4.flags, message.flags | (needsBroadcast(query, reply) ? BROADCAST_FLAG : 0));
  if (reply.type === MessageType.DHCPACK) writeU32(buffer, start + Field4.ciaddr, message.ciaddr);
  writeU32(buffer, start + Field4.yiaddr, reply.yiaddr);
  if (isRelayed) writeU32(buffer, start + Field4.giaddr, message.giaddr);
  buffer.set(query.hwaddr, start + Field4.chaddr);
  writeU32(buffer, start + Field4.cookie, MAGIC_COOKIE);
  if (reply.place === undefined) return;
  const { host, subnet } = reply.place;
  const { values } = query.profile;
  const { nextServer, serverHostname, bootFileName } = subnet.parameters;
  writeU32(buffer, start + Field4.siaddr, host?.nextServer ?? values.nextServer ?? nextServer);
  writeText(buffer, start + Field4.sname, host?.serverHostname ?? values.serverHostname ?? serverHostname, SNAME_SIZE);
  writeText(buffer, start + Field4.file, host?.bootFileName ?? values.bootFileName ?? bootFileName, FILE_SIZE);
}

/** RFC 2131 §4.3.5: an INFORM with an address of its own is answered past the relay. */
function isDirectInform({ message }: Query4): boolean {
  return message.type === MessageType.DHCPINFORM && message.ciaddr !== 0;
}

/** RFC 2131 §4.3.2: a NAK that goes through a relay must be broadcast to the client; so must an answer to nobody. */
function needsBroadcast({ message }: Query4, reply: Reply4): boolean {
  if (message.giaddr === 0) return false;
  return reply.type === MessageType.DHCPNAK || (message.type === MessageType.DHCPINFORM && message.ciaddr === 0);
}

/** Options that the exchange itself asks for; they come first. */
function encodeOwnOptions(query: Query4, reply: Reply4, settings: ReplySettings): Uint8Array {
  const scratch = ownScratch;
  let at = 0;
  scratch[at++] = Option4.messageType;
  scratch[at++] = 1;
  scratch[at++] = reply.type;
  at = writeOptionU32(scratch, at, Option4.serverIdentifier, query.serverId);
  if (reply.lifetime !== undefined && reply.place !== undefined) {
    const { subnet } = reply.place;
    at = writeOptionU32(scratch, at, Option4.leaseTime, reply.lifetime);
    const { t1, t2 } = computeTeeTimes(subnet.parameters, reply.lifetime);
    if (t1 !== undefined) at = writeOptionU32(scratch, at, Option4.renewalTime, t1);
    if (t2 !== undefined) at = writeOptionU32(scratch, at, Option4.rebindingTime, t2);
    at = writeOptionU32(scratch, at, Option4.subnetMask, netmask(subnet.prefix.length));
  }
  if (query.clientId !== undefined && settings.echoClientId) {
    at = writeOption(scratch, at, Option4.clientIdentifier, query.clientId);
  }
  return scratch.subarray(0, at);
}

/** Names, what must be echoed, and option 82, which RFC 3046 §2.2 wants last. */
function encodeTail(query: Query4, reply: Reply4): Uint8Array {
  const { message } = query;
  const name = reply.name?.option;
  const link = message.option(Option4.subnetSelection);
  // What we could not read we do not echo, and what is stashed with the lease did not come with this message.
  const isEchoed = query.relay !== undefined && !isDirectInform(query);
  const relay = isEchoed ? message.option(Option4.relayAgentInformation) : undefined;
  if (name === undefined && link === undefined && relay === undefined) return NOTHING;
  const options: EffectiveOption[] = [];
  if (name !== undefined) options.push(name);
  if (link !== undefined) options.push({ code: Option4.subnetSelection, payload: link });
  if (relay !== undefined) options.push({ code: Option4.relayAgentInformation, payload: relay });
  return encodeOptions4(options);
}

const NOTHING = new Uint8Array(0);

function selectOptions(query: Query4, reply: Reply4) {
  if (reply.place === undefined) return NO_SELECTION;
  const { subnet, host } = reply.place;
  const stack = (reply.pool ?? subnet).options;
  const options =
    host === undefined || host.options === noOptions
      ? stack.for(query.profile)
      : stack.under([host.options], query.profile);
  const selection = options.select(query.message.option(Option4.parameterRequestList));
  const vendor = selectVendorOptions(query, options);
  if (vendor.length === 0) return selection;
  const others = selection.options.filter(({ code }) => code !== Option4.vendorOptions);
  return { options: [...others, ...vendor], wire: encodeOptions4([...others, ...vendor]) };
}

const NO_SELECTION = mergeOptions([], optionWire4).select(undefined);

/**
 * RFC 2131 §4.1: options that find no room go into `file` and then `sname`, where these are unused. What finds none
 * there either is left out, the least wanted first: the client listed its wishes in order.
 */
function encodeOverloaded(
  buffer: Uint8Array,
  start: number,
  limit: number,
  own: Uint8Array,
  options: readonly EffectiveOption[],
  tail: Uint8Array,
): EncodedReply | undefined {
  const OVERLOAD_OPTION = 3;
  let at = start + Field4.options;
  let room = limit - Field4.options - own.length - tail.length - OVERLOAD_OPTION - 1;
  if (room < 0) return undefined;
  buffer.set(own, at);
  at += own.length;
  const areas = [
    { bit: 1, at: start + Field4.file, room: FILE_SIZE - 1, isFree: buffer[start + Field4.file] === 0 },
    { bit: 2, at: start + Field4.sname, room: SNAME_SIZE - 1, isFree: buffer[start + Field4.sname] === 0 },
  ];
  let used = 0;
  const leftOut: number[] = [];
  for (const option of options) {
    const wire = encodeOptions4([option]);
    if (wire.length <= room) {
      buffer.set(wire, at);
      at += wire.length;
      room -= wire.length;
      continue;
    }
    const area = areas.find((candidate) => candidate.isFree && wire.length <= candidate.room);
    if (area === undefined) {
      leftOut.push(option.code);
      continue;
    }
    buffer.set(wire, area.at);
    area.at += wire.length;
    area.room -= wire.length;
    used |= area.bit;
  }
  for (const area of areas) if ((used & area.bit) !== 0) buffer[area.at] = Option4.end;
  if (used !== 0) {
    buffer[at++] = Option4.overload;
    buffer[at++] = 1;
    buffer[at++] = used;
  }
  buffer.set(tail, at);
  return { length: finish(buffer, start, at + tail.length + 1, limit), leftOut };
}

/** End option and padding. @param end behind the end option */
function finish(buffer: Uint8Array, start: number, end: number, limit: number): number {
  buffer[end - 1] = Option4.end;
  const padded = Math.max(end, start + Math.min(BOOTP_SIZE, limit));
  buffer.fill(0, end, padded);
  return padded - start;
}

/** Longest: message type, server id, three times, mask, and a client identifier of 255 bytes. */
const ownScratch = new Uint8Array(3 + 5 * 6 + 2 + 255);

function writeOption(buffer: Uint8Array, at: number, code: number, payload: Uint8Array): number {
  buffer[at] = code;
  buffer[at + 1] = payload.length;
  buffer.set(payload, at + 2);
  return at + 2 + payload.length;
}

function writeOptionU32(buffer: Uint8Array, at: number, code: number, value: number): number {
  buffer[at] = code;
  buffer[at + 1] = 4;
  writeU32(buffer, at + 2, value);
  return at + 6;
}

function writeU16(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = value >>> 8;
  buffer[at + 1] = value;
}

function writeU32(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

function writeText(buffer: Uint8Array, at: number, text: string, size: number): void {
  for (let i = 0; i < text.length && i < size; i++) buffer[at + i] = text.charCodeAt(i);
}
