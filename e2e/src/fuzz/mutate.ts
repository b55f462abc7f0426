/** Changes to packets that anybody can play again. */

export type Random = (below: number) => number;

/** Xorshift: the same seed gives the same packets. */
export function randomFrom(seed: number): Random {
  let state = seed || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** What goes into one frame. */
export const LONGEST = 1400;

/**
 * One to eight changes: a bit, a byte, a piece cut out, doubled, or filled with one value.
 * @param header bytes before the options
 */
export function mutate(payload: Uint8Array, header: number, random: Random): Uint8Array {
  let bytes = Buffer.from(payload);
  for (let changes = 1 + random(8); changes > 0 && bytes.length > 0; changes--) {
    // Options are where the parsers are: most changes go there.
    const start = random(4) === 0 || bytes.length <= header ? 0 : header;
    const at = start + random(bytes.length - start);
    const end = Math.min(bytes.length, at + 1 + random(20));
    switch (random(5)) {
      case 0:
        bytes[at]! ^= 1 << random(8);
        break;
      case 1:
        bytes[at] = [0, 1, 255, 127, 128, random(256)][random(6)]!;
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(3) === 0 ? bytes.length : end)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
        break;
      default:
        bytes.fill(random(256), at, end);
    }
  }
  return bytes.subarray(0, LONGEST);
}
