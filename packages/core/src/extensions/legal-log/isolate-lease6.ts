/** What a format of the forensic log sees of a message of DHCPv6: the lease that the entry is about, and no other. */
import type { Lease } from "@kotare/extension";
import { readU16, writeU16 } from "../../base/big-endian.ts";
import { unlessBroken } from "../../base/decode-error.ts";
import { IA_SIZE } from "../../dhcp6/identity-association.ts";
import { MESSAGE_HEADER, Message6 } from "../../dhcp6/message6.ts";
import { OptionIndex6 } from "../../dhcp6/option-index6.ts";
import { OPTION_HEADER, Option6 } from "../../dhcp6/option6.ts";
import { parseIpv6 } from "../../ip/ipv6.ts";

/** The type of an association, the codes of it and of what is in it, and where the address stands in that. */
const KINDS = {
  IA_NA: { code: Option6.iaNa, inner: Option6.iaAddress, at: 0 },
  IA_PD: { code: Option6.iaPd, inner: Option6.iaPrefix, at: 9 },
} as const;

/**
 * As Kea's manual has it, an expression finds the lease in `option[3].option[5]`, or `option[25].option[26]`, whatever the
 * message has beside it. As in Kea the association has no T1 and T2 then, and there is none where the lease is not named.
 */
export function isolateLease6(message: Message6, lease: Lease): Message6 {
  const { bytes, start, relays } = message;
  const end = relays.at(-1)?.messageEnd ?? bytes.length;
  const parts = [bytes.subarray(start, start + MESSAGE_HEADER)];
  message.eachOption((code, at, length) => {
    if (code === Option6.iaNa || code === Option6.iaPd) return;
    parts.push(bytes.subarray(at - OPTION_HEADER, at + length));
  });
  const isolated = Buffer.concat([...parts, ...findAssociation(message, lease)]);
  const whole = Buffer.concat([bytes.subarray(0, start), isolated, bytes.subarray(end)]);
  for (const { messageStart } of relays) {
    writeU16(whole, messageStart - 2, readU16(bytes, messageStart - 2) + isolated.length - (end - start));
  }
  return new Message6(whole, message.isLenient);
}

function findAssociation(message: Message6, lease: Lease): Uint8Array[] {
  const { bytes } = message;
  const { code, inner, at: within } = KINDS[lease.type === "IA_PD" ? "IA_PD" : "IA_NA"];
  const address = parseIpv6(lease["ip-address"])!;
  const found: Uint8Array[] = [];
  message.eachOption((which, start, length) => {
    if (which !== code || length < IA_SIZE || found.length > 0) return;
    const options = unlessBroken(() => new OptionIndex6(bytes, start + IA_SIZE, start + length, ""));
    options?.eachOption((innerCode, at, size) => {
      if (innerCode !== inner || size < within + address.length || found.length > 0) return;
      const named = bytes.subarray(at + within, at + within + address.length);
      if (Buffer.compare(named, address) !== 0) return;
      const header = Buffer.alloc(OPTION_HEADER + IA_SIZE);
      writeU16(header, 0, code);
      writeU16(header, 2, IA_SIZE + OPTION_HEADER + size);
      header.set(bytes.subarray(start, start + 4), OPTION_HEADER);
      found.push(header, bytes.subarray(at - OPTION_HEADER, at + size));
    });
  });
  return found;
}
