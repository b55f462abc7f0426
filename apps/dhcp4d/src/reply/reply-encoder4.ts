/** Writes replies: fixed fields and options of RFC 2131 §2, within what the client and the link can take. */
import { BOOTP } from "@kotare/core/dhcp4/message-type4";
import { Field4, Option4 } from "@kotare/core/dhcp4/message4";
import { type EffectiveOption, mergeOptions } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions4, optionWire4 } from "@kotare/core/subnets/options/option-wire4";
import type { OptionEdit } from "@kotare/extension";
import { encodeAuth4, sign4 } from "../authentication/sign-reply4.ts";
import type { Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";
import { configuredOptions4 } from "./configured-options4.ts";
import { editOptions4 } from "./edited-options4.ts";
import { writeFixedFields } from "./fixed-fields4.ts";
import { interleaveOptions } from "./interleave-options4.ts";
import { overloadOptions } from "./overloaded-options4.ts";
import { encodeOwnOptions, encodeRelayEcho, type ReplySettings4 } from "./own-options4.ts";
import { withVendorOptions4 } from "./vendor-options4.ts";

/** RFC 2131 §2: what every client must accept, IP and UDP headers included. */
const MINIMUM_MAX_MESSAGE_SIZE = 576;
const IP_AND_UDP_HEADERS = 28;
/** RFC 1542 §2.1: shorter messages may be thrown away by old relays and clients. */
const BOOTP_SIZE = 300;
/** Fixed fields and message type. */
const FIRST_OPTIONS = Field4.options + 3;

export interface EncodedReply4 {
  readonly length: number;
  /** Codes of options that found no room. */
  readonly leftOut: readonly number[];
}

const NONE: readonly number[] = [];
const NO_BYTES = new Uint8Array(0);

/** The largest UDP payload that the reply may be: the client's word (option 57), else what the link carries. */
export function payloadLimit(query: Query4): number {
  const link = query.ingress.interface.mtu - IP_AND_UDP_HEADERS;
  const asked = query.message.u16(Option4.maxMessageSize);
  if (asked === undefined) return link;
  return Math.min(Math.max(asked, MINIMUM_MAX_MESSAGE_SIZE) - IP_AND_UDP_HEADERS, link);
}

/**
 * Encodes at `buffer[start…]`, where `payloadLimit(query)` bytes are free.
 * @returns `undefined` when the reply cannot be made to fit
 */
export function encodeReply4(
  query: Query4,
  reply: Reply4,
  settings: ReplySettings4,
  buffer: Uint8Array,
  start: number,
  limit: number,
): EncodedReply4 | undefined {
  writeFixedFields(query, reply, buffer, start);
  const echo = encodeRelayEcho(query, reply);
  const [own, selection] = optionsOf(query, reply, settings);
  const { auth } = query;
  const proof =
    auth === undefined || settings.replay === undefined ? NO_BYTES : encodeAuth4(auth, settings.replay.next());
  const room = limit - FIRST_OPTIONS - own.length - echo.length - proof.length - 1;
  // Nothing that the configured options could lose to the own ones is counted off.
  const isRoom = selection.wire.length <= room;
  const overload = isRoom ? undefined : overloadOptions(buffer, start, room, withoutCodesOf(own, selection.options));
  if (!isRoom && overload === undefined) return undefined;
  const plain = overload?.plain ?? selection.wire;
  const at = interleaveOptions(
    own,
    plain,
    buffer,
    isBootp(query) ? start + Field4.options : writeType(buffer, start, reply.type),
  );
  buffer.set(proof, at);
  const options = at + proof.length;
  // Over DHCPv6 there is no old relay.
  const least = query.ingress.over6 === undefined ? Math.min(BOOTP_SIZE, limit) : 0;
  const leftOut = overload?.leftOut ?? NONE;
  if (proof.length === 0) {
    if (echo.length > 0) buffer.set(echo, options);
    return { length: finish(buffer, start, options + echo.length + 1, least), leftOut };
  }
  // A relay takes option 82 out again, so it is put in behind what has been signed.
  const length = finish(buffer, start, options + 1, Math.min(least, limit - echo.length));
  sign4(auth!, buffer.subarray(start, start + length), at - start);
  buffer.copyWithin(options + echo.length, options, start + length);
  buffer.set(echo, options);
  return { length: length + echo.length, leftOut };
}

/** What the exchange gives, encoded, and what is configured: both as extensions want them. */
function optionsOf(query: Query4, reply: Reply4, settings: ReplySettings4) {
  const edits = isBootp(query) ? [...(reply.edits ?? []), ...WITHOUT_DHCP] : reply.edits;
  return editOptions4(edits, encodeOwnOptions(query, reply, settings), selectOptions(query, reply));
}

/** RFC 1534 §2: a client that knows no DHCP is sent none of the options that are for DHCP only (RFC 2132 §9). */
const WITHOUT_DHCP: readonly OptionEdit[] = Array.from({ length: 12 }, (_, i) => ({
  kind: "remove",
  code: Option4.requestedAddress + i,
}));

function isBootp({ message }: Query4): boolean {
  return message.type === BOOTP;
}

/** An option as a reply is going to have it, room or not. */
export function findReplyOption4(
  code: number,
  query: Query4,
  reply: Reply4,
  settings: ReplySettings4,
): Uint8Array | undefined {
  const [own, selection] = optionsOf(query, reply, settings);
  for (let at = 0; at < own.length; at += 2 + own[at + 1]!) {
    if (own[at] === code) return own.slice(at + 2, at + 2 + own[at + 1]!);
  }
  return selection.options.find((option) => option.code === code)?.payload;
}

const NO_SELECTION = mergeOptions([], optionWire4).select("");

/** What the configuration gives, of that what the client asks for or has to get. */
function selectOptions(query: Query4, reply: Reply4) {
  if (reply.place === undefined) return NO_SELECTION;
  const options = configuredOptions4(query, reply.place, reply.pool);
  const selection = options.select(query.message.optionKey(Option4.parameterRequestList) ?? "");
  const all = withVendorOptions4(selection.options, query.message, options);
  return all === selection.options ? selection : { options: all, wire: encodeOptions4(all) };
}

function withoutCodesOf(own: Uint8Array, options: readonly EffectiveOption[]): readonly EffectiveOption[] {
  const codes = new Set<number>();
  for (let i = 0; i < own.length; i += 2 + own[i + 1]!) codes.add(own[i]!);
  return options.filter(({ code }) => !codes.has(code));
}

/** As in Kea the message type comes first. @returns the offset behind it */
function writeType(buffer: Uint8Array, start: number, type: number): number {
  buffer[start + Field4.options] = Option4.messageType;
  buffer[start + Field4.options + 1] = 1;
  buffer[start + Field4.options + 2] = type;
  return start + FIRST_OPTIONS;
}

/** End option and padding. @param end behind the end option @param least how long it has to be */
function finish(buffer: Uint8Array, start: number, end: number, least: number): number {
  buffer[end - 1] = Option4.end;
  const padded = Math.max(end, start + least);
  buffer.fill(0, end, padded);
  return padded - start;
}
