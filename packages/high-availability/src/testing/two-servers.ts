/** A pair without a network, and leases that it is to tell. Tests only. */
import type { LeaseChange } from "@kotare/extension";
import { exchange, lease4 } from "./exchanges.ts";
import { Network, type Node } from "./network.ts";
import { pair } from "./pairs.ts";

export const NAMES = ["a", "b"] as const;

/** A pair that works. @param change of the relationship */
export async function twoServers(change: object = {}) {
  const network = new Network();
  const [a, b] = NAMES.map((name) => network.add([name], [pair(name, NAMES, change)])) as [Node, Node];
  await network.pass(10_000);
  return { network, a, b };
}

/** A client's lease is to be told. @returns why its answer may not leave */
export const told = async (node: Node, number = 1, kind: LeaseChange["kind"] = "put") => {
  const event = exchange(number, [kind, lease4(number)]);
  return (await node.contributions.commit!([event], Promise.resolve([event])))?.get(event);
};
