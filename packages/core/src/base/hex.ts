/** Bytes as hexadecimal text and back. */

const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** The text while it is made: joined from strings it would leave a dozen of them behind. */
let made = Buffer.alloc(3 * 256);

/** `[0x1a, 2]` → `1a:02`. @param separator ASCII */
export function formatHex(bytes: Uint8Array, separator = ":"): string {
  const length = (2 + separator.length) * bytes.length;
  if (made.length < length) made = Buffer.alloc(length);
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i > 0) for (let j = 0; j < separator.length; j++) made[at++] = separator.charCodeAt(j);
    const byte = bytes[i]!;
    made[at++] = DIGITS[byte >> 4]!;
    made[at++] = DIGITS[byte & 15]!;
  }
  return made.toString("latin1", 0, at);
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
