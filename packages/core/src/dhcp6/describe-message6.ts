/** A whole DHCPv6 message as text for a human: its relays, its fields, and every option by name. */
import { formatIpv6Key } from "../ip/ipv6-key.ts";
import { formatOption } from "../options/format-option.ts";
import type { OptionSpaces } from "../options/option-spaces.ts";
import { nameMessageType6 } from "./message-type6.ts";
import type { Message6 } from "./message6.ts";
import type { OptionIndex6 } from "./option-index6.ts";
import { Option6 } from "./option6.ts";
import { dhcp6Spaces } from "./options/dhcp6-spaces.ts";

/** A reader's patience; a packet may have 16,000 options. */
const MAX_TEXT = 16_384;

/**
 * `RELAY-FORW hops=0 link=… peer=… [18 interface-id 65] SOLICIT xid=0xabcdef [1 clientid 000301] [14 rapid-commit]`,
 * relays from the one nearest to the server. Never throws, whatever the options hold.
 */
export function describeMessage6(message: Message6): string {
  return messageLines6(message, dhcp6Spaces).join(" ");
}

/** A line for some fields or an option each. */
export function messageLines6(message: Message6, spaces: OptionSpaces): readonly string[] {
  const text = new BoundedText();
  for (const relay of message.relays) {
    text.add(`${nameMessageType6(relay.type)} hops=${relay.hopCount}`);
    text.add(`link=${formatIpv6Key(relay.linkAddress)} peer=${formatIpv6Key(relay.peerAddress)}`);
    addOptions(relay, text, spaces, Option6.relayMessage);
  }
  text.add(`${nameMessageType6(message.type)} xid=0x${message.transactionId.toString(16).padStart(6, "0")}`);
  addOptions(message, text, spaces);
  return text.lines;
}

/** @param skipped what a relay carries is a message and described as such */
function addOptions(index: OptionIndex6, text: BoundedText, spaces: OptionSpaces, skipped?: number): void {
  index.eachOption((code, at, length) => {
    if (code === skipped || text.isFull) return;
    text.add(`[${formatOption(code, index.bytes.subarray(at, at + length), spaces)}]`);
  });
}

class BoundedText {
  readonly lines: string[] = [];
  #room = MAX_TEXT;

  get isFull(): boolean {
    return this.#room <= 0;
  }

  add(line: string): void {
    if (this.isFull) return;
    this.lines.push(line.length < this.#room ? line : `${line.slice(0, this.#room)}…`);
    this.#room -= line.length + 1;
  }
}
