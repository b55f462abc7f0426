/** One kind of message of DHCPv6 clients, made with the servers' own writer. */

import { IA_SIZE } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import { type Ipv6Key, parseIpv6Key, UNSPECIFIED, writeIpv6Key } from "@kotare/core/ip/ipv6-key";
import { putName } from "@kotare/core/wire/domain-name";
import type { Plan } from "../plan.ts";
import type { Leg } from "./dialogue.ts";
import { Template } from "./template.ts";

/** A DUID-LL (RFC 8415 §11.4) of an Ethernet address, and where that stands in it. */
export const DUID_LENGTH = 10;
export const DUID_MAC = 4;
const DUID = Uint8Array.of(0, 3, 0, 1, 0, 0, 0, 0, 0, 0);
/** Where a RELAY-FORW has the two addresses (RFC 8415 §9). */
const LINK_ADDRESS = 2;
const PEER_ADDRESS = 18;
/** fe80::200:0:0:0 with the client's hardware address as the last 6 bytes. */
const PEER: Ipv6Key = parseIpv6Key("fe80::200:0:0:0")!;
const MAC_IN_ADDRESS = 10;
const IAID = 1;
const NOTHING = { address: UNSPECIFIED, length: 0, preferred: 0, valid: 0 };
/** RFC 4704 §4.1: the server updates the DNS. */
const FQDN_FLAGS = 0x01;
/** Name servers and the search list. */
const PARAMETERS = Uint8Array.of(0, 23, 0, 24);
const MOST = 4096;

const TYPES: Readonly<Record<Leg["message"], MessageType6>> = {
  discover: MessageType6.SOLICIT,
  request: MessageType6.REQUEST,
  renew: MessageType6.RENEW,
  release: MessageType6.RELEASE,
};

export class ClientMessage6 {
  readonly template: Template;
  /** Of the client's own message: behind the relay's header. */
  readonly start: number;
  /** Of what differs from client to client; -1 for what is not there. */
  readonly linkAt: number;
  readonly addressAt: number;
  /** Of the prefix's length, which the prefix follows. */
  readonly prefixAt: number;
  readonly #links: readonly Ipv6Key[];

  /** @param server its DUID, for a message to one server */
  constructor(plan: Plan, kind: Leg["message"], server: Uint8Array | undefined) {
    const bytes = buildMessage6(plan, kind, server);
    const message = new Message6(bytes);
    this.#links = plan.relays.map((relay) => parseIpv6Key(relay)!);
    this.start = message.start;
    this.linkAt = message.isRelayed ? LINK_ADDRESS : -1;
    const macs = [message.offsetOf(Option6.clientId) + DUID_MAC];
    if (message.isRelayed) macs.push(PEER_ADDRESS + MAC_IN_ADDRESS);
    const name = message.offsetOf(Option6.clientFqdn);
    this.template = new Template(
      bytes,
      macs,
      name < 0 ? [] : [[name, name + message.option(Option6.clientFqdn)!.length]],
    );
    const hasLeases = kind !== "discover";
    const [na, pd] = [message.offsetOf(Option6.iaNa), message.offsetOf(Option6.iaPd)];
    this.addressAt = na >= 0 && hasLeases ? na + IA_SIZE + OPTION_HEADER : -1;
    this.prefixAt = pd >= 0 && hasLeases ? pd + IA_SIZE + OPTION_HEADER + 8 : -1;
  }

  get length(): number {
    return this.template.bytes.length;
  }

  writeLink(client: number, buffer: Uint8Array, at: number): void {
    writeIpv6Key(this.#links[client % this.#links.length]!, buffer, at + this.linkAt);
  }
}

/** The message with zeros, and with names as they stand in the plan, where each client puts its own. */
function buildMessage6(plan: Plan, kind: Leg["message"], server: Uint8Array | undefined): Uint8Array {
  const buffer = new Uint8Array(MOST);
  const writer = new MessageWriter6(buffer, 0, MOST);
  if (plan.relays.length > 0) {
    writer.beginRelay(MessageType6.RELAY_FORW, 0, UNSPECIFIED, PEER);
    for (const [code, payload] of plan.relayOptions) writer.option(code, payload);
    writer.openOption(Option6.relayMessage);
  }
  writer.begin(TYPES[kind], 0).option(Option6.clientId, DUID);
  if (kind !== "discover" && server !== undefined) writer.option(Option6.serverId, server);
  writer.optionU16(Option6.elapsedTime, 0);
  if (kind !== "release") {
    writer.option(Option6.oro, PARAMETERS);
    if (plan.fqdn !== undefined) writer.option(Option6.clientFqdn, encodeFqdn(plan.fqdn));
  }
  if (kind === "discover" && plan.exchange === "rapid") writer.option(Option6.rapidCommit, new Uint8Array());
  for (const [code, payload] of plan.options) writer.option(code, payload);
  for (const code of [Option6.iaNa, Option6.iaPd] as const) {
    if (plan.ask === (code === Option6.iaNa ? "prefix" : "address")) continue;
    writer.openIa(code, IAID, 0, 0);
    if (kind !== "discover") writer.iaLease(code, NOTHING);
    writer.closeOption();
  }
  const length = writer.finish();
  if (length === undefined) throw new RangeError(`a message would take more than ${MOST} bytes`);
  return buffer.subarray(0, length);
}

function encodeFqdn(name: string): Uint8Array {
  const bytes = new Uint8Array(1 + 256);
  bytes[0] = FQDN_FLAGS;
  return bytes.subarray(0, putName(name, bytes, 1));
}
