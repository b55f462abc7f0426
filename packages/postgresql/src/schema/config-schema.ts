/** Kea's tables of configuration in its schema 22.2 for PostgreSQL, and what keeps them in order. */
import {
  configRoutines,
  type Routine,
  type RoutineDialect,
  type Trigger,
} from "@kotare/core/databases/schema/config-routines";
import { CONFIG_SCHEMA } from "@kotare/core/databases/schema/config-schema";
import { createTable, formatForeignKey, type SchemaDialect } from "@kotare/core/databases/schema/schema-table";
import { postgresql } from "../hosts/postgresql-hosts.ts";

const TABLES: SchemaDialect = {
  types: {
    serial: "SERIAL",
    reference: "INT8",
    subnetId: "INT8",
    hostId: "INT",
    optionId: "INT",
    seconds: "INT8",
    ratio: "FLOAT",
    flag: "BOOLEAN",
    code: "SMALLINT",
    kind: "SMALLINT",
    mode: "INT8",
    length: "SMALLINT",
    change: "SMALLINT",
    address4: "INET",
    address6: "INET",
    prefix4: "VARCHAR(64)",
    prefix6: "VARCHAR(45)",
    octets: "BYTEA",
    time: "TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP",
    word: "VARCHAR(32)",
    tag: "VARCHAR(64)",
    name: "VARCHAR(128)",
    object: "VARCHAR(256)",
    label: "VARCHAR(255)",
    serverName: "VARCHAR(64)",
    bootFile: "VARCHAR(128)",
    path: "VARCHAR(512)",
    records: "VARCHAR",
    text: "TEXT",
    long: "TEXT",
    json: "JSON",
  },
  columnName: postgresql.columnName,
  tableEnd: "",
  hasIndexesInside: false,
};

const setting = (name: string) => `nullif(current_setting('kea.${name}', true), '')`;

const ROUTINES: RoutineDialect = {
  call: (name, ...values) => `PERFORM ${name}(${values.join(", ")});`,
  fail: (text) => `RAISE EXCEPTION '${text}' USING ERRCODE = 'sql_routine_exception';`,
  remember: (name, value) => `PERFORM set_config('kea.${name}', (${value})::text, false);`,
  recallNumber: (name) => `${setting(name)}::int8`,
  recallFlag: (name) => `coalesce(${setting(name)}::boolean, false)`,
  lastId: (table) => `currval(pg_get_serial_sequence('${table}', 'id'))`,
};

function createRoutine({ name, parameters, locals, body }: Routine): string {
  const typed = (list: Routine["locals"]) =>
    list.map(([each, type]) => `${each} ${TABLES.types[type].split(" DEFAULT")[0]}`);
  const declared = typed(locals).map((local) => `${local};\n`);
  return `CREATE OR REPLACE FUNCTION ${name}(${typed(parameters).join(", ")}) RETURNS VOID AS $$
DECLARE ${declared.join("")}BEGIN
${body}
END $$ LANGUAGE plpgsql`;
}

function createTrigger({ name, table, time, event, body }: Trigger): readonly string[] {
  const row = time === "AFTER" ? "NULL" : event === "DELETE" ? "OLD" : "NEW";
  return [
    `CREATE OR REPLACE FUNCTION func_${name}() RETURNS trigger AS $$ BEGIN\n${body}\nRETURN ${row};\nEND $$ LANGUAGE plpgsql`,
    `CREATE TRIGGER ${name} ${time} ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION func_${name}()`,
  ];
}

const FAMILIES = ([4, 6] as const).map((family) => configRoutines(family, ROUTINES));

/** `ddns-replace-client-name`, by its numbers. */
const NAME_MODES = "(0, 'NEVER'), (1, 'ALWAYS'), (2, 'WHEN_PRESENT'), (3, 'WHEN_NOT_PRESENT')";

/** Makes what is not there. All that is in the tables from the beginning is nobody's change. */
export const CONFIG_TABLES: string = [
  ...CONFIG_SCHEMA.tables.flatMap((table) => createTable(table, TABLES)),
  "CREATE TABLE IF NOT EXISTS ddns_replace_client_name_types (type INT8 PRIMARY KEY NOT NULL, name VARCHAR(32))",
  `INSERT INTO ddns_replace_client_name_types VALUES ${NAME_MODES}`,
  ...["dhcp4_shared_network", "dhcp4_subnet", "dhcp6_shared_network", "dhcp6_subnet"].map(
    (table) =>
      `ALTER TABLE ${table} ADD FOREIGN KEY (ddns_replace_client_name) REFERENCES ddns_replace_client_name_types (type)`,
  ),
  ...CONFIG_SCHEMA.rows.map(
    ({ table, values }) => `INSERT INTO ${table} VALUES ${values.map(([id, name]) => `(${id}, '${name}')`).join(", ")}`,
  ),
  ...[4, 6].map((family) => `INSERT INTO dhcp${family}_server (tag, description) VALUES ('all', 'all servers')`),
].join(";\n");

/** For options, whose tables are there. */
export const CONFIG_OPTIONS: string = [
  ...CONFIG_SCHEMA.optionTables.flatMap((table) => createTable(table, TABLES)),
  ...CONFIG_SCHEMA.optionKeys.flatMap((key) => [
    `ALTER TABLE ${key.of} ADD ${formatForeignKey(key)}`,
    `CREATE INDEX key_${key.of}_${key.column} ON ${key.of} (${key.column})`,
  ]),
].join(";\n");

/** Kea's configuration backend reads times by it. */
const GMT_EPOCH = `CREATE OR REPLACE FUNCTION gmt_epoch(input TIMESTAMP WITH TIME ZONE) RETURNS INT8 AS $$
SELECT (extract(epoch FROM input) + extract(timezone FROM input))::INT8 $$ LANGUAGE sql`;

export const CONFIG_ROUTINES: string = [
  GMT_EPOCH,
  ...FAMILIES.flatMap(({ routines }) => routines.map(createRoutine)),
  ...FAMILIES.flatMap(({ triggers }) => triggers.flatMap(createTrigger)),
].join(";\n");
