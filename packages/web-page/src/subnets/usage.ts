/** How full the subnets are, now and while the page is open. */
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import type { Session } from "../session.ts";

/** Of one subnet: addresses, or delegated prefixes. */
export interface Usage {
  readonly subnetId: number;
  readonly kind: "addresses" | "prefixes";
  readonly total: number;
  readonly assigned: number;
  readonly declined: number;
}

interface Table {
  readonly "result-set": { readonly columns: readonly string[]; readonly rows: readonly (readonly number[])[] };
}

export async function loadUsage(session: Session, family: Family, signal: AbortSignal): Promise<readonly Usage[]> {
  const answer = await session.ask<Table>(SERVICE_OF[family], `stat-lease${family}-get`, undefined, signal);
  if (answer === undefined) return [];
  const { columns, rows } = answer["result-set"];
  return rows.flatMap((row) => {
    const get = (column: string) => row[columns.indexOf(column)] ?? 0;
    const subnetId = get("subnet-id");
    const of = (total: string, assigned: string) => ({ subnetId, total: get(total), assigned: get(assigned) });
    const declined = get("declined-addresses");
    const addresses = family === 4 ? "addresses" : "nas";
    const usages: Usage[] = [
      { ...of(`total-${addresses}`, `assigned-${addresses}`), kind: "addresses", declined },
      { ...of("total-pds", "assigned-pds"), kind: "prefixes", declined: 0 },
    ];
    return usages.filter(({ kind, total }) => kind === "addresses" || total > 0);
  });
}

export interface Sample {
  /** Unix time, seconds. */
  readonly time: number;
  readonly usages: readonly Usage[];
}

/** An hour of samples that are five seconds apart. */
const MOST_SAMPLES = 720;
/** So that many subnets take no more of the browser's memory than it has. */
const MOST_USAGES = 200_000;

/** @returns with the new one, and without those that are too many */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const most = Math.max(2, Math.min(MOST_SAMPLES, Math.floor(MOST_USAGES / Math.max(1, sample.usages.length))));
  return [...samples, sample].slice(-most);
}

/** What is leased of a subnet, or of all (`undefined`), for each sample. */
export function assignedOver(samples: readonly Sample[], subnetId: number | undefined): number[] {
  return samples.map(({ usages }) =>
    usages
      .filter((usage) => usage.kind === "addresses" && (subnetId === undefined || usage.subnetId === subnetId))
      .reduce((sum, { assigned }) => sum + assigned, 0),
  );
}
