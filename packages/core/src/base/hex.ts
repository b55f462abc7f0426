/** Bytes as hexadecimal text and back. */

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

/** `[0x1a, 2]` → `1a:02`. */
export function formatHex(bytes: Uint8Array, separator = ":"): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    text += i === 0 ? DIGITS[bytes[i]!] : separator + DIGITS[bytes[i]!];
  }
  return text;
}

/**
 * `1a:02`, `1a 02`, `1a02`, `0x1a02` → bytes; separated groups may have one digit (`1:2`).
 * @returns `undefined` when the text is not hexadecimal.
 */
export function parseHex(text: string): Uint8Array | undefined {
  const body = text.startsWith("0x") || text.startsWith("0X") ? text.slice(2) : text;
  if (/[:\s]/.test(body)) {
    const groups = body.split(/[:\s]/);
    if (!groups.every((group) => /^[0-9a-fA-F]{1,2}$/.test(group))) return undefined;
    return Uint8Array.from(groups, (group) => Number.parseInt(group, 16));
  }
  if (!/^[0-9a-fA-F]*$/.test(body)) return undefined;
  const even = body.length % 2 === 0 ? body : `0${body}`;
  const bytes = new Uint8Array(even.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(even.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
