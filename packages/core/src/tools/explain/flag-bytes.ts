/** Bytes that somebody gives behind a flag. */
import { parseHex } from "../../base/hex.ts";

/** @throws Error in words, where the text is no hexadecimal digits */
export function flagBytes(flag: string, text: string): Uint8Array {
  const bytes = parseHex(text);
  if (bytes === undefined || bytes.length === 0) throw new Error(`${flag} ${text}: is no hexadecimal digits`);
  return bytes;
}
