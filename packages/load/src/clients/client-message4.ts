/** One kind of message of DHCPv4 clients, made once with zeros where each client puts its own. */

import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREQUEST, BROADCAST_FLAG, Field4, MAGIC_COOKIE, Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { putName } from "@kotare/core/wire/domain-name";
import type { Plan } from "../plan.ts";
import { MAC_LENGTH } from "./clients.ts";
import type { Leg, OptionBytes } from "./dialogue.ts";
import { Template } from "./template.ts";

const ETHERNET = 1;
const RAPID_COMMIT = 80;
/** RFC 4702 §2.1: the server updates the DNS, and the name is in canonical wire format. */
const FQDN_FLAGS = 0x05;
/** What clients usually ask for: mask, routers, name servers, name, domain, lifetime and both times. */
const PARAMETERS = Uint8Array.of(1, 3, 6, 12, 15, 51, 58, 59);
const ADDRESS = new Uint8Array(4);

/** One kind of message, and where in it stands what differs from client to client. */
export class ClientMessage4 {
  readonly template: Template;
  /** Of the client's address: in option 50 or in `ciaddr`; -1 where it says none. */
  readonly addressAt: number;
  readonly serverAt: number;

  constructor(plan: Plan, kind: Leg["message"]) {
    const bytes = buildMessage4(plan, kind);
    const message = new Message4(bytes);
    const spanOf = (code: number) => {
      const at = message.offsetOf(code);
      return at < 0 ? [] : [[at, at + message.option(code)!.length] as const];
    };
    const macs = [Field4.chaddr, message.offsetOf(Option4.clientIdentifier) + 1];
    this.template = new Template(bytes, macs, [Option4.hostName, Option4.clientFqdn].flatMap(spanOf));
    const requested = message.offsetOf(Option4.requestedAddress);
    const isHolder = kind === "renew" || kind === "release";
    this.addressAt = requested < 0 && isHolder ? Field4.ciaddr : requested;
    this.serverAt = message.offsetOf(Option4.serverIdentifier);
  }

  get length(): number {
    return this.template.bytes.length;
  }
}

/** The message with zeros, and with names as they stand in the plan, where each client puts its own. */
function buildMessage4(plan: Plan, kind: Leg["message"]): Uint8Array {
  const { relays, hostname, fqdn } = plan;
  const type = {
    discover: MessageType4.DHCPDISCOVER,
    request: MessageType4.DHCPREQUEST,
    renew: MessageType4.DHCPREQUEST,
    release: MessageType4.DHCPRELEASE,
  }[kind];
  const isSelecting = kind === "request";
  // A renewal is answered at the client's address, which this host does not have, and a restart by broadcast (RFC 2131 §4.3.2).
  const hasRestarted = kind === "renew" && relays.length === 0;
  const asks = kind !== "release";
  const options: OptionBytes[] = [
    [Option4.messageType, Uint8Array.of(type)],
    [Option4.clientIdentifier, Uint8Array.of(ETHERNET, 0, 0, 0, 0, 0, 0)],
    ...(isSelecting || hasRestarted ? [[Option4.requestedAddress, ADDRESS] as const] : []),
    ...(isSelecting || kind === "release" ? [[Option4.serverIdentifier, ADDRESS] as const] : []),
    ...(asks && hostname !== undefined ? [[Option4.hostName, Buffer.from(hostname)] as const] : []),
    ...(asks && fqdn !== undefined ? [[Option4.clientFqdn, encodeFqdn(fqdn)] as const] : []),
    ...(asks ? [[Option4.parameterRequestList, PARAMETERS] as const] : []),
    ...(kind === "discover" && plan.exchange === "rapid" ? [[RAPID_COMMIT, new Uint8Array()] as const] : []),
    ...plan.options,
    // Behind all others (RFC 3046 §2.1).
    ...(plan.relayOptions.length > 0 ? [[Option4.relayAgentInformation, frame(plan.relayOptions)] as const] : []),
  ];
  const header = Buffer.alloc(Field4.options);
  header.set([BOOTREQUEST, ETHERNET, MAC_LENGTH, relays.length > 0 ? 1 : 0]);
  // What is sent to a hardware address that is none of this host's, its kernel would not take in.
  if (relays.length === 0) header.writeUInt16BE(BROADCAST_FLAG, Field4.flags);
  header.writeUInt32BE(MAGIC_COOKIE, Field4.cookie);
  return Buffer.concat([header, frame(options), Buffer.of(Option4.end)]);
}

function frame(options: readonly OptionBytes[]): Buffer {
  return Buffer.concat(options.map(([code, payload]) => Buffer.concat([Buffer.of(code, payload.length), payload])));
}

function encodeFqdn(name: string): Uint8Array {
  const bytes = new Uint8Array(3 + 256);
  bytes[0] = FQDN_FLAGS;
  return bytes.subarray(0, putName(name, bytes, 3));
}
