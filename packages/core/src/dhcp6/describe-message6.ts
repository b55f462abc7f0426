/** A whole DHCPv6 message as text for a human: its relays, its fields, and every option by name. */
import { formatIpv6Key } from "../ip/ipv6-key.ts";
import { formatOption } from "../options/format-option.ts";
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
  const text = new BoundedText();
  for (const relay of message.relays) {
    text.add(`${nameMessageType6(relay.type)} hops=${relay.hopCount}`);
    text.add(`link=${formatIpv6Key(relay.linkAddress)} peer=${formatIpv6Key(relay.peerAddress)}`);
    addOptions(relay, text, Option6.relayMessage);
  }
  text.add(`${nameMessageType6(message.type)} xid=0x${message.transactionId.toString(16).padStart(6, "0")}`);
  addOptions(message, text);
  return text.value;
}

/** @param skipped what a relay carries is a message and described as such */
function addOptions(index: OptionIndex6, text: BoundedText, skipped?: number): void {
  index.eachOption((code, at, length) => {
    if (code === skipped || text.isFull) return;
    text.add(`[${formatOption(code, index.bytes.subarray(at, at + length), dhcp6Spaces)}]`);
  });
}

class BoundedText {
  value = "";

  get isFull(): boolean {
    return this.value.length >= MAX_TEXT;
  }

  add(part: string): void {
    if (this.isFull) return;
    this.value += this.value === "" ? part : ` ${part}`;
    if (this.isFull) this.value = `${this.value.slice(0, MAX_TEXT)}…`;
  }
}
