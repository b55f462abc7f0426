/** One relay's part of a message: RELAY-FORW or RELAY-REPL around what it carries (RFC 8415 §9). */
import { readU16, readU32 } from "../base/big-endian.ts";
import { DecodeError } from "../base/decode-error.ts";
import { type Ipv6Key, readIpv6Key } from "../ip/ipv6-key.ts";
import type { LinkLayerAddress } from "./duid.ts";
import { MessageType6 } from "./message-type6.ts";
import { OptionIndex6 } from "./option-index6.ts";
import { Option6 } from "./option6.ts";

/** Type, hop-count, link-address and peer-address. */
export const RELAY_HEADER = 34;
/** As Kea; RFC 8415 §7.6 has relays stop at 8. */
export const MAX_RELAYS = 32;

export class Relay6 extends OptionIndex6 {
  /** Where its header stands in the packet. */
  readonly start: number;
  readonly type: number;
  readonly hopCount: number;
  /** An address on the client's link; unspecified when the relay has none. */
  readonly linkAddress: Ipv6Key;
  /** Where the relay got the message from. */
  readonly peerAddress: Ipv6Key;
  /** Payload of the relay message option: where the carried message begins and ends. */
  readonly messageStart: number;
  readonly messageEnd: number;

  /**
   * @param index how many relays are around this one: 0 for the one nearest to the server
   * @throws {DecodeError} when header or options are cut short, or nothing is carried
   */
  constructor(bytes: Uint8Array, start: number, end: number, index: number) {
    const within = `relay ${index} `;
    if (end - start < RELAY_HEADER) {
      throw new DecodeError(`${within}header`, start, `needs ${RELAY_HEADER} bytes, has ${end - start}`);
    }
    super(bytes, start + RELAY_HEADER, end, within);
    this.start = start;
    this.type = bytes[start]!;
    this.hopCount = bytes[start + 1]!;
    this.linkAddress = readIpv6Key(bytes, start + 2);
    this.peerAddress = readIpv6Key(bytes, start + 18);
    this.messageStart = this.offsetOf(Option6.relayMessage);
    if (this.messageStart < 0) throw new DecodeError(`${within}option ${Option6.relayMessage}`, end, "is missing");
    this.messageEnd = this.messageStart + readU16(bytes, this.messageStart - 2);
  }

  /** Option 18, opaque. */
  get interfaceId(): Uint8Array | undefined {
    return this.option(Option6.interfaceId);
  }

  /** Option 37 (RFC 4649 §3): a vendor's name for the client's end of the line. @throws {DecodeError} */
  get remoteId(): { readonly enterprise: number; readonly id: Uint8Array } | undefined {
    const at = this.offsetOfSized(Option6.remoteId, 4);
    if (at < 0) return undefined;
    return { enterprise: readU32(this.bytes, at), id: this.option(Option6.remoteId)!.subarray(4) };
  }

  /** Option 38 (RFC 4580 §2), opaque. */
  get subscriberId(): Uint8Array | undefined {
    return this.option(Option6.subscriberId);
  }

  /** Option 79 (RFC 6939 §4), of the relay next to the client. @throws {DecodeError} */
  get clientLinkLayer(): LinkLayerAddress | undefined {
    const at = this.offsetOfSized(Option6.clientLinkLayer, 2);
    if (at < 0) return undefined;
    return { htype: readU16(this.bytes, at), address: this.option(Option6.clientLinkLayer)!.subarray(2) };
  }

  /** Whether the relay wants its answer at the port that it sent from (RFC 8357 §4). */
  get wantsSourcePort(): boolean {
    return this.hasOption(Option6.relaySourcePort);
  }

  /** Option 66 (RFC 6422 §3): options that the relay offers to the server for the client. @throws {DecodeError} */
  get suppliedOptions(): OptionIndex6 | undefined {
    const at = this.offsetOf(Option6.relaySuppliedOptions);
    if (at < 0) return undefined;
    const end = at + readU16(this.bytes, at - 2);
    return new OptionIndex6(this.bytes, at, end, `${this.within}option ${Option6.relaySuppliedOptions}.`);
  }
}

export function isRelayType(type: number): boolean {
  return type === MessageType6.RELAY_FORW || type === MessageType6.RELAY_REPL;
}
