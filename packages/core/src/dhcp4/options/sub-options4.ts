/** Sub-options on the wire: code, length, payload, inside an option or after its value. */
import type { SubOption } from "../../options/option-family.ts";
import { Reader } from "../../wire/reader.ts";
import type { Writer } from "../../wire/writer.ts";

/**
 * Sub-options up to the end of `payload`, in order; instances of one code are put together (RFC 3396 §7 extends to
 * sub-options). Any code may occur: 0 and 255 are no padding and no end here.
 * @param context what the payload belongs to, for errors: `option 82`
 * @throws {DecodeError} when a length leads beyond the end
 */
export function decodeSubOptions4(payload: Uint8Array, context: string, offset = 0): SubOption[] {
  const reader = new Reader(payload, context, offset);
  const found = new Map<number, Uint8Array>();
  while (reader.remaining > 0) {
    const code = reader.u8("sub-option code");
    const data = reader.bytes(reader.u8(`sub-option ${code} length`), `sub-option ${code}`);
    const before = found.get(code);
    found.set(code, before === undefined ? data : Buffer.concat([before, data]));
  }
  return [...found].map(([code, data]) => ({ code, data }));
}

/** Writes a sub-option; above 255 bytes as several instances (RFC 3396). */
export function writeSubOption4({ code, data }: SubOption, writer: Writer): void {
  for (let at = 0; at === 0 || at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    writer.u8(code).u8(part.length).bytes(part);
  }
}
