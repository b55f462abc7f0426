/** Long texts in slices, at a pace that leaves room for packets. */
import { Pace } from "../../base/pace.ts";

/**
 * Characters of all slices but the last. Kea writes so many at a time, and clients rely on it: they take a read that
 * fills no buffer of theirs for the end. The kernel hands on as one what is written as one, up to this length.
 */
export const SLICE = 32 * 1024;

/**
 * Rests while a slice is made, too.
 * @param parts promises among them are waited for
 * @param isGone whether nobody wants the rest: a search among many leases may go on for long without a slice
 */
export async function* slicesOf(
  parts: Iterable<string | Promise<void>>,
  isGone: () => boolean = () => false,
): AsyncGenerator<string> {
  const pace = new Pace();
  let slice = "";
  for (const part of parts) {
    if (typeof part === "string") slice += part;
    else await part;
    for (; slice.length >= SLICE; slice = slice.slice(SLICE)) yield slice.slice(0, SLICE);
    if (!pace.isTurnOver) continue;
    await pace.rest();
    if (isGone()) return;
  }
  if (slice !== "") yield slice;
}
