/** IPv6 addresses in four words each, one behind the other in a typed array. */

/** Words of an address. */
export const WORDS = 4;

/** Below zero when the address at `words[at]` is below the key, above when it is above. */
export function compareWords(words: Uint32Array, at: number, key: Uint32Array): number {
  for (let i = 0; i < WORDS; i++) {
    const word = words[at + i]!;
    if (word !== key[i]) return word < key[i]! ? -1 : 1;
  }
  return 0;
}

/** How many addresses `to` is behind `from`. Exact where it is below 2^53: all steps on the way are. */
export function distanceBetween(from: Uint32Array, at: number, to: Uint32Array, toAt: number): number {
  let distance = 0;
  for (let i = 0; i < WORDS; i++) distance = distance * 0x1_0000_0000 + (to[toAt + i]! - from[at + i]!);
  return distance;
}
