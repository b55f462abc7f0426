/** Where extensions want commands to be taken, beside the control sockets. */
import type { Listener } from "@kotare/extension";
import type { Extensions } from "../start-extensions.ts";

const lists = new WeakMap<Extensions, readonly Listener[]>();

/** The same list for the same extensions. */
export function listenersOf(extensions: Extensions): readonly Listener[] {
  const list = lists.get(extensions) ?? extensions.flatMap(({ contributions }) => contributions.listeners ?? []);
  lists.set(extensions, list);
  return list;
}
