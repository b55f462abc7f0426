/** DHCPv4 over DHCPv6 (RFC 7341): what the DHCPv6 server says of a DHCPv4 message that it passes on, as Kea's does. */
import { readU16 } from "../../base/big-endian.ts";
import { latin1 } from "../../base/bytes.ts";
import { DecodeError, unlessBroken } from "../../base/decode-error.ts";
import { MessageType6 } from "../../dhcp6/message-type6.ts";
import { MessageWriter6 } from "../../dhcp6/message-writer6.ts";
import type { Message6 } from "../../dhcp6/message6.ts";
import { OptionIndex6 } from "../../dhcp6/option-index6.ts";
import { OPTION_HEADER, Option6 } from "../../dhcp6/option6.ts";
import { type Ipv6Key, readIpv6Key, writeIpv6Key } from "../../ip/ipv6-key.ts";

/** How a query came to the DHCPv6 server, and how its answer is to leave. */
export interface Way6 {
  readonly interfaceName: string;
  /** The client, or the relay next to the server. */
  readonly source: Ipv6Key;
  readonly sourcePort: number;
}

/** A message of more is in no datagram. */
export const OVER6_LIMIT = 65_000;

/** Kea's sub-options of option 17 for its own enterprise number, which pass between the two servers only. */
const ENTERPRISE = 2495;
const SubOption = { interfaceName: 60_000, source: 60_001, sourcePort: 60_002 } as const;
const OURS: readonly number[] = Object.values(SubOption);

/**
 * The query as it came, with its way. What the client itself says in these sub-options is left out: it would choose where
 * its answer goes, and from which subnet.
 * @returns the length at `buffer[start…]`; `undefined` where `limit` bytes are not enough
 */
export function encodeOver6Query(
  query: Message6,
  way: Way6,
  buffer: Uint8Array,
  start: number,
  limit: number,
): number | undefined {
  const writer = new MessageWriter6(buffer, start, limit);
  for (const relay of query.relays) {
    writer.beginRelay(MessageType6.RELAY_FORW, relay.hopCount, relay.linkAddress, relay.peerAddress);
    copyOptions(writer, relay, Option6.relayMessage);
    writer.openOption(Option6.relayMessage);
  }
  writer.begin(MessageType6.DHCPV4_QUERY, query.transactionId);
  writeWay(writer, way, query);
  copyOptions(writer, query, Option6.vendorOptions);
  return writer.finish();
}

/**
 * RFC 7341 §6.4: the answer to a query, with no flag set.
 * @param message DHCPv4's own
 * @returns `undefined` where it does not fit
 */
export function encodeOver6Response(query: Message6, way: Way6, message: Uint8Array): Uint8Array | undefined {
  const writer = new MessageWriter6(scratch, 0, scratch.length);
  writer.beginReply(query, MessageType6.DHCPV4_RESPONSE, 0);
  writeWay(writer, way);
  writer.option(Option6.dhcpv4Message, message);
  const length = writer.finish();
  return length === undefined ? undefined : scratch.slice(0, length);
}

const scratch = new Uint8Array(OVER6_LIMIT);

/** The response as the client or its relay gets it. */
export function encodeOver6Reply(
  response: Message6,
  buffer: Uint8Array,
  start: number,
  limit: number,
): number | undefined {
  const writer = new MessageWriter6(buffer, start, limit);
  writer.beginReply(response, MessageType6.DHCPV4_RESPONSE);
  writeWay(writer, undefined, response);
  copyOptions(writer, response, Option6.vendorOptions);
  return writer.finish();
}

/** What is in a message that came from the other server. @throws {DecodeError} when something is missing or broken */
export function readOver6(message: Message6, type: MessageType6): { readonly way: Way6; readonly payload: Uint8Array } {
  if (message.type !== type) throw new DecodeError("type", message.start, `is ${message.type}, expected ${type}`);
  const payloads = message.everyOption(Option6.dhcpv4Message);
  if (payloads.length !== 1) {
    throw new DecodeError("option 87", message.start, `is there ${payloads.length} times, expected once (RFC 7341 §9)`);
  }
  return { way: readWay(message), payload: payloads[0]! };
}

function readWay(message: Message6): Way6 {
  // Where one occurs twice, the last counts: the other server has put its own behind what a client says.
  const found = new Map<number, Uint8Array>();
  for (const options of vendorOptionsOf(message)) {
    options.eachOption((code, at, length) => found.set(code, message.bytes.subarray(at, at + length)));
  }
  const name = found.get(SubOption.interfaceName);
  const source = found.get(SubOption.source);
  const sourcePort = found.get(SubOption.sourcePort);
  if (name === undefined || name.length === 0 || source?.length !== 16 || sourcePort?.length !== 2) {
    throw new DecodeError("option 17", message.start, "does not say by which interface, address and port it came");
  }
  return { interfaceName: latin1(name), source: readIpv6Key(source, 0), sourcePort: readU16(sourcePort, 0) };
}

/** Of a message that we pass on: what is broken there is nobody's loss but its sender's. */
function spareVendorOptions(message: Message6 | undefined) {
  const vendors = message && unlessBroken(() => message.vendors(Option6.vendorOptions));
  const own = message && unlessBroken(() => vendorOptionsOf(message));
  return { others: (vendors ?? []).filter(({ enterprise }) => enterprise !== ENTERPRISE), own: own ?? [] };
}

function vendorOptionsOf(message: Message6): OptionIndex6[] {
  return message
    .vendors(Option6.vendorOptions)
    .filter(({ enterprise }) => enterprise === ENTERPRISE)
    .map(({ data, offset }) => new OptionIndex6(message.bytes, offset, offset + data.length, "option 17."));
}

/** All options 17: those of other vendors as they are, and in Kea's what the client said of its own and then the way. */
function writeWay(writer: MessageWriter6, way: Way6 | undefined, from?: Message6): void {
  const { others, own } = spareVendorOptions(from);
  for (const { enterprise, data } of others) {
    writer.openOption(Option6.vendorOptions).u32(enterprise).bytes(data).closeOption();
  }
  const kept = new Uint8Array(from === undefined ? 0 : from.bytes.length);
  let length = 0;
  for (const options of own) {
    options.eachOption((code, at, size) => {
      if (OURS.includes(code)) return;
      kept.set(options.bytes.subarray(at - OPTION_HEADER, at + size), length);
      length += OPTION_HEADER + size;
    });
  }
  if (way === undefined && length === 0) return;
  writer.openOption(Option6.vendorOptions).u32(ENTERPRISE).bytes(kept.subarray(0, length));
  if (way !== undefined) {
    const address = new Uint8Array(16);
    writeIpv6Key(way.source, address, 0);
    writer.option(SubOption.interfaceName, Buffer.from(way.interfaceName, "latin1"));
    writer.option(SubOption.source, address).optionU16(SubOption.sourcePort, way.sourcePort);
  }
  writer.closeOption();
}

function copyOptions(writer: MessageWriter6, from: OptionIndex6, without: number): void {
  from.eachOption((code, at, length) => {
    if (code !== without) writer.option(code, from.bytes.subarray(at, at + length));
  });
}
