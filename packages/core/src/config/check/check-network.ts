/** What the subnets of a shared network must have in common. */
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

export interface Linked {
  readonly interface?: string | undefined;
}

/**
 * A shared network is one link, so there is one interface that leads to it.
 * @param pointer of the list of subnets
 */
export function checkOneInterface(network: Linked, subnets: readonly Linked[], pointer: Pointer, report: Report): void {
  let name = network.interface ?? "";
  subnets.forEach((subnet, i) => {
    const own = subnet.interface ?? "";
    if (name === "") name = own;
    else if (own !== "" && own !== name) {
      report({
        pointer: [...pointer, i, "interface"],
        value: own,
        message: `is not the interface of the rest of the network, "${name}"`,
        fix: "a shared network is one link: name one interface, or leave the subnets to other networks",
        severity: "error",
      });
    }
  });
}
