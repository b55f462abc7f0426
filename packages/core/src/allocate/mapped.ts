/** What `map` gives, for the path of a packet. */

/**
 * Always an array of the same kind. What `map` itself gives is of another kind once V8 has compiled the function around it;
 * all code that has been compiled for the first kind is then given up, function by function, along the path.
 */
export function mapped<T, U>(items: readonly T[], of: (item: T, index: number) => U): U[] {
  // Most have one item: to grow makes room for sixteen more.
  if (items.length === 1) return [of(items[0]!, 0)];
  const results: U[] = [];
  for (let i = 0; i < items.length; i++) results.push(of(items[i]!, i));
  return results;
}
