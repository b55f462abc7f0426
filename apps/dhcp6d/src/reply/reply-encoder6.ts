/** Writes replies: RFC 8415 §18.3, inside a RELAY-REPL for every relay that the message came through (§19.3). */
import type { Place6 } from "@kotare/core/allocate/allocate6";
import { readU16 } from "@kotare/core/base/big-endian";
import { unlessBroken } from "@kotare/core/base/decode-error";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import type { EffectiveOption, EffectiveOptions } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions6 } from "@kotare/core/subnets/options/option-wire6";
import type { IaAnswer, Reply6 } from "../path/outcome6.ts";
import { type Query6, sentIaid } from "../path/query6.ts";
import type { Service6, Settings6 } from "../path/service6.ts";
import { keyOption } from "../summons/encode-reconfigure6.ts";
import { configuredOptions6 } from "./configured-options6.ts";
import { editOptions6, readOptions6 } from "./edited-options6.ts";
import { withVendorOptions6 } from "./vendor-options6.ts";

/** Fits any link (RFC 8200 §5) when possible; what is longer goes out in fragments, up to what UDP carries. */
export const REPLY_LIMIT = 65_000;

/**
 * Encodes at `buffer[start…]`, where `limit` bytes are free: all options in the order of their codes, as Kea.
 * @returns the length, or `undefined` when the reply does not fit
 */
export function encodeReply6(
  query: Query6,
  reply: Reply6,
  service: Service6,
  buffer: Uint8Array,
  start: number,
  limit: number,
): number | undefined {
  const { message } = query;
  const { place, ias, status, name, edits } = reply;
  const writer = new MessageWriter6(buffer, start, limit);
  const plain = place === undefined ? NOTHING : encodeConfigured(query, place, reply, service);
  const fqdn = edits === undefined ? name?.fqdn : undefined;
  const configured = edits === undefined ? plain : editOptions6(edits, plain, name?.fqdn);
  let at = 0;
  writer.beginReply(message, reply.type);
  if (message.clientId !== undefined) writer.option(Option6.clientId, message.clientId);
  writer.option(Option6.serverId, service.serverDuid);
  for (const ia of ias) if (ia.code === Option6.iaNa) writeIa(writer, ia, sentIaid(query, ia));
  if (reply.registered !== undefined) writer.iaLease(Option6.iaNa, reply.registered);
  const { reconfigure } = reply;
  if (reconfigure?.key !== undefined && service.own !== undefined) {
    at = writeBelow(writer, configured, at, Option6.auth);
    writer.option(Option6.auth, keyOption(reconfigure.key, service.own.replay.next()));
  }
  at = writeBelow(writer, configured, at, Option6.statusCode);
  if (status !== undefined) writer.status(status.code, status.text);
  if (reply.told !== undefined) writer.bytes(reply.told);
  if (reply.isRapid) writer.option(Option6.rapidCommit, NOTHING);
  if (reconfigure !== undefined) {
    at = writeBelow(writer, configured, at, Option6.reconfAccept);
    writer.option(Option6.reconfAccept, NOTHING);
  }
  at = writeBelow(writer, configured, at, Option6.iaPd);
  for (const ia of ias) if (ia.code === Option6.iaPd) writeIa(writer, ia, sentIaid(query, ia));
  at = writeBelow(writer, configured, at, Option6.clientFqdn);
  if (fqdn !== undefined) writer.option(Option6.clientFqdn, fqdn);
  writeBelow(writer, configured, at, Number.POSITIVE_INFINITY);
  return writer.finish();
}

/** An option as a reply is going to have it, but for those that are the exchange's own. */
export function findReplyOption6(
  code: number,
  query: Query6,
  reply: Reply6,
  service: Service6,
): Uint8Array | undefined {
  const { place, edits, name } = reply;
  const configured = place === undefined ? NOTHING : encodeConfigured(query, place, reply, service);
  const options = readOptions6(editOptions6(edits, configured, name?.fqdn));
  return [...options].find((option) => option.code === code)?.payload;
}

const NOTHING = new Uint8Array(0);

/**
 * Writes configured options up to a code that the exchange itself gives.
 * @param at of the first one that is not written yet
 * @returns the same, then
 */
function writeBelow(writer: MessageWriter6, configured: Uint8Array, at: number, code: number): number {
  let end = at;
  while (end < configured.length && readU16(configured, end) < code)
    end += OPTION_HEADER + readU16(configured, end + 2);
  if (end > at) writer.bytes(configured.subarray(at, end));
  return end;
}

function writeIa(writer: MessageWriter6, { code, t1, t2, leases, status }: IaAnswer, iaid: number): void {
  writer.openIa(code, iaid, t1, t2);
  // The code of a status is between those of an address and of a prefix.
  if (status !== undefined && code === Option6.iaPd) writer.status(status.code, status.text);
  for (const lease of leases) writer.iaLease(code, lease);
  if (status !== undefined && code === Option6.iaNa) writer.status(status.code, status.text);
  writer.closeOption();
}

/** What is configured for the client, and what its relays supply beside that. */
function encodeConfigured(
  { message, profile }: Query6,
  place: Place6 | "global",
  reply: Reply6,
  { scope, settings }: Service6,
): Uint8Array {
  const options = place === "global" ? scope.globalOptions.for(profile) : configuredOptions6(profile, place, reply);
  const selection = options.select(message.optionKey(Option6.oro) ?? "");
  const selected = withVendorOptions6(selection.options, message, options);
  const supplied = message.isRelayed ? suppliedOf(message, options, settings) : NONE;
  if (selected === selection.options && supplied.length === 0) return selection.wire;
  return encodeOptions6([...selected, ...supplied]);
}

const NONE: readonly EffectiveOption[] = [];

function suppliedOf(message: Message6, options: EffectiveOptions, settings: Settings6): readonly EffectiveOption[] {
  const supplied: EffectiveOption[] = [];
  const suppliedCodes = new Set<number>();
  for (const relay of message.relays.toReversed()) {
    // What a relay says wrongly costs its own word, not the client's service.
    const suppliedOptions = unlessBroken(() => relay.suppliedOptions);
    for (const code of new Set(suppliedOptions?.optionCodes())) {
      // RFC 6422 §6: the server's own value wins, then that of the relay nearest to the client.
      if (!settings.relaySupplied.has(code) || options.get(code) !== undefined || suppliedCodes.has(code)) continue;
      for (const payload of suppliedOptions!.everyOption(code)) supplied.push({ code, payload });
      suppliedCodes.add(code);
    }
  }
  return supplied;
}
