/** Writes replies: fixed fields and options of RFC 2131 §2, within what the client and the link can take. */

import { writeU16, writeU32 } from "@kotare/core/base/big-endian";
import { MessageType } from "@kotare/core/dhcp4/message-type";
import { BOOTREPLY, BROADCAST_FLAG, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import { netmask } from "@kotare/core/ip/ipv4";
import { noOptions } from "@kotare/core/options/scope-options";
import { type EffectiveOption, mergeOptions } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions4, optionWire4 } from "@kotare/core/subnets/options/option-wire4";
import { computeTeeTimes } from "../handlers/lease-terms4.ts";
import type { Reply4 } from "../path/outcome4.ts";
import { nakServerId } from "../path/place4.ts";
import type { Query4 } from "../path/query4.ts";
import { interleaveOptions } from "./interleave-options.ts";
import { withVendorOptions4 } from "./vendor-options4.ts";

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
  const own = ownScratch.subarray(0, writeOwnOptions(query, reply, settings));
  const behind = writeTail(query, own.length);
  const tail = behind === own.length ? NOTHING : ownScratch.subarray(own.length, behind);
  const selection = selectOptions(query, reply);
  const end = start + limit;
  // Nothing that the configured options could lose to the own ones is counted off.
  if (start + FIRST_OPTIONS + own.length + selection.wire.length + tail.length + 1 > end) {
    return encodeOverloaded(buffer, start, limit, reply.type, own, selection.options, tail);
  }
  const at = interleaveOptions(own, selection.wire, buffer, writeType(buffer, start, reply.type));
  if (tail !== NOTHING) buffer.set(tail, at);
  return { length: finish(buffer, start, at + tail.length + 1, limit), leftOut: NONE };
}

const NOTHING = new Uint8Array(0);

/** Fixed fields and message type. */
const FIRST_OPTIONS = Field4.options + 3;

/** As in Kea the message type comes first. @returns the offset behind it */
function writeType(buffer: Uint8Array, start: number, type: number): number {
  buffer[start + Field4.options] = Option4.messageType;
  buffer[start + Field4.options + 1] = 1;
  buffer[start + Field4.options + 2] = type;
  return start + FIRST_OPTIONS;
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

/**
 * Writes the options that the exchange itself gives at the beginning of the scratch, in the order of their codes.
 * @returns their length
 */
function writeOwnOptions(query: Query4, reply: Reply4, settings: ReplySettings): number {
  const name = reply.name?.option;
  const link = query.message.option(Option4.subnetSelection);
  const parameters = reply.lifetime === undefined ? undefined : reply.place?.subnet.parameters;
  const times = parameters && computeTeeTimes(parameters, reply.lifetime!);
  let at = 0;
  if (parameters !== undefined) at = writeU32Option(at, Option4.subnetMask, netmask(reply.place!.subnet.prefix.length));
  if (name?.code === Option4.hostName) at = writeOption(at, name.code, name.payload);
  if (parameters !== undefined) at = writeU32Option(at, Option4.leaseTime, reply.lifetime!);
  at = writeU32Option(
    at,
    Option4.serverIdentifier,
    reply.type === MessageType.DHCPNAK ? nakServerId(query) : query.serverId,
  );
  if (reply.message !== undefined) at = writeOption(at, Option4.message, reply.message);
  if (times?.t1 !== undefined) at = writeU32Option(at, Option4.renewalTime, times.t1);
  if (times?.t2 !== undefined) at = writeU32Option(at, Option4.rebindingTime, times.t2);
  if (query.clientId !== undefined && settings.echoClientId) {
    at = writeOption(at, Option4.clientIdentifier, query.clientId);
  }
  if (name?.code === Option4.clientFqdn) at = writeOption(at, name.code, name.payload);
  if (link !== undefined) at = writeOption(at, Option4.subnetSelection, link);
  return at;
}

/** Option 82, which RFC 3046 §2.2 wants last. @returns the offset behind it in the scratch */
function writeTail(query: Query4, at: number): number {
  // What we could not read we do not echo, and what is stashed with the lease did not come with this message.
  if (query.relay === undefined || isDirectInform(query)) return at;
  const relay = query.message.option(Option4.relayAgentInformation);
  return relay === undefined ? at : writeOption(at, Option4.relayAgentInformation, relay);
}

function selectOptions(query: Query4, reply: Reply4) {
  if (reply.place === undefined) return NO_SELECTION;
  const { subnet, host } = reply.place;
  const stack = (reply.pool ?? subnet).options;
  const options =
    host === undefined || host.options === noOptions
      ? stack.for(query.profile)
      : stack.under([host.options], query.profile);
  const selection = options.select(query.message.option(Option4.parameterRequestList));
  const all = withVendorOptions4(selection.options, query.message, options);
  return all === selection.options ? selection : { options: all, wire: encodeOptions4(all) };
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
  type: number,
  own: Uint8Array,
  options: readonly EffectiveOption[],
  tail: Uint8Array,
): EncodedReply | undefined {
  const OVERLOAD_OPTION = 3;
  const plain: Area = {
    room: limit - FIRST_OPTIONS - own.length - tail.length - OVERLOAD_OPTION - 1,
    options: [],
  };
  if (plain.room < 0) return undefined;
  const file = { at: start + Field4.file, bit: 1, room: FILE_SIZE - 1, options: [] };
  const sname = { at: start + Field4.sname, bit: 2, room: SNAME_SIZE - 1, options: [] };
  const overloaded = [file, sname].filter((area) => buffer[area.at] === 0);
  const leftOut: number[] = [];
  for (const option of withoutCodesOf(own, options)) {
    const { length } = encodeOptions4([option]);
    const area: Area | undefined = [plain, ...overloaded].find(({ room }) => length <= room);
    if (area === undefined) {
      leftOut.push(option.code);
      continue;
    }
    area.options.push(option);
    area.room -= length;
  }
  let used = 0;
  for (const area of overloaded.filter((each) => each.options.length > 0)) {
    const wire = encodeOptions4(area.options);
    buffer.set(wire, area.at);
    buffer[area.at + wire.length] = Option4.end;
    used |= area.bit;
  }
  if (used !== 0) plain.options.push({ code: Option4.overload, payload: Uint8Array.of(used) });
  const at = interleaveOptions(own, encodeOptions4(plain.options), buffer, writeType(buffer, start, type));
  buffer.set(tail, at);
  return { length: finish(buffer, start, at + tail.length + 1, limit), leftOut };
}

/** Where options may go. */
interface Area {
  readonly options: EffectiveOption[];
  /** Bytes that are left. */
  room: number;
}

function withoutCodesOf(own: Uint8Array, options: readonly EffectiveOption[]): EffectiveOption[] {
  const codes = new Set<number>();
  for (let i = 0; i < own.length; i += 2 + own[i + 1]!) codes.add(own[i]!);
  return options.filter(({ code }) => !codes.has(code));
}

/** End option and padding. @param end behind the end option */
function finish(buffer: Uint8Array, start: number, end: number, limit: number): number {
  buffer[end - 1] = Option4.end;
  const padded = Math.max(end, start + Math.min(BOOTP_SIZE, limit));
  buffer.fill(0, end, padded);
  return padded - start;
}

/** Holds all that a datagram can bring to be echoed, and the rest. */
const ownScratch = new Uint8Array(0x1_1000);

/** Into the scratch, in several pieces where it is long (RFC 3396 §5). @returns the offset behind it */
function writeOption(start: number, code: number, payload: Uint8Array): number {
  let at = start;
  for (let from = 0; from === 0 || from < payload.length; from += 255) {
    const length = Math.min(payload.length - from, 255);
    ownScratch[at] = code;
    ownScratch[at + 1] = length;
    ownScratch.set(length === payload.length ? payload : payload.subarray(from, from + length), at + 2);
    at += 2 + length;
  }
  return at;
}

function writeU32Option(at: number, code: number, value: number): number {
  ownScratch[at] = code;
  ownScratch[at + 1] = 4;
  writeU32(ownScratch, at + 2, value);
  return at + 6;
}

function writeText(buffer: Uint8Array, at: number, text: string, size: number): void {
  for (let i = 0; i < text.length && i < size; i++) buffer[at + i] = text.charCodeAt(i);
}
