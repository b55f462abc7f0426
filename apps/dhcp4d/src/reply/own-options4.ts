/** The options of a reply that come of the exchange and not of the configuration's option-data. */
import { writeU32 } from "@kotare/core/base/big-endian";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { netmask } from "@kotare/core/ip/ipv4";
import { computeTeeTimes4 } from "@kotare/core/subnets/tee-times4";
import type { OwnSecret } from "@kotare/core/summons/own-secret";
import type { Reply4 } from "../path/outcome4.ts";
import { nakServerId } from "../path/place4.ts";
import type { Query4 } from "../path/query4.ts";
import { nonceOption } from "../summons/encode-forcerenew4.ts";
import { isDirectInform } from "./fixed-fields4.ts";

/** What of the configuration concerns every reply. */
export interface ReplySettings4 {
  readonly echoClientId: boolean;
  readonly replay: OwnSecret["replay"] | undefined;
}

/** Each holds all that a datagram can bring to be echoed, and the rest. */
const scratch = new Uint8Array(0x1_1000);
const echoScratch = new Uint8Array(0x1_1000);
const NOTHING = new Uint8Array(0);
/** HMAC-MD5. */
const NONCE_ALGORITHMS = Uint8Array.of(1);

/** What the exchange itself gives, in the order of the codes; until the next call. */
export function encodeOwnOptions(query: Query4, reply: Reply4, settings: ReplySettings4): Uint8Array {
  const name = reply.name?.option;
  const link = query.message.option(Option4.subnetSelection);
  const parameters = reply.lifetime === undefined ? undefined : reply.place?.subnet.parameters;
  const times = parameters && computeTeeTimes4(parameters, reply.lifetime!);
  let at = 0;
  if (parameters !== undefined) at = writeU32Option(at, Option4.subnetMask, netmask(reply.place!.subnet.prefix.length));
  if (name?.code === Option4.hostName) at = writeOption(at, name.code, name.payload);
  if (parameters !== undefined) at = writeU32Option(at, Option4.leaseTime, reply.lifetime!);
  at = writeU32Option(
    at,
    Option4.serverIdentifier,
    reply.type === MessageType4.DHCPNAK ? nakServerId(query) : query.serverId,
  );
  if (reply.message !== undefined) at = writeOption(at, Option4.message, reply.message);
  if (times?.t1 !== undefined) at = writeU32Option(at, Option4.renewalTime, times.t1);
  if (times?.t2 !== undefined) at = writeU32Option(at, Option4.rebindingTime, times.t2);
  const { clientId, sentClientId } = query;
  // As in Kea: where another one counts, a client that has sent its own is told of it.
  if (sentClientId !== undefined && (settings.echoClientId || clientId !== sentClientId)) {
    at = writeOption(at, Option4.clientIdentifier, sentClientId);
  }
  if (name?.code === Option4.clientFqdn) at = writeOption(at, name.code, name.payload);
  const nonce = reply.nonce?.nonce;
  if (nonce !== undefined && settings.replay !== undefined) {
    at = writeOption(at, Option4.authentication, nonceOption(nonce, settings.replay.next()));
  }
  if (link !== undefined) at = writeOption(at, Option4.subnetSelection, link);
  // RFC 6704 §3.1.4.
  if (reply.nonce !== undefined && reply.type === MessageType4.DHCPOFFER) {
    at = writeOption(at, Option4.forcerenewNonceCapable, NONCE_ALGORITHMS);
  }
  return scratch.subarray(0, at);
}

/** Option 82, which RFC 3046 §2.2 wants last: empty where there is none; until the next call. */
export function encodeRelayEcho(query: Query4, { about }: Reply4): Uint8Array {
  const relay = about === undefined ? echoed(query) : about.agentOptions;
  return relay === undefined
    ? NOTHING
    : echoScratch.subarray(0, writeOption(0, Option4.relayAgentInformation, relay, echoScratch));
}

function echoed(query: Query4): Uint8Array | undefined {
  // What we could not read we do not echo, and what is stashed with the lease did not come with this message.
  if (query.relay === undefined || isDirectInform(query)) return undefined;
  return query.message.option(Option4.relayAgentInformation);
}

/** In several pieces where it is long (RFC 3396 §5). @returns the offset behind it */
function writeOption(start: number, code: number, payload: Uint8Array, out = scratch): number {
  let at = start;
  for (let from = 0; from === 0 || from < payload.length; from += 255) {
    const length = Math.min(payload.length - from, 255);
    out[at] = code;
    out[at + 1] = length;
    out.set(length === payload.length ? payload : payload.subarray(from, from + length), at + 2);
    at += 2 + length;
  }
  return at;
}

function writeU32Option(at: number, code: number, value: number): number {
  scratch[at] = code;
  scratch[at + 1] = 4;
  writeU32(scratch, at + 2, value);
  return at + 6;
}
