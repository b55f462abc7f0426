import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseAdmin } from "@kotare/core/databases/database-admin.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { planUpgrade } from "@kotare/core/databases/plan-upgrade";
import { keaSchema } from "@kotare/core/databases/testing/kea-scripts";
import { TOLERANT_STEP, UPGRADE_STEPS } from "@kotare/core/databases/upgrade-steps";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMysqlAdmin } from "./mysql-admin.ts";
import { SCHEMA } from "./schema/schema.ts";
import { writeChange } from "./schema/write-change.ts";
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
    inSession: server.inSession.bind(server),
    stop: () => server.stop(),
  };
}

describeDatabaseAdmin(
  {
    name: "MariaDB",
    kea30: "30.0",
    beginRevision: (family, cascades) => `CALL createAuditRevisionDHCP${family}(NOW(), 'all', 'a test', ${cascades})`,
    ipv4: (text) => `INET_ATON('${text}')`,
    call: (name) => `CALL ${name}()`,
    comparesFlags: true,
    keaSchema: (kea) => keaSchema("MariaDB", kea),
    withoutAudit: "SET @disable_audit = 1",
    catalogue: [
      `SELECT table_name, column_name, ordinal_position, column_type, is_nullable, column_default, column_key, extra
        FROM information_schema.columns WHERE table_schema = DATABASE()`,
      "SELECT table_name, index_name, seq_in_index, column_name, non_unique FROM information_schema.statistics WHERE table_schema = DATABASE()",
      "SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints WHERE table_schema = DATABASE()",
      "SELECT event_object_table, event_manipulation, action_timing, trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
      "SELECT routine_type, routine_name, data_type FROM information_schema.routines WHERE routine_schema = DATABASE()",
      "SELECT specific_name, ordinal_position, parameter_name, dtd_identifier FROM information_schema.parameters WHERE specific_schema = DATABASE()",
      "SELECT * FROM lease_state",
      "SELECT * FROM schema_version",
    ],
    facts: [
      // How wide a number is shown says nothing of it.
      `SELECT 'column', table_name, column_name, REGEXP_REPLACE(column_type, 'int.[0-9]+.', 'int') AS type, is_nullable,
        column_default, extra FROM information_schema.columns WHERE table_schema = DATABASE()`,
      `SELECT IF(MIN(non_unique) = 0, 'unique', 'index') AS kind, table_name, GROUP_CONCAT(column_name ORDER BY seq_in_index)
        FROM information_schema.statistics WHERE table_schema = DATABASE() GROUP BY table_name, index_name`,
      `SELECT 'reference', k.table_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
        REPLACE(r.delete_rule, 'NO ACTION', 'RESTRICT') AS deleting, REPLACE(r.update_rule, 'NO ACTION', 'RESTRICT') AS updating
        FROM information_schema.key_column_usage AS k JOIN information_schema.referential_constraints AS r
          ON r.constraint_schema = k.table_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
        WHERE k.table_schema = DATABASE()`,
      `SELECT 'trigger', event_object_table, action_timing, event_manipulation FROM information_schema.triggers
        WHERE trigger_schema = DATABASE()`,
      `SELECT 'routine', r.routine_name, (SELECT GROUP_CONCAT(REGEXP_REPLACE(p.dtd_identifier, 'int.[0-9]+.', 'int')
          ORDER BY p.ordinal_position) FROM information_schema.parameters AS p
          WHERE p.specific_schema = DATABASE() AND p.specific_name = r.routine_name AND p.ordinal_position > 0) AS parameters
        FROM information_schema.routines AS r WHERE routine_schema = DATABASE()`,
    ],
    differences: [
      [/ kotare_/, "what is ours"],
      [/column dhcp6_subnet modification_ts/, "Kea's tools always write it; of DHCPv4 it has no default either"],
      [/^- index dhcp6_subnet subnet_prefix$/, "there is a unique one"],
      [
        /^- (index lease6 (hwaddr_source|lease_type)|reference lease6 .*(hwaddr_source|lease_type))/,
        "would cost each lease",
      ],
      [/^- index lease6 subnet_id,address$/, "would cost each lease; what Kea asks by it goes by the address"],
      [/lease6_stat_by_client_class .*lease_type|lease6_stat_by_client_class client_class/, "one key has both columns"],
      [/^- reference dhcp[46]_options host_id .* RESTRICT$/, "another one of the same column has CASCADE"],
      [/routine createOptionAuditDHCP[46]/, "ids have no sign"],
      [
        /^- routine (lease[46](Dump|Upload)|colonSeparatedHex)/,
        "kea-admin's for files of leases; here these are dhcp4d leases",
      ],
      [/^- routine lease[46]_A/, "our triggers count without them"],
      [/^- unique lease[46]_stat subnet_id/, "a view of what is counted by pool"],
    ],
    refusal: "it is not empty: there is a table lease6",
    // There they are summed up.
    falsify: "UPDATE lease4_pool_stat SET leases = 5",
    address6: (text) => `INET6_ATON('${text}')`,
    dropTrigger: "DROP TRIGGER kotare_lease6_update",
  },
  root === undefined ? undefined : () => start(root),
);

describe.skipIf(root === undefined)("db, on MariaDB", () => {
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
    await admin.init("2.6");
    expect(await admin.version()).toBe("22.2");
    expect(await admin.check()).toEqual([]);
    await admin.close();
  });

  const kea = keaSchema("MariaDB", "2.6");
  it.skipIf(kea === undefined)("an upgrade that dies after any of its statements is gone on with", async () => {
    await server.createDatabase("dying", [kea!]);
    await server.query(
      "dying",
      `SET @disable_audit = 1;
      INSERT INTO dhcp4_shared_network (id, name, client_class, modification_ts) VALUES (2, 'n', '[a', CURRENT_TIMESTAMP)`,
    );
    let deaths = 0;
    // In one connection: to open another takes longer than most statements.
    await server.inSession("dying", async (query) => {
      /** What takes the first step from there, and dies after so many statements. */
      const step = async (from: number, alive: number) => {
        let left = alive;
        const [first] = await planUpgrade(from, [...UPGRADE_STEPS, TOLERANT_STEP], {
          columnsOf: async (table) =>
            (
              await query(
                `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'dying' AND table_name = '${table}'`,
              )
            ).map(({ name }) => name),
          write: (change) => writeChange(change, false),
          async run(statements) {
            for (const statement of statements) {
              if (left-- === 0) throw new Error("killed");
              await query(`SET @disable_audit = 1; ${statement}`);
            }
          },
        });
        await first!.run();
      };
      for (let from = 22; from < 30; from++) {
        for (let alive = 0, isDone = false; !isDone; alive++) {
          isDone = await step(from, alive).then(
            () => true,
            () => false,
          );
          if (!isDone) deaths++;
        }
      }
    });
    expect(deaths).toBeGreaterThan(40);
    const [row] = await server.query("dying", "SELECT client_classes FROM dhcp4_shared_network WHERE id = 2");
    expect(row).toEqual({ client_classes: '[ "[a" ]' });
    const admin = await open(server, "dying");
    expect(await admin.version()).toBe("30.0");
    expect(await admin.check()).toEqual(
      ["kotare_clients_lease4", "kotare_clients_lease6"].map((table) => `there is no table ${table}`),
    );
    await admin.close();
  });

  it("does not go over what there is where it has not begun itself", async () => {
    await server.createDatabase("whole", SCHEMA);
    const admin = await open(server, "whole");
    await server.query("whole", "DROP TABLE schema_version");
    await expect(admin.init("2.6")).rejects.toThrow("it is not empty");
    await admin.close();
  });
});
