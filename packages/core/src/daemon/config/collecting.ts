/**
 * By how many threads what packets leave behind is collected. Little of it survives, and one thread is done with that in less
 * than a millisecond. Those that help have to be waited for, and on a busy machine get no processor for many milliseconds. Of a
 * configuration that comes, all survives: then they are worth it.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let works = 0;

/** From now on one thread collects, but for `collectTogether`. @param set as V8 takes its options */
export function collectAlone(set = setFlagsFromString): void {
  set("--no-parallel-scavenge");
}

/**
 * Moves all that is young and lives to where it stays, which takes two collections. Else the first ones beside service do that
 * for all that a start has made: of 10,000 subnets they hold the main loop for 25 ms.
 */
export function settleYoung(set = setFlagsFromString): void {
  set("--expose-gc");
  const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
  set("--no-expose-gc");
  for (let times = 0; times < 2; times++) collect({ type: "minor" });
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
