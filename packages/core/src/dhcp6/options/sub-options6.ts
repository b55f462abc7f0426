/** DHCPv6 options inside an option: 16 bits of code and of length, and any number of one code. */
import type { SubOption } from "../../options/option-family.ts";
import { Reader } from "../../wire/reader.ts";
import type { Writer } from "../../wire/writer.ts";

/**
 * Sub-options up to the end of `payload`, in order.
 * @param context what the payload belongs to, for errors: `option 17`
 * @param offset of `payload` in the message, for errors
 * @throws {DecodeError} when a length leads beyond the end
 */
export function decodeSubOptions6(payload: Uint8Array, context: string, offset = 0): SubOption[] {
  const reader = new Reader(payload, context, offset);
  const found: SubOption[] = [];
  while (reader.remaining > 0) {
    const code = reader.u16("sub-option code");
    found.push({ code, data: reader.bytes(reader.u16(`sub-option ${code} length`), `sub-option ${code}`) });
  }
  return found;
}

/** @param data at most 65,535 bytes */
export function writeSubOption6({ code, data }: SubOption, writer: Writer): void {
  writer.u16(code).u16(data.length).bytes(data);
}
