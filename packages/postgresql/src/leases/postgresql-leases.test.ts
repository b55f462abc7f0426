import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseLeases, FIRST, type LeasesStage, NOW } from "@kotare/core/databases/database-leases.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import type { KeaRelease } from "@kotare/core/leases/database/kea-schema";
import { family4 } from "@kotare/core/leases/testing/test-families";
import { Client } from "pg";
import { expect, it, vi } from "vitest";
import { openPostgresql4, openPostgresql6 } from "../open-postgresql.ts";
import { openPostgresqlAdmin } from "../postgresql-admin.ts";
import { findPostgres, PostgresServer } from "../testing/postgres-server.ts";

const programs = findPostgres();

async function start(folder: string) {
  const server = await PostgresServer.start(folder);
  const local = { type: "postgresql", host: server.folder, user: "postgres" };
  return {
    folder: server.folder,
    local,
    async createDatabase(name: string, kea: KeaRelease = "2.6") {
      await server.createDatabase(name, "SELECT 1");
      const admin = await openPostgresqlAdmin(databaseSettings(LeaseDatabase.parse({ ...local, name })));
      await admin.init(kea).finally(() => admin.close());
    },
    query: (name: string, sql: string) => server.query(name, sql),
    stop: () => server.stop(),
  };
}

describeDatabaseLeases(
  {
    name: "PostgreSQL",
    ownSchema: "current_schema()",
    open4: openPostgresql4,
    open6: openPostgresql6,
    address6: (value) => parseIpv6Key(String(value))!,
    fill: (except) =>
      `INSERT INTO lease4 SELECT ${FIRST} + n, '\\x01', NULL, 3600, to_timestamp(${NOW + 3600}), 7
       FROM generate_series(0, 65535) AS n WHERE n <> ${except}`,
  },
  programs === undefined ? undefined : () => start(programs),
  describePostgresql,
);

function describePostgresql({ server, createDatabase, open4 }: LeasesStage<Awaited<ReturnType<typeof start>>>): void {
  it("looks names up by their index, where going through the addresses seems to lead to some sooner", async () => {
    const name = await createDatabase();
    await server().query(
      name,
      `INSERT INTO lease4 (address, subnet_id, hostname) SELECT ${FIRST} + n, 7, 'host-' || n % 10 FROM generate_series(0, 19999) AS n;
       ANALYZE lease4`,
    );
    const store = await open4(name);
    expect(await store.marked({ kind: "hostname", name: "HOST-7" }, undefined, 2)).toHaveLength(2);
    const [asked] = await server().query(
      name,
      "SELECT query FROM pg_stat_activity WHERE application_name = 'kotare' AND query LIKE '%hostname IS NOT NULL%'",
    );
    const plan = await server().query(name, `EXPLAIN (GENERIC_PLAN) ${asked!["query"]}`);
    expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain("lease4_by_hostname");
    await store.close();
  });

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
    const blocker = new Client({ host: server().folder, user: "postgres", database: name });
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
    const second = await vi.waitFor(look, { timeout: 60_000 });
    expect(second.byAddress(given.address)).toBeUndefined();
    second.put(given);
    expect(await second.commit()).toEqual({ kind: "durable" });
    await store.close();
  });
}
