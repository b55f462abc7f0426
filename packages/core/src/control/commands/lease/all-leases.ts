/** Every lease, a step at a time, while others have their turn. */
import { Pace } from "../../../base/pace.ts";
import type { Sought } from "../../../leases/model/sought.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";

/** Leases a step: some 0.1 ms. */
const STEP = 64;

type Source<L extends AnyLease> = Pick<LeaseContext<L>, "page">;

/**
 * In steps, ascending. A lease that is there from the first step to the last comes once, as it is at that moment.
 * @param after the address behind which they begin
 */
export async function* stepsOfLeases<L extends AnyLease>(
  { page }: Source<L>,
  after: L["address"] | undefined = undefined,
): AsyncGenerator<readonly L[]> {
  let last = after;
  const pace = new Pace();
  for (;;) {
    const leases = await page(last, STEP);
    if (leases.length > 0) yield leases;
    if (leases.length < STEP) return;
    last = leases.at(-1)?.address;
    await pace.rest();
  }
}

/** The first leases that are wanted, so many at most, of those whom no client's name leads to. */
export async function firstLeases<L extends AnyLease>(
  source: Source<L>,
  limit: number,
  isWanted: (lease: L) => boolean,
): Promise<readonly L[]> {
  const found: L[] = [];
  for await (const step of stepsOfLeases(source)) {
    found.push(...step.filter(isWanted));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/**
 * The same as `stepsOfLeases` for a `JsonList`, whose writer rests; one by one: promises among them are to be waited for.
 * @param sought leases that do not have it may be left out
 */
export function* allLeases<L extends AnyLease>(
  { page }: Source<L>,
  after: L["address"] | undefined,
  sought?: Sought,
): Generator<L | Promise<void>> {
  let last = after;
  for (;;) {
    const found = page(last, STEP, sought);
    let leases: readonly L[] = [];
    if (found instanceof Promise) {
      yield found.then((loaded) => {
        leases = loaded;
      });
    } else leases = found;
    yield* leases;
    if (leases.length < STEP) return;
    last = leases.at(-1)?.address;
    // Of leases that nobody wants nothing is written, and the writer would not rest.
    yield Promise.resolve();
  }
}
