import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseAdmin } from "@kotare/core/databases/database-admin.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMysqlAdmin } from "./mysql-admin.ts";
import { SCHEMA } from "./schema.ts";
import { findMariadb, MariadbServer } from "./testing/mariadb-server.ts";

const root = findMariadb();

function open({ socket }: MariadbServer, name: string): ReturnType<typeof openMysqlAdmin> {
  return openMysqlAdmin(databaseSettings(LeaseDatabase.parse({ type: "mysql", host: socket, user: "root", name })));
}

async function start(programs: string) {
  const server = await MariadbServer.start(programs);
  return {
    createDatabase: (name: string, sql: string) => server.createDatabase(name, sql === "" ? [] : [sql]),
    open: (name: string) => open(server, name),
    query: (name: string, sql: string) => server.query(name, sql),
    stop: () => server.stop(),
  };
}

describeDatabaseAdmin(
  {
    name: "MariaDB",
    refusal: "it is not empty: there is a table lease6",
    // There they are summed up.
    falsify: "UPDATE lease4_pool_stat SET leases = 5",
    address6: (text) => `INET6_ATON('${text}')`,
    dropTrigger: "DROP TRIGGER kotare_lease6_update",
  },
  root === undefined ? undefined : () => start(root),
);

describe.skipIf(root === undefined)("db init, on MariaDB", () => {
  let server: MariadbServer;

  beforeAll(async () => {
    server = await MariadbServer.start(root!);
  });
  afterAll(() => server.stop());

  it.each([1, 3, 8, 25, SCHEMA.length - 1])("that was interrupted after %i statements goes on", async (count) => {
    const name = `begun${count}`;
    await server.createDatabase(name, SCHEMA.slice(0, count));
    const admin = await open(server, name);
    expect(await admin.version()).toBeUndefined();
    await admin.init();
    expect(await admin.version()).toBe("22.2");
    expect(await admin.check()).toEqual([]);
    await admin.close();
  });

  it("does not go over what there is where it has not begun itself", async () => {
    await server.createDatabase("whole", SCHEMA);
    const admin = await open(server, "whole");
    await server.query("whole", "DROP TABLE schema_version");
    await expect(admin.init()).rejects.toThrow("it is not empty");
    await admin.close();
  });
});
