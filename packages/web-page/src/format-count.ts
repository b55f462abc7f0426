/** Numbers of things, for people. */

/** `1 lease`, `1,000 leases`. @param thing one of them */
export function formatCount(count: number, thing: string): string {
  return `${count.toLocaleString()} ${thing}${count === 1 ? "" : thing.endsWith("s") ? "es" : "s"}`;
}
