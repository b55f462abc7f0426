import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseLeases, FIRST, type LeasesStage, NOW } from "@kotare/core/databases/database-leases.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { readIpv6Key } from "@kotare/core/ip/ipv6-key";
import type { KeaRelease } from "@kotare/core/leases/database/kea-schema";
import { importLeases } from "@kotare/core/leases/file/import-leases";
import type { LeaseBatch4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { family4 } from "@kotare/core/leases/testing/test-families";
import { expect, it } from "vitest";
import { openMysqlAdmin } from "../mysql-admin.ts";
import { openMysql4, openMysql6 } from "../open-mysql.ts";
import { findMariadb, MariadbServer } from "../testing/mariadb-server.ts";

const root = findMariadb();
const COLUMNS = "(address, hwaddr, valid_lifetime, expire, subnet_id, state)";
const REST = `3600, FROM_UNIXTIME(${NOW + 3600}), 7, 0`;

async function start(programs: string) {
  const server = await MariadbServer.start(programs);
  const local = { type: "mysql", host: server.socket, user: "root" };
  return {
    local,
    async createDatabase(name: string, kea: KeaRelease = "2.6") {
      await server.createDatabase(name, []);
      const admin = await openMysqlAdmin(databaseSettings(LeaseDatabase.parse({ ...local, name })));
      await admin.init(kea).finally(() => admin.close());
    },
    query: (name: string, ...sql: readonly string[]) => server.query(name, ...sql),
    stop: () => server.stop(),
  };
}

describeDatabaseLeases(
  {
    name: "MariaDB",
    ownSchema: "DATABASE()",
    open4: openMysql4,
    open6: openMysql6,
    address6: (value) => readIpv6Key(value as Uint8Array),
    fill: (except) =>
      `INSERT INTO lease4 ${COLUMNS} SELECT ${FIRST} + seq, X'01', ${REST} FROM seq_0_to_65535 WHERE seq <> ${except}`,
  },
  root === undefined ? undefined : () => start(root),
  describeMysql,
);

function describeMysql({ server, createDatabase, open4 }: LeasesStage<Awaited<ReturnType<typeof start>>>): void {
  it("a lease that ends after 2038 is imported once", async () => {
    const name = await createDatabase();
    const imported = family4.lease(1, { cltt: NOW, validLifetime: 1_000_000_000, hostname: "a".repeat(300) });
    const run = async (...leases: Lease4[]) => {
      const store = await open4(name);
      const parts = {
        store,
        csv: family4.csv,
        find: (batch: LeaseBatch4, { address }: Lease4) => batch.byAddress(address),
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

  it("looks clients and names up by their index, also where the server's statistics are older than the leases", async () => {
    const name = await createDatabase();
    await server().query(
      name,
      "ALTER TABLE lease4 STATS_PERSISTENT = 1 STATS_AUTO_RECALC = 0",
      "ANALYZE TABLE lease4",
      `INSERT INTO lease4 ${COLUMNS.replace(")", ", hostname)")}
       SELECT ${FIRST} + seq, UNHEX(LPAD(HEX(seq), 12, '0')), ${REST}, IF(seq < 10000, 'one', 'other') FROM seq_0_to_19999`,
    );
    const countReads = async (how = "rnd_next") => {
      const [row] = await server().query(name, `SHOW GLOBAL STATUS LIKE 'Handler_read_${how}'`);
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
    await server().query(name, "ANALYZE TABLE lease4");
    const walked = await countReads("next");
    expect(await store.marked({ kind: "hostname", name: "Other" }, undefined, 2)).toHaveLength(2);
    expect((await countReads("next")) - walked).toBeLessThan(100);
    await store.close();
  });
}
