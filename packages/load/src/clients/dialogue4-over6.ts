/** What clients of DHCPv4 say where the link has IPv6 only (RFC 7341): each message is an option of one of DHCPv6. */
import { readU16, writeU16, writeU32 } from "@kotare/core/base/big-endian";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MESSAGE_HEADER } from "@kotare/core/dhcp6/message6";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import type { Address6 } from "@kotare/netio/frames/address6";
import type { Datagram } from "@kotare/netio/transports/datagram";
import type { Dialogue, Leg, Reading, Reply } from "./dialogue.ts";
import type { Dialogue4 } from "./dialogue4.ts";

const MESSAGE_AT = MESSAGE_HEADER + OPTION_HEADER;
/** The type, and no flag: each message is sent to all servers (RFC 7341 §6.3). */
const QUERY = MessageType6.DHCPV4_QUERY << 24;

export class Dialogue4Over6 implements Dialogue<Address6> {
  readonly legs: readonly Leg[];
  readonly reply: Reply;
  readonly capacity: number;
  readonly #inner: Dialogue4;

  /** @param inner what the clients say */
  constructor(inner: Dialogue4) {
    this.legs = inner.legs;
    this.reply = inner.reply;
    this.capacity = MESSAGE_AT + inner.capacity;
    this.#inner = inner;
  }

  write(leg: number, client: number, number: number, buffer: Uint8Array, at: number): number {
    const length = this.#inner.write(leg, client, number, buffer, at + MESSAGE_AT);
    writeU32(buffer, at, QUERY);
    writeU16(buffer, at + MESSAGE_HEADER, Option6.dhcpv4Message);
    writeU16(buffer, at + MESSAGE_HEADER + 2, length);
    return MESSAGE_AT + length;
  }

  read({ buffer, offset, length }: Datagram<Address6>): Reading {
    if (length < MESSAGE_HEADER) return "malformed";
    if (buffer[offset] !== MessageType6.DHCPV4_RESPONSE) return "foreign";
    const end = offset + length;
    for (let at = offset + MESSAGE_HEADER; at + OPTION_HEADER <= end; ) {
      const next = at + OPTION_HEADER + readU16(buffer, at + 2);
      if (next > end) break;
      if (readU16(buffer, at) === Option6.dhcpv4Message) {
        return this.#inner.read({ buffer, offset: at + OPTION_HEADER, length: next - at - OPTION_HEADER });
      }
      at = next;
    }
    return "malformed";
  }

  isFor(client: number): boolean {
    return this.#inner.isFor(client);
  }

  keep(client: number): boolean {
    return this.#inner.keep(client);
  }

  hasLease(client: number): boolean {
    return this.#inner.hasLease(client);
  }

  formatLease(client: number): string {
    return this.#inner.formatLease(client);
  }
}
