/** Scenes whose reservations are in a database, from which both subjects serve them. */
import { growingPauses } from "@kotare/core/base/retry";
import { readReservation } from "@kotare/core/config/check/read-reservation";
import { reservationRules4 } from "@kotare/core/config/dhcp4/reservation-rules4";
import { reservationRules6 } from "@kotare/core/config/dhcp6/reservation-rules6";
import { HostsDatabase } from "@kotare/core/config/schema/databases";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import { dhcp6Spaces } from "@kotare/core/dhcp6/options/dhcp6-spaces";
import type { HostDatabase } from "@kotare/core/hosts/database/host-database";
import { completeOptions } from "@kotare/core/hosts/sql/complete-options";
import { sqlFamily4 } from "@kotare/core/hosts/sql/sql-family4";
import { sqlFamily6 } from "@kotare/core/hosts/sql/sql-family6";
import type { OpenHosts } from "@kotare/core/server/databases/open-host-databases";
import { openMysqlHosts } from "@kotare/mysql/hosts/open-mysql-hosts";
import { openPostgresqlHosts } from "@kotare/postgresql/hosts/open-postgresql-hosts";
import type { DatabaseServer } from "../subject/database-server.ts";
import type { DhcpConfig, Family, Subject } from "../subject/server.ts";
import type { Placement } from "./run.ts";

const OPENERS: Readonly<Record<string, OpenHosts>> = { mysql: openMysqlHosts, postgresql: openPostgresqlHosts };

/** What has reservations, and what is inside of it. */
interface Scope extends DhcpConfig {
  readonly id?: number;
  readonly reservations?: readonly object[];
  readonly "shared-networks"?: readonly Scope[];
  readonly subnet4?: readonly Scope[];
  readonly subnet6?: readonly Scope[];
}

/** Moves the reservations of each configuration into a database of its own. */
export class MovedHosts {
  readonly #databases: DatabaseServer;
  readonly #schema: string | undefined;
  #count = 0;

  /** @param schema the script that makes the tables; by default ours */
  constructor(databases: DatabaseServer, schema: string | undefined) {
    this.#databases = databases;
    this.#schema = schema;
  }

  async place(subject: Subject, family: Family, config: DhcpConfig): Promise<Placement> {
    const name = `hosts${++this.#count}`;
    await this.#databases.create(name, this.#schema);
    const found: { subnetId: number; reservation: object }[] = [];
    const emptied = empty(config, 0, found);
    await this.#fill(name, family, found);
    const ours = { settings: this.#databases.settings(name), under: [] };
    const { settings, under } = subject === "kotare" ? ours : this.#databases.keaSettings(name);
    return { config: { ...emptied, "hosts-databases": [settings] }, under };
  }

  async #fill(name: string, family: Family, hosts: readonly { subnetId: number; reservation: object }[]) {
    const settings = databaseSettings(HostsDatabase.parse(this.#databases.settings(name)));
    const open = OPENERS[String(this.#databases.settings(name)["type"])]!;
    const place = { name, isReadOnly: false, mayBeAway: false };
    const ignore = () => {};
    const keep = async <R extends { readonly "option-data": readonly object[] }>(
      database: HostDatabase<string, unknown, R>,
      read: (document: object) => R,
      spaces: Parameters<typeof completeOptions>[1],
    ) => {
      for (const { subnetId, reservation } of hosts) {
        const checked = read(structuredClone(reservation));
        const options = completeOptions(checked["option-data"], spaces);
        await database.add({ subnetId, reservation: { ...checked, "option-data": options } }, false);
      }
      await database.close();
    };
    if (family === 4) {
      const database = await open(sqlFamily4, place, settings, growingPauses(), ignore);
      await keep(
        database as never,
        (document) => checked(readReservation(reservationRules4, document, dhcp4Spaces)),
        dhcp4Spaces,
      );
    } else {
      const database = await open(sqlFamily6, place, settings, growingPauses(), ignore);
      await keep(
        database as never,
        (document) => checked(readReservation(reservationRules6, document, dhcp6Spaces)),
        dhcp6Spaces,
      );
    }
  }
}

function checked<R>(read: { reservation: R } | { faults: readonly unknown[] }): R {
  if ("reservation" in read) return read.reservation;
  throw new Error(JSON.stringify(read.faults));
}

/** The scope without its reservations, which are collected. */
function empty(scope: Scope, subnetId: number, into: { subnetId: number; reservation: object }[]): Scope {
  const { reservations = [], ...rest } = scope;
  for (const reservation of reservations) into.push({ subnetId, reservation });
  const inner = (["shared-networks", "subnet4", "subnet6"] as const).flatMap((key) =>
    scope[key] === undefined ? [] : [[key, scope[key].map((each) => empty(each, each.id ?? 0, into))] as const],
  );
  return { ...rest, ...Object.fromEntries(inner) };
}
