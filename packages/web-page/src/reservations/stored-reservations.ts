/** Reservations that are not in the configuration but in host databases: they are read and changed by commands. */
import { type Change, formatConfig } from "../configuration/change/change.ts";
import type { DhcpConfig, Reservation } from "../configuration/config.ts";
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import type { Session } from "../session.ts";
import { identifierOf, type Place } from "./reservation.ts";

/** How many are asked for at a time, and how many are looked at together: there may be a hundred thousand. */
const PAGE = 250;
export const STRETCH = 1000;

/** Where some of them begin. */
export interface Start {
  readonly from: number;
  readonly "source-index": number;
}

const FIRST: Start = { from: 0, "source-index": 1 };

interface Page {
  readonly hosts: readonly (Reservation & { readonly "subnet-id": number })[];
  readonly next?: Start;
}

/** Some of the reservations in host databases. */
export interface Stored {
  readonly places: readonly Place[];
  /** Where those behind them begin; `undefined` where there are none. */
  readonly next: Start | undefined;
}

/** Whether new ones go there: into a database that may be written. */
export function hasStore({ "hosts-databases": databases = [] }: DhcpConfig): boolean {
  return databases.some(({ type, readonly }) => type !== "memfile" && readonly !== true);
}

/** About a thousand. @param start default the first ones */
export async function loadStored(
  session: Session,
  family: Family,
  start = FIRST,
  signal?: AbortSignal,
): Promise<Stored> {
  const found: Place[] = [];
  let next: Start | undefined = start;
  while (next !== undefined && found.length < STRETCH) {
    const question: object = { limit: PAGE, ...next };
    const page: Page | undefined = await session.ask(SERVICE_OF[family], "reservation-get-page", question, signal);
    for (const { "subnet-id": subnetId, ...reservation } of page?.hosts ?? []) {
      found.push({ subnetId, reservation, isStored: true });
    }
    next = page?.next;
  }
  return { places: found, next };
}

/** Without `before` it is added, without `after` removed. It lasts by itself. */
export function storedChange(
  session: Session,
  family: Family,
  title: string,
  before: Place | undefined,
  after: Place | undefined,
): Change {
  const ask = (command: string, args: object) => session.ask(SERVICE_OF[family], command, args);
  const remove = ({ subnetId, reservation }: Place) => {
    const { type, value } = identifierOf(reservation);
    return ask("reservation-del", { "subnet-id": subnetId, "identifier-type": type, identifier: value });
  };
  return {
    title,
    before: textOf(before),
    after: textOf(after),
    async apply() {
      if (before !== undefined && after !== undefined && isSame(before, after)) {
        await ask("reservation-update", { reservation: whole(after) });
        return;
      }
      if (before !== undefined) await remove(before);
      if (after !== undefined) await ask("reservation-add", { reservation: whole(after) });
    },
  };
}

function whole({ subnetId, reservation }: Place): object {
  return { "subnet-id": subnetId, ...reservation };
}

function textOf(place: Place | undefined): string {
  return place === undefined ? "" : formatConfig(whole(place));
}

/** Of one subnet, and by the same identifier. */
function isSame(one: Place, other: Place): boolean {
  const [a, b] = [one, other].map(({ reservation }) => identifierOf(reservation));
  return one.subnetId === other.subnetId && a?.type === b?.type && a?.value === b?.value;
}
