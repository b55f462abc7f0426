import { ManualClock } from "@kotare/core/base/clock";
import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { databaseSettings } from "@kotare/core/daemon/database-settings";
import { growingPauses } from "@kotare/core/daemon/retry";
import { describeLeaseStore } from "@kotare/core/leases/lease-store.contract";
import { type LeaseDatabase4, SharedStore4 } from "@kotare/core/leases/shared/shared-store4";
import { family4 } from "@kotare/core/leases/test-families";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgresql4 } from "./open-postgresql.ts";
import { SCHEMA } from "./schema.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const NOW = 1_800_000_000;
const FIRST = family4.lease(0).address;
const programs = findPostgres();

describe.skipIf(programs === undefined)("PostgreSQL", () => {
  let server: PostgresServer;
  let databases = 0;

  beforeAll(async () => {
    server = await PostgresServer.start(programs!);
  }, 60_000);
  afterAll(() => server.stop());

  async function createDatabase(): Promise<string> {
    const name = `leases${databases++}`;
    await server.createDatabase(name, SCHEMA);
    return name;
  }

  function openDatabase(name: string): Promise<LeaseDatabase4> {
    const config = LeaseDatabase.parse({ type: "postgresql", host: server.folder, user: "postgres", name });
    return openPostgresql4(databaseSettings(config), growingPauses(), () => {});
  }

  describeLeaseStore("PostgreSQL", family4, async () => {
    const name = await createDatabase();
    return {
      now: NOW,
      open: async () => new SharedStore4(await openDatabase(name), new ManualClock(NOW)),
      dispose: () => Promise.resolve(),
    };
  });

  it.each([0, 300, 40_000, 65_535])("finds the last free address of a /16, number %i, in three loads", async (last) => {
    const name = await createDatabase();
    await server.query(
      name,
      `INSERT INTO lease4 SELECT ${FIRST} + n, '\\x01', NULL, 3600, to_timestamp(${NOW + 3600}), 7
       FROM generate_series(0, 65535) AS n WHERE n <> ${last}`,
    );
    const store = new SharedStore4(await openDatabase(name), new ManualClock(NOW));
    const pool = store.openPool({ first: FIRST, last: FIRST + 65_535, excluded: [] });
    const batch = store.begin();
    for (let loads = 0; loads < 3 && batch.available(pool, NOW) === undefined; loads++) await batch.load();
    expect(batch.available(pool, NOW)).toBe(FIRST + last);
    await store.close();
  });
});
