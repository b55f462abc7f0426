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

/** Values of characters as digits, by their codes; -1 for others. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => "0123456789abcdef".indexOf(textOf(code).toLowerCase()));

function textOf(code: number): string {
  return String.fromCharCode(code);
}

/**
 * `1a:02`, `1a 02`, `1a02`, `0x1a02` → bytes; separated groups may have one digit (`1:2`). By its codes, since files of
 * reservations have hundreds of thousands of such texts.
 * @returns `undefined` when the text is not hexadecimal.
 */
export function parseHex(text: string): Uint8Array | undefined {
  const start = text.startsWith("0x") || text.startsWith("0X") ? 2 : 0;
  let separators = 0;
  for (let i = start; i < text.length; i++) if (isSeparator(text.charCodeAt(i))) separators++;
  return separators > 0 ? parseGroups(text, start, separators + 1) : parseDigits(text, start);
}

function parseGroups(text: string, start: number, groups: number): Uint8Array | undefined {
  const bytes = new Uint8Array(groups);
  let [at, digits] = [0, 0];
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = VALUES[code] ?? -1;
    if (value >= 0 && digits < 2) {
      bytes[at] = (bytes[at]! << 4) | value;
      digits++;
    } else if (isSeparator(code) && digits > 0) {
      at++;
      digits = 0;
    } else return undefined;
  }
  return digits > 0 ? bytes : undefined;
}

function parseDigits(text: string, start: number): Uint8Array | undefined {
  const bytes = new Uint8Array((text.length - start + 1) >> 1);
  // The first byte has one digit where their number is odd.
  let at = (text.length - start) & 1;
  for (let i = start; i < text.length; i++, at++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    bytes[at >> 1] = (bytes[at >> 1]! << 4) | value;
  }
  return bytes;
}

/** A colon, or white space. */
function isSeparator(code: number): boolean {
  return code === 0x3a || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
