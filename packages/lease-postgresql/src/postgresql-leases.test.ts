import { ManualClock } from "@kotare/core/base/clock";
import { growingPauses } from "@kotare/core/base/retry";
import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { type DatabaseSettings, databaseSettings } from "@kotare/core/databases/database-settings";
import type { OnRefused } from "@kotare/core/leases/database/lease-database";
import { describeSharedStores } from "@kotare/core/leases/database/shared-store.contract";
import { SharedStore4 } from "@kotare/core/leases/database/shared-store4";
import { SharedStore6 } from "@kotare/core/leases/database/shared-store6";
import { describeLeaseStore } from "@kotare/core/leases/model/lease-store.contract";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { family4, family6Addresses, family6Prefixes } from "@kotare/core/leases/testing/test-families";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openPostgresql4, openPostgresql6 } from "./open-postgresql.ts";
import { SCHEMA } from "./schema.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const NOW = 1_800_000_000;
const FIRST = family4.lease(0).address;
const programs = findPostgres();

// A database is slow to start and to fill beside everything else.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

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

  function settingsOf(name: string): DatabaseSettings {
    return databaseSettings(LeaseDatabase.parse({ type: "postgresql", host: server.folder, user: "postgres", name }));
  }

  async function open4(name: string, onRefused: OnRefused<Lease4> = () => {}): Promise<SharedStore4> {
    return new SharedStore4(
      await openPostgresql4(settingsOf(name), growingPauses(), () => {}, onRefused),
      new ManualClock(NOW),
    );
  }

  async function open6(name: string): Promise<SharedStore6> {
    return new SharedStore6(
      await openPostgresql6(
        settingsOf(name),
        growingPauses(),
        () => {},
        () => {},
      ),
      new ManualClock(NOW),
    );
  }

  const on4 = async () => {
    const name = await createDatabase();
    return { now: NOW, open: () => open4(name), dispose: () => Promise.resolve() };
  };
  const on6 = async () => {
    const name = await createDatabase();
    return { now: NOW, open: () => open6(name), dispose: () => Promise.resolve() };
  };
  describeLeaseStore("PostgreSQL", family4, on4);
  describeSharedStores("PostgreSQL", family4, on4);
  for (const family of [family6Addresses, family6Prefixes]) {
    describeLeaseStore("PostgreSQL", family, on6);
    describeSharedStores("PostgreSQL", family, on6);
  }

  it("a commit whose connection is cut has failed, and can be made by the next one", async () => {
    const name = await createDatabase();
    const store = await open4(name);
    const given = family4.lease(1, { cltt: NOW });
    const look = async () => {
      const batch = store.begin();
      family4.view(batch).heldBy(1);
      batch.byAddress(given.address);
      await batch.load();
      return batch;
    };
    const first = await look();
    const blocker = new Client({ host: server.folder, user: "postgres", database: name });
    await blocker.connect();
    await blocker.query("BEGIN; LOCK TABLE lease4");
    first.put(given);
    const result = first.commit();
    const others = "FROM pg_stat_activity WHERE application_name = 'kotare' AND datname = current_database()";
    await expect
      .poll(() => blocker.query(`SELECT ${others} AND wait_event_type = 'Lock'`))
      .toMatchObject({ rowCount: 1 });
    await blocker.query(`SELECT pg_terminate_backend(pid) ${others}`);
    await blocker.query("COMMIT");
    await blocker.end();
    expect((await result).kind).toBe("failed");
    const second = await vi.waitFor(look, { timeout: 10_000 });
    expect(second.byAddress(given.address)).toBeUndefined();
    second.put(given);
    expect(await second.commit()).toEqual({ kind: "durable" });
    await store.close();
  });

  it("what the database refuses for good is told, and the others are made", async () => {
    const name = await createDatabase();
    await server.query(name, "ALTER TABLE lease4 ADD CONSTRAINT no_thirteen CHECK (subnet_id <> 13)");
    const refused: string[] = [];
    const store = await open4(name, ({ after }, { message }) => refused.push(`${after?.subnetId}: ${message}`));
    const batch = store.begin();
    const leases = [family4.lease(1, { cltt: NOW }), { ...family4.lease(2, { cltt: NOW }), subnetId: 13 }];
    for (const { address } of leases) batch.byAddress(address);
    await batch.load();
    for (const lease of leases) batch.put(lease);
    expect(await batch.commit()).toEqual({ kind: "taken", changes: new Set([1]) });
    expect(refused).toEqual([expect.stringMatching(/^13: .*no_thirteen/)]);
    await store.close();
  });

  it.each([0, 300, 40_000, 65_535])("finds the last free address of a /16, number %i, in three loads", async (last) => {
    const name = await createDatabase();
    await server.query(
      name,
      `INSERT INTO lease4 SELECT ${FIRST} + n, '\\x01', NULL, 3600, to_timestamp(${NOW + 3600}), 7
       FROM generate_series(0, 65535) AS n WHERE n <> ${last}`,
    );
    const store = await open4(name);
    const pool = store.openPool({ first: FIRST, last: FIRST + 65_535, excluded: [] });
    const batch = store.begin();
    for (let loads = 0; loads < 3 && batch.available(pool, NOW) === undefined; loads++) await batch.load();
    expect(batch.available(pool, NOW)).toBe(FIRST + last);
    await store.close();
  });
});
