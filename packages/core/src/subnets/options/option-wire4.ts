/** How configured options go into a DHCPv4 reply. */
import { Option4 } from "../../dhcp4/message4.ts";
import { dhcp4Options } from "../../dhcp4/options/index.ts";
import type { OptionDefinition } from "../../options/option.ts";
import { Writer } from "../../wire/writer.ts";
import type { EffectiveOption, OptionWire } from "./effective-options.ts";

/**
 * In the order of the codes, as Kea, which some boot ROMs count on: code, length, payload; a payload of more than 255
 * bytes in several pieces (RFC 3396 §5).
 */
export function encodeOptions4(options: readonly EffectiveOption[]): Uint8Array {
  const writer = new Writer();
  for (const { code, payload } of options.toSorted((a, b) => a.code - b.code)) {
    let at = 0;
    do {
      const piece = payload.subarray(at, at + 255);
      writer.u8(code).u8(piece.length).bytes(piece);
      at += 255;
    } while (at < payload.length);
  }
  return writer.take();
}

export const optionWire4: OptionWire = {
  sentUnasked: new Set(
    Object.values(dhcp4Options).flatMap(({ code, always }: Pick<OptionDefinition, "code" | "always">) =>
      always ? [code] : [],
    ),
  ),
  computed: [
    Option4.leaseTime,
    Option4.messageType,
    Option4.serverIdentifier,
    Option4.clientIdentifier,
    Option4.clientFqdn,
    Option4.relayAgentInformation,
  ],
  readRequested: (payload) => payload,
  encode: encodeOptions4,
};
