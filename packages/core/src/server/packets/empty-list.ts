/** An empty list for objects, for the path of a packet. */

/** V8 takes `[]` for a list of small integers, and gives up what it has compiled for such a list at its first object. */
export function emptyList<T extends object>(): T[] {
  const list: unknown[] = [undefined];
  list.length = 0;
  return list as T[];
}
