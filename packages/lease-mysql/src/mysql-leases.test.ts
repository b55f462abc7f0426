import { ManualClock } from "@kotare/core/base/clock";
import { growingPauses } from "@kotare/core/base/retry";
import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { type DatabaseSettings, databaseSettings } from "@kotare/core/databases/database-settings";
import type { OnRefused } from "@kotare/core/leases/database/lease-database";
import { describeSharedStores } from "@kotare/core/leases/database/shared-store.contract";
import { SharedStore4 } from "@kotare/core/leases/database/shared-store4";
import { SharedStore6 } from "@kotare/core/leases/database/shared-store6";
import { importLeases } from "@kotare/core/leases/file/import-leases";
import type { LeaseBatch } from "@kotare/core/leases/model/lease-store";
import { describeLeaseStore } from "@kotare/core/leases/model/lease-store.contract";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { family4, family6Addresses, family6Prefixes } from "@kotare/core/leases/testing/test-families";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openMysql4, openMysql6 } from "./open-mysql.ts";
import { SCHEMA } from "./schema.ts";
import { findMariadb, MariadbServer } from "./testing/mariadb-server.ts";

const NOW = 1_800_000_000;
const FIRST = family4.lease(0).address;
const root = findMariadb();

// A database is slow to start and to fill beside everything else.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(root === undefined)("MariaDB", () => {
  let server: MariadbServer;
  let databases = 0;

  beforeAll(async () => {
    server = await MariadbServer.start(root!);
  }, 60_000);
  afterAll(() => server.stop());

  async function createDatabase(): Promise<string> {
    const name = `leases${databases++}`;
    await server.createDatabase(name, SCHEMA);
    return name;
  }

  function settingsOf(name: string): DatabaseSettings {
    return databaseSettings(LeaseDatabase.parse({ type: "mysql", host: server.socket, user: "root", name }));
  }

  async function open4(name: string, onRefused: OnRefused<Lease4> = () => {}): Promise<SharedStore4> {
    return new SharedStore4(
      await openMysql4(settingsOf(name), growingPauses(), () => {}, onRefused),
      new ManualClock(NOW),
    );
  }

  async function open6(name: string): Promise<SharedStore6> {
    return new SharedStore6(
      await openMysql6(
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
  describeLeaseStore("MariaDB", family4, on4);
  describeSharedStores("MariaDB", family4, on4);
  for (const family of [family6Addresses, family6Prefixes]) {
    describeLeaseStore("MariaDB", family, on6);
    describeSharedStores("MariaDB", family, on6);
  }

  it("a lease that ends after 2038 is imported once", async () => {
    const name = await createDatabase();
    const imported = family4.lease(1, { cltt: NOW, validLifetime: 1_000_000_000, hostname: "a".repeat(300) });
    const run = async (...leases: Lease4[]) => {
      const store = await open4(name);
      const parts = {
        store,
        csv: family4.csv,
        find: (batch: LeaseBatch, { address }: Lease4) => batch.byAddress(address),
        onProgress: () => {},
        onKept: () => {},
      };
      async function* page() {
        yield leases;
      }
      return await importLeases(page(), parts).finally(() => store.close());
    };
    const none = { put: 0, present: 0, newer: 0, refused: 0 };
    expect(await run(imported)).toEqual({ ...none, put: 1 });
    expect(await run(imported)).toEqual({ ...none, present: 1 });
    expect(await run({ ...imported, hostname: "b" })).toEqual({ ...none, newer: 1 });
  });

  it("looks clients up by their index, also where the server's statistics are older than the leases", async () => {
    const name = await createDatabase();
    await server.query(
      name,
      "ALTER TABLE lease4 STATS_PERSISTENT = 1 STATS_AUTO_RECALC = 0",
      "ANALYZE TABLE lease4",
      `INSERT INTO lease4 (address, hwaddr, valid_lifetime, expire, subnet_id, state)
       SELECT ${FIRST} + seq, UNHEX(LPAD(HEX(seq), 12, '0')), 3600, FROM_UNIXTIME(${NOW + 3600}), 7, 0 FROM seq_0_to_19999`,
    );
    const countReads = async () => {
      const [row] = await server.query(name, "SHOW GLOBAL STATUS LIKE 'Handler_read_rnd_next'");
      return Number(row?.["Value"]);
    };
    const store = await open4(name);
    const batch = store.begin();
    const before = await countReads();
    const clients = Array.from({ length: 300 }, (_, i) => Uint8Array.of(0, 0, 0, 0, i >> 8, i & 0xff));
    for (const client of clients) batch.byHwaddr(client);
    await batch.load();
    expect(clients.map((client) => batch.byHwaddr(client).length)).toEqual(clients.map(() => 1));
    expect((await countReads()) - before).toBeLessThan(5000);
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

  it.each([0, 300, 40_000, 65_535])(
    "finds the last free address of a /16, number %i, in three loads",
    async (last) => {
      const name = await createDatabase();
      await server.query(
        name,
        `INSERT INTO lease4 (address, hwaddr, valid_lifetime, expire, subnet_id, state)
       SELECT ${FIRST} + seq, X'01', 3600, FROM_UNIXTIME(${NOW + 3600}), 7, 0 FROM seq_0_to_65535 WHERE seq <> ${last}`,
      );
      const store = await open4(name);
      const pool = store.openPool({ first: FIRST, last: FIRST + 65_535, excluded: [] });
      const batch = store.begin();
      for (let loads = 0; loads < 3 && batch.available(pool, NOW) === undefined; loads++) await batch.load();
      expect(batch.available(pool, NOW)).toBe(FIRST + last);
      await store.close();
    },
    30_000,
  );
});
