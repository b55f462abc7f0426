/** A host database with a configuration: its records become reservations by the same way as those of the configuration. */
import type { ReadReservation } from "../../config/check/read-reservation.ts";
import { formatFault } from "../../config/fault.ts";
import type { HostSource } from "./batch-hosts.ts";
import type { HostDatabase, HostRecord } from "./host-database.ts";

/** Records that are remembered as told: a database may have any number of bad ones. */
const TOLD = 10_000;

/** Told once of each record that is wrong. @param fault says what, and what to do */
export type OnHostFault = (database: string, record: HostRecord, fault: string) => void;

/** What a configuration makes of reservations that are not in it. */
export interface ReservationMaker<Reservation, Host> {
  /** @param document JSON, which is changed where it is wrong */
  read(document: object): ReadReservation<Reservation>;
  compile(reservation: Reservation): Host;
}

/** Those of a configuration, in the order in which they count. */
export interface HostDatabases<Database> {
  readonly databases: readonly Database[];
  /** What the configuration says of each of them. */
  readonly entries: readonly object[];
  readonly onFault: OnHostFault;
}

export const NO_DATABASES: HostDatabases<never> = { databases: [], entries: [], onFault: () => {} };

export function hostSource<Type extends string, Host, Address, Reservation>(
  database: HostDatabase<Type, Address, Reservation>,
  { read, compile }: ReservationMaker<Reservation, Host>,
  onFault: OnHostFault,
): HostSource<Type, Host, Address> & { readonly database: HostDatabase<Type, Address, Reservation> } {
  const told = new Set<number>();
  return {
    database,
    read(record) {
      const result = record.fault === undefined ? read(record.reservation) : { faults: [] };
      if ("reservation" in result) return compile(result.reservation);
      if (!told.has(record.id) && told.size < TOLD) {
        told.add(record.id);
        onFault(database.name, record, record.fault ?? result.faults.map(formatFault).join("; "));
      }
      return undefined;
    },
  };
}
