/** How configured options go into a DHCPv6 reply (RFC 8415 §21.1). */
import { readU16 } from "../../base/big-endian.ts";
import { Option6 } from "../../dhcp6/option6.ts";
import { Writer } from "../../wire/writer.ts";
import type { EffectiveOption, OptionWire } from "./effective-options.ts";

function* readCodes(payload: Uint8Array): Generator<number> {
  for (let at = 0; at + 1 < payload.length; at += 2) yield readU16(payload, at);
}

/** In the order of the codes, as Kea. */
export function encodeOptions6(options: readonly EffectiveOption[]): Uint8Array {
  const writer = new Writer();
  for (const { code, payload } of options.toSorted((a, b) => a.code - b.code))
    writer.u16(code).u16(payload.length).bytes(payload);
  return writer.take();
}

export const optionWire6: OptionWire = {
  sentUnasked: new Set([Option6.preference, Option6.unicast]),
  computed: [
    Option6.clientId,
    Option6.serverId,
    Option6.iaNa,
    Option6.iaPd,
    Option6.statusCode,
    Option6.rapidCommit,
    Option6.clientFqdn,
  ],
  readRequested: readCodes,
  encode: encodeOptions6,
};
