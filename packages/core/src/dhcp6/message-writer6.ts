/** Writes a DHCPv6 message into a caller's buffer, front to back; lengths are filled in when their part is complete. */
import { writeU16, writeU32 } from "../base/big-endian.ts";
import { type Ipv6Key, writeIpv6Key } from "../ip/ipv6-key.ts";
import type { IaCode, IaLease } from "./identity-association.ts";
import { MessageType6 } from "./message-type6.ts";
import { MESSAGE_HEADER, type Message6 } from "./message6.ts";
import { OPTION_HEADER, Option6 } from "./option6.ts";
import { RELAY_HEADER, type Relay6 } from "./relay6.ts";

/** What RELAY-REPL gives back of RELAY-FORW's options (RFC 8415 §19.3; RFC 8357 §5). */
const ECHOED: readonly number[] = [Option6.interfaceId, Option6.relaySourcePort];

/** What 16 bits of length can say. */
const MAX_LENGTH = 0xffff;

/** An address or a prefix to write; its option 67 only where it has one. */
export type WritableLease = Pick<IaLease, "address" | "length" | "preferred" | "valid"> & {
  readonly exclude?: Uint8Array | undefined;
};

/** Nothing is written behind the limit: once something did not fit, `finish` says so. */
export class MessageWriter6 {
  readonly #buffer: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #at: number;
  #isFull = false;
  /** Offsets of the payloads of options that are not complete; few are within each other. */
  readonly #open = [0, 0, 0, 0];
  #depth = 0;

  /** @param limit how many bytes from `buffer[start]` on the message may take */
  constructor(buffer: Uint8Array, start: number, limit: number) {
    this.#buffer = buffer;
    this.#start = start;
    this.#at = start;
    this.#end = Math.min(start + limit, buffer.length);
  }

  /** How long the payload of one more option may be; negative when there is no room for an option. */
  get room(): number {
    return this.#isFull ? -1 : this.#end - this.#at - OPTION_HEADER;
  }

  /**
   * Header of the answer to a message, inside a RELAY-REPL for each RELAY-FORW that the message came in.
   * @param transactionId where it is not the message's own
   */
  beginReply(query: Message6, type: number, transactionId = query.transactionId): this {
    for (const relay of query.relays) this.#mirrorRelay(relay);
    return this.begin(type, transactionId);
  }

  begin(type: number, transactionId: number): this {
    const at = this.#take(MESSAGE_HEADER);
    if (at >= 0) writeU32(this.#buffer, at, ((type << 24) | transactionId) >>> 0);
    return this;
  }

  #mirrorRelay(relay: Relay6): void {
    this.beginRelay(MessageType6.RELAY_REPL, relay.hopCount, relay.linkAddress, relay.peerAddress);
    for (const code of ECHOED) {
      const payload = relay.option(code);
      if (payload !== undefined) this.option(code, payload);
    }
    this.openOption(Option6.relayMessage);
  }

  /** Header of a relay's message. Its options follow, at last `openOption(Option6.relayMessage)` with what it carries. */
  beginRelay(type: number, hopCount: number, linkAddress: Ipv6Key, peerAddress: Ipv6Key): this {
    const at = this.#take(RELAY_HEADER);
    if (at < 0) return this;
    this.#buffer[at] = type;
    this.#buffer[at + 1] = hopCount;
    writeIpv6Key(linkAddress, this.#buffer, at + 2);
    writeIpv6Key(peerAddress, this.#buffer, at + 18);
    return this;
  }

  option(code: number, payload: Uint8Array): this {
    const at = this.#option(code, payload.length);
    if (at >= 0) this.#buffer.set(payload, at);
    return this;
  }

  optionU8(code: number, value: number): this {
    const at = this.#option(code, 1);
    if (at >= 0) this.#buffer[at] = value;
    return this;
  }

  optionU16(code: number, value: number): this {
    const at = this.#option(code, 2);
    if (at >= 0) writeU16(this.#buffer, at, value);
    return this;
  }

  optionU32(code: number, value: number): this {
    const at = this.#option(code, 4);
    if (at >= 0) writeU32(this.#buffer, at, value);
    return this;
  }

  /** RFC 8415 §21.13. */
  status(code: number, text: string): this {
    const bytes = Buffer.from(text, "utf8");
    const at = this.#option(Option6.statusCode, 2 + bytes.length);
    if (at < 0) return this;
    writeU16(this.#buffer, at, code);
    this.#buffer.set(bytes, at + 2);
    return this;
  }

  /** Begins an IA_NA or IA_PD. Its leases and status follow, then `closeOption`. */
  openIa(code: IaCode, iaid: number, t1: number, t2: number): this {
    this.openOption(code);
    return this.u32(iaid).u32(t1).u32(t2);
  }

  /** An address in an IA_NA or a prefix in an IA_PD. */
  iaLease(code: IaCode, { address, length, preferred, valid, exclude }: WritableLease): this {
    if (code === Option6.iaNa) {
      this.openOption(Option6.iaAddress);
      return this.address(address).u32(preferred).u32(valid).closeOption();
    }
    this.openOption(Option6.iaPrefix).u32(preferred).u32(valid).u8(length).address(address);
    if (exclude !== undefined) this.option(Option6.pdExclude, exclude);
    return this.closeOption();
  }

  openOption(code: number): this {
    this.#open[this.#depth++] = this.#option(code, 0);
    return this;
  }

  /** Ends the option that was opened last. */
  closeOption(): this {
    if (this.#depth === 0) throw new Error("no option is open");
    const at = this.#open[--this.#depth]!;
    const length = this.#at - at;
    if (length > MAX_LENGTH) this.#isFull = true;
    if (!this.#isFull) writeU16(this.#buffer, at - 2, length);
    return this;
  }

  u8(value: number): this {
    const at = this.#take(1);
    if (at >= 0) this.#buffer[at] = value;
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    if (at >= 0) writeU32(this.#buffer, at, value);
    return this;
  }

  address(key: Ipv6Key): this {
    const at = this.#take(16);
    if (at >= 0) writeIpv6Key(key, this.#buffer, at);
    return this;
  }

  /** Bytes as they are: whole options that were encoded before, or part of an open one. */
  bytes(value: Uint8Array): this {
    const at = this.#take(value.length);
    if (at >= 0) this.#buffer.set(value, at);
    return this;
  }

  /**
   * Completes all options that are open, those of relays included.
   * @returns the length of the message; `undefined` when it did not fit
   */
  finish(): number | undefined {
    while (this.#depth > 0) this.closeOption();
    return this.#isFull ? undefined : this.#at - this.#start;
  }

  /** Code and length; the offset of the payload, for which there is room, or -1. */
  #option(code: number, length: number): number {
    if (length > MAX_LENGTH) this.#isFull = true;
    const at = this.#take(OPTION_HEADER + length);
    if (at < 0) return -1;
    writeU16(this.#buffer, at, code);
    writeU16(this.#buffer, at + 2, length);
    return at + OPTION_HEADER;
  }

  #take(count: number): number {
    const at = this.#at;
    if (this.#isFull || at + count > this.#end) {
      this.#isFull = true;
      return -1;
    }
    this.#at = at + count;
    return at;
  }
}
