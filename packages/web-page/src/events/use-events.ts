/** What the daemons tell of leases and packets while the view is open. */
import { useRef } from "preact/hooks";
import { type Family, type Lease, SERVICE_OF } from "../leases/lease.ts";
import type { Session } from "../session.ts";
import { type Polled, usePolled } from "../use-polled.ts";

export type DaemonEvent = {
  readonly number: number;
  readonly family: Family /** Unix time. */;
  readonly time: number;
} & (
  | { readonly kind: "dropped"; readonly client: string; readonly interface: string; readonly why: string }
  | { readonly kind: "given" | "renewed" | "released" | "declined" | "expired" | "removed"; readonly lease: Lease }
);

interface Told {
  readonly events: readonly DaemonEvent[];
  readonly next: number;
  readonly lost: number;
}

export interface Seen {
  /** The newest first. */
  readonly events: readonly DaemonEvent[];
  /** More came than the daemons keep. */
  readonly lost: number;
}

/** Rows that a browser shows at ease. */
const MOST = 200;
const SECONDS = 0.5;

export function useEvents(session: Session, families: readonly Family[]): Polled<Seen> {
  const seen = useRef<Seen>({ events: [], lost: 0 });
  const next = useRef<{ [F in Family]?: number }>({});
  return usePolled(
    async (signal) => {
      const told = await Promise.all(
        families.map(async (family) => {
          const from = next.current[family];
          const answer = await session.ask<Told>(
            SERVICE_OF[family],
            "event-get",
            from === undefined ? {} : { from },
            signal,
          );
          return { family, answer };
        }),
      );
      for (const { family, answer } of told) {
        if (answer === undefined) continue;
        next.current[family] = answer.next;
        const fresh = answer.events.map((event) => ({ ...event, family })).reverse();
        const events = [...fresh, ...seen.current.events].sort((a, b) => b.time - a.time).slice(0, MOST);
        seen.current = { events, lost: seen.current.lost + answer.lost };
      }
      return seen.current;
    },
    [families.join()],
    SECONDS,
  );
}
