/** What is wrong with an edited configuration, at the cost of what was edited: the rest has been checked before. */
import type { ConfigFamily } from "../config-family.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import type { ConfigTree, TreeTypes } from "./config-tree.ts";

/**
 * Finds the errors of what is not in `before`. Whether ids, prefixes and names of networks are taken elsewhere is for
 * the one who edits to say.
 * @param check as that of a family of configurations, for one that has nothing but what is new
 * @returns errors; their pointers are those of `after`
 */
export function checkEdit<T extends TreeTypes>(
  tree: ConfigTree<T>,
  before: T["config"],
  after: T["config"],
  check: ConfigFamily<T["config"]>["check"],
): readonly ConfigFault[] {
  const subnets = newIn(tree.subnetsOf(before), tree.subnetsOf(after));
  const networks = newIn(tree.networksOf(before), tree.networksOf(after));
  const classes = tree.classesOf(after);
  let rest = tree.withNetworks(tree.withSubnets(after, entriesOf(subnets)), entriesOf(networks));
  rest = { ...rest, reservations: [] };
  if (tree.classesOf(before) === classes) rest = tree.withClasses(rest, []);
  const { key } = tree;
  const inAfter = (pointer: Pointer): Pointer => {
    const [root, list, index, ...inside] = pointer;
    const some = list === key ? subnets : list === "shared-networks" ? networks : undefined;
    if (some === undefined || typeof index !== "number") return pointer;
    return [root!, list!, some[index]![1], ...inside];
  };
  return check(rest)
    .filter(({ severity }) => severity === "error")
    .map((fault) => ({ ...fault, pointer: inAfter(fault.pointer), other: fault.other && inAfter(fault.other) }));
}

/**
 * With their places. What both lists begin and end with is not looked at twice: of ten thousand entries an edit changes
 * one.
 */
export function newIn<Entry>(
  before: readonly Entry[],
  after: readonly Entry[],
): readonly (readonly [entry: Entry, index: number])[] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const known = new Set(before.slice(start, before.length - end));
  const between = after.slice(start, after.length - end).map((entry, i) => [entry, start + i] as const);
  return known.size === 0 ? between : between.filter(([entry]) => !known.has(entry));
}

function entriesOf<Entry>(news: readonly (readonly [entry: Entry, index: number])[]): readonly Entry[] {
  return news.map(([entry]) => entry);
}
