/** Bytes as tests write them: addresses, numbers and texts of options. */

/** `192.0.2.1` as four bytes; several addresses one behind the other. */
export function ip(...addresses: readonly string[]): Uint8Array {
  return Uint8Array.from(addresses.flatMap((address) => address.split(".").map(Number)));
}

/** Two bytes for each number. */
export function u16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >>> 8, value & 0xff]));
}

/** Four bytes for each number. */
export function u32(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >>> 24, value >>> 16, value >>> 8, value]));
}

/** `01:02 03` → three bytes; colons and spaces are for the reader. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/[:\s]/g, ""), "hex"));
}

/** One byte a character. */
export function text(value: string): Uint8Array {
  return Uint8Array.from(Buffer.from(value, "latin1"));
}

/** `02:00:00:00:00:01`. */
export function formatMac(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/..(?=.)/g, "$&:");
}
