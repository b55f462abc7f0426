/** Reservations of a test's configuration, moved into a host database that answers late. Tests only. */
import type { Dhcp6Config, Reservation6Config } from "@kotare/core/config/dhcp6-config";
import type { InsideText } from "@kotare/core/config/testing/parse-inside";
import { GLOBAL } from "@kotare/core/hosts/database/host-database";
import { hostTable6 } from "@kotare/core/hosts/file/host-table6";
import { MemoryHostDatabase } from "@kotare/core/hosts/testing/memory-host-database";

export class MovedHosts6 {
  readonly database = new MemoryHostDatabase(hostTable6);
  #ids: number[] = [];

  /** @returns the text without them */
  move(text: InsideText, config: Dhcp6Config): InsideText {
    const { table } = this.database;
    for (const id of this.#ids) table.remove(id);
    this.#ids = [];
    const networks = config["shared-networks"].flatMap(({ subnet6 }) => subnet6);
    for (const { id, reservations } of [...config.subnet6, ...networks]) this.#add(id, reservations);
    this.#add(GLOBAL, config.reservations);
    return without(text) as InsideText;
  }

  #add(subnetId: number, reservations: readonly Reservation6Config[]): void {
    for (const reservation of reservations) this.#ids.push(this.database.table.add({ subnetId, reservation }));
  }
}

/** Everywhere in it. */
function without(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json, (key, value: unknown) => (key === "reservations" ? undefined : value)));
}
