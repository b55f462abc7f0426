/** Look-ups of leases beside the packet path, also where they are not all in memory. */
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseBatch } from "../../leases/model/lease-store.ts";

/** @param find is called again when what it has missed is loaded */
export async function look<L extends Lease, Batch extends LeaseBatch<L>, Result>(
  store: { begin(): Batch },
  find: (batch: Batch) => Result,
): Promise<Result> {
  const batch = store.begin();
  const found = find(batch);
  if (batch.missed === 0) return found;
  try {
    await batch.load();
    return find(batch);
  } finally {
    batch.abandon();
  }
}

/** Pages of what a function gives, until there is no more. @param next the leases behind one, or the first ones */
export async function* pages<L>(
  next: (last: L | undefined) => readonly L[] | Promise<readonly L[]>,
): AsyncGenerator<readonly L[]> {
  for (let last: L | undefined; ; ) {
    const page = await next(last);
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)!;
  }
}

/** Pages with only what is wanted in them: a page may be empty. */
export async function* wanted<L>(
  all: AsyncIterable<readonly L[]>,
  isWanted: (lease: L) => boolean,
): AsyncGenerator<readonly L[]> {
  for await (const page of all) yield page.filter(isWanted);
}
