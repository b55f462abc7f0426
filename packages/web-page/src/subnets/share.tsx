/** How much of something is in use. */
import type { Usage } from "./usage.ts";

const HIGH = 0.8;
const FULL = 0.95;

export function Share({ usage, name }: { readonly usage: Usage; readonly name: string }) {
  const share = shareOf(usage);
  return (
    <>
      <meter
        min={0}
        max={1}
        low={HIGH}
        high={FULL}
        optimum={0}
        value={share}
        aria-label={`${usage.kind} of ${name} in use`}
      />{" "}
      {(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %
    </>
  );
}

/** Declined addresses are in use, too: nobody can have them. */
export function shareOf({ total, assigned, declined }: Usage): number {
  return total === 0 ? 0 : Math.min(1, (assigned + declined) / total);
}
