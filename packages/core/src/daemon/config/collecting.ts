/**
 * By how many threads what packets leave behind is collected. Little of it survives, and one thread is done with that in less
 * than a millisecond. Those that help have to be waited for, and on a busy machine get no processor for many milliseconds. Of a
 * configuration that comes, all survives: then they are worth it.
 */
import { setFlagsFromString } from "node:v8";

let works = 0;

/** From now on one thread collects, but for `collectTogether`. @param set as V8 takes its options */
export function collectAlone(set = setFlagsFromString): void {
  set("--no-parallel-scavenge");
}

/** As many as the machine has, while the work lasts. */
export async function collectTogether<T>(work: () => Promise<T>, set = setFlagsFromString): Promise<T> {
  works += 1;
  set("--parallel-scavenge");
  try {
    return await work();
  } finally {
    works -= 1;
    if (works === 0) collectAlone(set);
  }
}
