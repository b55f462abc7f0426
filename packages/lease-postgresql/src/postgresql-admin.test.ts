import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import type { DatabaseAdmin } from "@kotare/core/daemon/database-admin";
import { databaseSettings } from "@kotare/core/daemon/database-settings";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openPostgresqlAdmin } from "./postgresql-admin.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const programs = findPostgres();

// A database is slow to start and to fill beside everything else.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(programs === undefined)("db, on PostgreSQL", () => {
  let server: PostgresServer;
  let databases = 0;

  beforeAll(async () => {
    server = await PostgresServer.start(programs!);
  }, 60_000);
  afterAll(() => server.stop());

  /** Works on a new database. @param sql what is in it before */
  async function withAdmin(sql: string, work: (admin: DatabaseAdmin, name: string) => Promise<void>): Promise<void> {
    const name = `admin${databases++}`;
    await server.createDatabase(name, sql);
    const config = LeaseDatabase.parse({ type: "postgresql", host: server.folder, user: "postgres", name });
    const admin = await openPostgresqlAdmin(databaseSettings(config));
    await work(admin, name).finally(() => admin.close());
  }

  it("makes a schema that is as it must be, once", () =>
    withAdmin("", async (admin) => {
      expect(await admin.version()).toBeUndefined();
      await admin.init();
      expect(await admin.version()).toBe("22.2");
      expect(await admin.check()).toEqual([]);
    }));

  it("makes all of it or nothing", () =>
    withAdmin("CREATE TABLE lease6 (mine INT)", async (admin) => {
      await expect(admin.init()).rejects.toThrow('"lease6" already exists');
      expect(await admin.version()).toBeUndefined();
    }));

  it("finds what is missing, and adds what is ours", () =>
    withAdmin("", async (admin, name) => {
      await admin.init();
      await server.query(name, "DROP TABLE kotare_claims_lease4");
      expect(await admin.check()).toEqual(["there is no table kotare_claims_lease4"]);
      await admin.upgrade();
      expect(await admin.check()).toEqual([]);
    }));

  it("counts leases by subnet, pool and class as they come, change and go", () =>
    withAdmin("", async (admin, name) => {
      await admin.init();
      const classes = (...names: string[]) => `'${JSON.stringify({ ISC: { "client-classes": names } })}'`;
      const run = (sql: string) => server.query(name, sql);
      const columns = "(address, subnet_id, pool_id, state, user_context)";
      await run(`INSERT INTO lease4 ${columns} VALUES (1, 7, 1, 0, ${classes("a", "b")}), (2, 7, 1, 0, ${classes("a")}),
        (3, 7, 2, 1, ${classes("a")}), (4, 8, 1, 0, NULL)`);
      await run(`UPDATE lease4 SET pool_id = 2, user_context = ${classes("b")} WHERE address = 2`);
      await run("UPDATE lease4 SET state = 2 WHERE address = 4");
      await run("DELETE FROM lease4 WHERE address = 3");
      const counted = async (sql: string) =>
        (await run(sql)).map((row) =>
          Object.values(row).map((value) => (Number.isNaN(Number(value)) ? value : Number(value))),
        );
      expect(await counted("SELECT subnet_id, state, leases FROM lease4_stat WHERE leases > 0 ORDER BY 1, 2")).toEqual([
        [7, 0, 2],
      ]);
      expect(
        await counted(
          "SELECT subnet_id, pool_id, state, leases FROM lease4_pool_stat WHERE leases > 0 ORDER BY 1, 2, 3",
        ),
      ).toEqual([
        [7, 1, 0, 1],
        [7, 2, 0, 1],
      ]);
      expect(await counted("SELECT client_class, leases FROM lease4_stat_by_client_class ORDER BY 1")).toEqual([
        ["a", 1],
        ["b", 2],
      ]);
      expect(await admin.check()).toEqual([]);

      const limits = { "client-classes": [{ name: "b", "address-limit": 3 }], subnet: { id: 7, "address-limit": 2 } };
      const reached = async (of: object) => {
        const [row] = await run(`SELECT checkLease4Limits('${JSON.stringify({ ISC: { limits: of } })}') AS words`);
        return row!["words"];
      };
      expect(await reached(limits)).toBe("address-limit 2 for subnet ID 7, current lease count 2");
      expect(await reached({ "client-classes": [{ name: "b", "address-limit": 2 }] })).toBe(
        'address-limit 2 for client class "b", current lease count 2',
      );
      expect(await reached({ ...limits, subnet: { id: 8, "address-limit": 1 } })).toBe("");
    }));

  it("finds that nothing counts any more", () =>
    withAdmin("", async (admin, name) => {
      await admin.init();
      await server.query(name, "DROP TRIGGER kotare_count_lease6_update ON lease6");
      expect(await admin.check()).toEqual([
        "table lease6 has no trigger for UPDATE, and its statistics will not stay true",
      ]);
    }));

  it("finds statistics that are not true", () =>
    withAdmin("", async (admin, name) => {
      await admin.init();
      await server.query(name, "INSERT INTO lease4 (address, subnet_id, state) VALUES (1, 7, 0), (2, 7, 1), (3, 7, 2)");
      await server.query(name, "UPDATE lease4 SET state = 1 WHERE address = 3");
      await server.query(name, "DELETE FROM lease4 WHERE address = 1");
      expect(await server.query(name, "SELECT state, leases FROM lease4_stat WHERE leases > 0")).toEqual([
        { state: "1", leases: "2" },
      ]);
      expect(await admin.check()).toEqual([]);
      await server.query(name, "UPDATE lease4_stat SET leases = 5");
      await server.query(name, "DELETE FROM lease4_pool_stat");
      expect(await admin.check()).toEqual([
        "lease4_stat does not say what is in lease4",
        "lease4_pool_stat does not say what is in lease4",
      ]);
    }));

  it.each(["21.0", "23.0"])("refuses schema %s in words", (version) =>
    withAdmin("", async (admin, name) => {
      await admin.init();
      await server.query(name, `UPDATE schema_version SET version = ${version.split(".")[0]}, minor = 0`);
      await expect(admin.upgrade()).rejects.toThrow(`schema ${version}, and this program knows 22.2`);
    }),
  );
});
