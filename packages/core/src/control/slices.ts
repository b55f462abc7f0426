/** Long texts in slices: each takes less than a millisecond to make, and between two of them packets have their turn. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** Characters. */
const SLICE = 32 * 1024;

/** @param parts promises among them are waited for */
export async function* slicesOf(parts: Iterable<string | Promise<void>>): AsyncGenerator<string> {
  let slice = "";
  for (const part of parts) {
    if (typeof part !== "string") {
      await part;
      continue;
    }
    slice += part;
    if (slice.length < SLICE) continue;
    yield slice;
    slice = "";
    await nextTurn();
  }
  if (slice !== "") yield slice;
}
