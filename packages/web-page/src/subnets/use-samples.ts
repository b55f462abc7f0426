/** Samples of how full the subnets are, taken from the login on. */
import { useRef } from "preact/hooks";
import type { Family } from "../leases/lease.ts";
import type { Session } from "../session.ts";
import { type Polled, usePolled } from "../use-polled.ts";
import { addSample, loadUsage, type Sample } from "./usage.ts";

const SECONDS = 5;

export type Samples = { readonly [F in Family]: readonly Sample[] };

export function useSamples(session: Session, families: readonly Family[]): Polled<Samples> {
  const samples = useRef<Samples>({ 4: [], 6: [] });
  return usePolled(
    async (signal) => {
      for (const family of families) {
        const usages = await loadUsage(session, family, signal);
        const all = addSample(samples.current[family], { time: Date.now() / 1000, usages });
        samples.current = { ...samples.current, [family]: all };
      }
      return samples.current;
    },
    [families.join()],
    SECONDS,
  );
}
