/** The pools of one subnet: each inside it, and no two with an address in common. */
import type { Pointer } from "../fault.ts";
import { type AddressText, contains, formatPrefix, type PrefixSpan, type Span } from "./address-text.ts";
import type { Report } from "./report.ts";

/** A pool's addresses, and where it stands. */
export interface PointedSpan<Address> extends Span<Address> {
  /** Of the pool itself, and in it the key and the value that say which addresses it has. */
  readonly pointer: Pointer;
  readonly key: string;
  readonly value: string;
}

/** @returns the pools that are ranges of addresses */
export function checkPools<Address extends number | string>(
  family: AddressText<Address>,
  pools: readonly { readonly pool: string }[],
  prefix: PrefixSpan<Address>,
  pointer: Pointer,
  report: Report,
): PointedSpan<Address>[] {
  const { format } = family;
  const tell = (index: number, message: string, fix: string) => {
    const value = pools[index]!.pool;
    report({ pointer: [...pointer, index, "pool"], value, message, fix, severity: "error" });
  };
  const spans: PointedSpan<Address>[] = [];
  pools.forEach(({ pool }, index) => {
    const range = family.parseRange(pool);
    if (range === undefined) {
      tell(index, "is not a range of addresses", adviseRange(family, pool, prefix));
      return;
    }
    const { first, last } = range;
    const slash = pool.indexOf("/");
    if (slash >= 0 && family.parse(pool.slice(0, slash)) !== first) {
      const length = pool.slice(slash + 1);
      const fix = `write ${format(first)}/${length}, or a range`;
      tell(index, `does not begin at the first address of a /${length}`, fix);
    }
    if (!contains(prefix, first) || !contains(prefix, last)) {
      const message = `is not inside the subnet ${formatPrefix(family, prefix)}`;
      tell(index, message, `stay within ${format(prefix.first)} - ${format(prefix.last)}`);
    }
    spans.push({ first, last, pointer: [...pointer, index], key: "pool", value: pool });
  });
  return spans;
}

function adviseRange<Address extends number | string>(
  { parse, format, poolStart }: AddressText<Address>,
  text: string,
  prefix: PrefixSpan<Address>,
): string {
  const [first, last] = text.split("-").map(parse);
  if (first !== undefined && last !== undefined && first > last) return "write the lower address first";
  return `write "first - last" or "address/length", such as "${format(poolStart(prefix))} - ${format(prefix.last)}"`;
}

/** @param spans in the order of the file */
export function checkOverlaps<Address extends number | string>(
  { format }: AddressText<Address>,
  spans: readonly PointedSpan<Address>[],
  report: Report,
): void {
  if (spans.length < 2) return;
  const sorted = spans.map((span, index) => ({ span, index }));
  sorted.sort((a, b) => (a.span.first < b.span.first ? -1 : a.span.first > b.span.first ? 1 : a.index - b.index));
  let before: (typeof sorted)[number] | undefined;
  for (const at of sorted) {
    if (before !== undefined && at.span.first <= before.span.last) {
      const [earlier, later] = at.index < before.index ? [at.span, before.span] : [before.span, at.span];
      const end = contains(before.span, at.span.last) ? at.span.last : before.span.last;
      report({
        pointer: [...later.pointer, later.key],
        value: later.value,
        message: "overlaps {other}",
        other: earlier.pointer,
        fix: `take ${format(at.span.first)} - ${format(end)} out of one of them`,
        severity: "error",
      });
    }
    if (before === undefined || at.span.last > before.span.last) before = at;
  }
}
