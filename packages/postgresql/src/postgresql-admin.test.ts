import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseAdmin } from "@kotare/core/databases/database-admin.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { keaSchema } from "@kotare/core/databases/testing/kea-scripts";
import { openPostgresqlAdmin } from "./postgresql-admin.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const programs = findPostgres();

async function start(folder: string) {
  const server = await PostgresServer.start(folder);
  return {
    createDatabase: (name: string, sql: string) => server.createDatabase(name, sql),
    open(name: string) {
      const config = LeaseDatabase.parse({ type: "postgresql", host: server.folder, user: "postgres", name });
      return openPostgresqlAdmin(databaseSettings(config));
    },
    query: (name: string, sql: string) => server.query(name, sql),
    inSession: server.inSession.bind(server),
    stop: () => server.stop(),
  };
}

describeDatabaseAdmin(
  {
    name: "PostgreSQL",
    kea30: "29.0",
    beginRevision: (family, cascades) => `SELECT createAuditRevisionDHCP${family}(now(), 'all', 'a test', ${cascades})`,
    ipv4: (text) => `'${text}'`,
    call: (name) => `SELECT ${name}()`,
    comparesFlags: false,
    keaSchema: (kea) => keaSchema("PostgreSQL", kea),
    withoutAudit: "SELECT set_config('kea.disable_audit', 'true', false)",
    catalogue: [
      `SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'`,
      "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
      "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
      "SELECT event_object_table, event_manipulation, action_timing, trigger_name FROM information_schema.triggers WHERE trigger_schema = 'public'",
      // Kea means to remove a helper of its upgrade, and misspells its name.
      `SELECT proname, pg_get_function_arguments(oid), prorettype::regtype::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname <> 'texttojsonlist'`,
      "SELECT * FROM lease_state",
      "SELECT * FROM schema_version",
    ],
    facts: [
      `SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull AS required,
        nullif(regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^(NULL|''([0-9]+)'')::.*$', '\\2'), '') AS otherwise
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r'
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace`,
      `SELECT CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END, i.indrelid::regclass::text AS of,
        (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY AS k (c, n)
          JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.c) AS columns
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace`,
      `SELECT 'reference', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
      `SELECT 'trigger', event_object_table, action_timing, event_manipulation FROM information_schema.triggers
        WHERE trigger_schema = 'public'`,
      `SELECT 'routine', proname, oidvectortypes(proargtypes) FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    ],
    differences: [
      [/ kotare_/, "what is ours"],
      [/column dhcp[46]_client_class_server modification_ts/, "who leaves it out means now, as in all other tables"],
      [/^\+ index dhcp/, "by the time in all tables, and for all that refers to something"],
      [
        /^- index (dhcp[46]_options scope_id|dhcp6_shared_network name|hosts dhcp_identifier_type)$/,
        "nobody asks by it alone",
      ],
      [/^- reference dhcp[46]_option_def_server .*\(id\)$/, "another one of the same column has CASCADE"],
      [/reference (dhcp[46]_options|hosts) .*(scope_id|identifier_type)/, "of tables whose rows nobody deletes"],
      [/reference dhcp[46]_(pd_)?pool /, "a subnet that gets another number keeps its pools, as in MySQL"],
      [/reference dhcp[46]_subnet_server .*server_id/, "nobody gives a server another id"],
      [/^- reference lease/, "would lock the one row of a state for each lease; there are checks instead"],
      [
        /^- routine (lease[46](dump|upload)|colonseparatedhex|json_cast)/,
        "kea-admin's for files of leases; here these are dhcp4d leases",
      ],
      [/^- routine (lease[46]_|func_lease|proc_stat)/, "our triggers count without them"],
      [/^- routine texttojsonlist /, "a helper of an upgrade that Kea means to remove, and misspells"],
      [
        /^- routine (get|set)_session|^- routine func_dhcp[46]_shared_network_adel/,
        "only Kea's own routines call them, or none do",
      ],
      [
        /^- (trigger dhcp.* AFTER UPDATE|routine modification_ts_update)/,
        "they change nothing: they set a value of a row that is written already",
      ],
      [/^\+ trigger dhcp6_pd_pool BEFORE DELETE$/, "as of pools"],
    ],
    refusal: '"lease6" already exists',
    falsify: "UPDATE lease4_stat SET leases = 5",
    address6: (text) => `'${text}'`,
    dropTrigger: "DROP TRIGGER kotare_count_lease6_update ON lease6",
  },
  programs === undefined ? undefined : () => start(programs),
);
