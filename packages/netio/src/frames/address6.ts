/** IPv6 addresses as datagrams and destinations have them. */

/**
 * A string of 16 characters, one a byte, in network order. It costs less than a view of bytes, outlives the batch that it was
 * read from, and `===` and `Map` compare it. Core's `Ipv6Key` is the same type; this package cannot import it.
 */
export type Address6 = string & { readonly Ipv6Key: true };

/** The address in `bytes[at…at+15]`, which must be there. */
export function readAddress6(bytes: Uint8Array, at: number): Address6 {
  // One call: no intermediate array, no concatenation.
  return String.fromCharCode(
    bytes[at] as number,
    bytes[at + 1] as number,
    bytes[at + 2] as number,
    bytes[at + 3] as number,
    bytes[at + 4] as number,
    bytes[at + 5] as number,
    bytes[at + 6] as number,
    bytes[at + 7] as number,
    bytes[at + 8] as number,
    bytes[at + 9] as number,
    bytes[at + 10] as number,
    bytes[at + 11] as number,
    bytes[at + 12] as number,
    bytes[at + 13] as number,
    bytes[at + 14] as number,
    bytes[at + 15] as number,
  ) as Address6;
}

export function writeAddress6(address: Address6, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) bytes[at + i] = address.charCodeAt(i);
}
