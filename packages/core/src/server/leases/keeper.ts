/** Which server looks after a lease, as extensions say. */
import type { Lease as ShownLease } from "@kotare/extension";
import type { Extensions } from "../../extensions/start-extensions.ts";
import type { Keeper } from "../../leases/model/adoption.ts";
import type { Lease } from "../../leases/model/lease.ts";

/** @param extensions those that are asked now: the first that knows says it */
export function keeperIn<L extends Lease>(
  extensions: () => Extensions,
  { lease: show }: { lease(lease: L): ShownLease },
): (lease: L) => Keeper {
  return (lease) => {
    for (const extension of extensions()) {
      const { keeperOf } = extension.contributions;
      if (keeperOf !== undefined) return extension.call("keeperOf", () => keeperOf(show(lease)));
    }
    return "this";
  };
}
