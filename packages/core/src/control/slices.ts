/** Long texts in slices: each takes less than a millisecond to make, and between two of them packets have their turn. */

/** Characters. */
const SLICE = 32 * 1024;

export async function* slicesOf(parts: Iterable<string>): AsyncGenerator<string> {
  let slice = "";
  for (const part of parts) {
    slice += part;
    if (slice.length < SLICE) continue;
    yield slice;
    slice = "";
    await new Promise(setImmediate);
  }
  if (slice !== "") yield slice;
}
