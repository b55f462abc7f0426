/** Long texts in slices, at a pace that leaves room for packets. */
import { Pace } from "../base/pace.ts";

/** Characters, at the most but for the last part. */
const SLICE = 32 * 1024;

/** @param parts promises among them are waited for */
export async function* slicesOf(parts: Iterable<string | Promise<void>>): AsyncGenerator<string> {
  const pace = new Pace();
  let slice = "";
  for (const part of parts) {
    if (typeof part !== "string") {
      await part;
      continue;
    }
    slice += part;
    if (slice.length < SLICE && !pace.isTurnOver) continue;
    yield slice;
    slice = "";
    await pace.rest();
  }
  if (slice !== "") yield slice;
}
