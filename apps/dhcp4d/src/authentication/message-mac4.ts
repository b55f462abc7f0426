/** RFC 3118 §5.3: the MAC of a message, which leaves out what relays change. */
import { Field4, Option4 } from "@kotare/core/dhcp4/message4";
import { hmacMd5 } from "@kotare/core/summons/client-secrets";

const MAC_LENGTH = 16;

/**
 * Of the whole message with zeros in `hops`, `giaddr` and the MAC itself, and without option 82 (RFC 3118 §3).
 * @param macAt where the MAC is in the message
 */
export function macOf(message: Uint8Array, macAt: number, secret: Uint8Array): Uint8Array {
  const copy = Buffer.from(message);
  copy[Field4.hops] = 0;
  copy.fill(0, Field4.giaddr, Field4.giaddr + 4);
  copy.fill(0, macAt, macAt + MAC_LENGTH);
  return hmacMd5(secret, withoutRelayOptions(copy));
}

function withoutRelayOptions(message: Buffer): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  let at: number = Field4.options;
  while (at + 1 < message.length && message[at] !== Option4.end) {
    const next = message[at] === Option4.pad ? at + 1 : at + 2 + message[at + 1]!;
    if (message[at] === Option4.relayAgentInformation) {
      kept.push(message.subarray(from, at));
      from = next;
    }
    at = next;
  }
  return from === 0 ? message : Buffer.concat([...kept, message.subarray(from)]);
}
