/** Kea's tables of configuration in its schema 22.2 for MySQL, and what keeps them in order. */
import {
  configRoutines,
  type Routine,
  type RoutineDialect,
  type Trigger,
} from "@kotare/core/databases/schema/config-routines";
import { CONFIG_SCHEMA } from "@kotare/core/databases/schema/config-schema";
import { createTable, formatForeignKey, type SchemaDialect } from "@kotare/core/databases/schema/schema-table";
import { mysql } from "../hosts/mysql-hosts.ts";

const TABLES: SchemaDialect = {
  types: {
    serial: "BIGINT UNSIGNED AUTO_INCREMENT",
    reference: "BIGINT UNSIGNED",
    subnetId: "INT UNSIGNED",
    hostId: "INT UNSIGNED",
    optionId: "BIGINT UNSIGNED",
    seconds: "INT",
    ratio: "FLOAT",
    flag: "BOOL",
    code: "SMALLINT UNSIGNED",
    kind: "TINYINT UNSIGNED",
    mode: "TINYINT",
    length: "TINYINT",
    change: "TINYINT",
    address4: "INT UNSIGNED",
    address6: "VARCHAR(45)",
    prefix4: "VARCHAR(32)",
    prefix6: "VARCHAR(45)",
    octets: "VARBINARY(128)",
    time: "TIMESTAMP",
    word: "VARCHAR(32)",
    tag: "VARCHAR(64)",
    name: "VARCHAR(128)",
    object: "VARCHAR(256)",
    label: "VARCHAR(255)",
    serverName: "VARCHAR(512)",
    bootFile: "VARCHAR(512)",
    path: "VARCHAR(512)",
    records: "VARCHAR(512)",
    text: "TEXT",
    long: "LONGTEXT",
    json: "LONGTEXT",
  },
  columnName: mysql.columnName,
  tableEnd: " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4",
  hasIndexesInside: true,
};

const ROUTINES: RoutineDialect = {
  call: (name, ...values) => `CALL ${name}(${values.join(", ")});`,
  fail: (text) => `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${text}';`,
  remember: (name, value) => `SET @${name} = ${value};`,
  recallNumber: (name) => `@${name}`,
  recallFlag: (name) => `COALESCE(@${name}, FALSE)`,
  lastId: () => "LAST_INSERT_ID()",
};

function createRoutine({ name, parameters, locals, body }: Routine): string {
  const { types } = TABLES;
  const given = parameters.map(([parameter, type]) => `IN ${parameter} ${types[type]}`).join(", ");
  const declared = locals.map(([local, type]) => `DECLARE ${local} ${types[type]};\n`).join("");
  return `CREATE PROCEDURE ${name}(${given}) MODIFIES SQL DATA\n  BEGIN\n${declared}${body}\n  END`;
}

function createTrigger({ name, table, time, event, body }: Trigger): string {
  return `CREATE TRIGGER ${name} ${time} ${event} ON ${table} FOR EACH ROW BEGIN\n${body}\n  END`;
}

const FAMILIES = ([4, 6] as const).map((family) => configRoutines(family, ROUTINES));

/** Makes what is not there. All that is in the tables from the beginning is nobody's change. */
export const CONFIG_TABLES: readonly string[] = [
  ...CONFIG_SCHEMA.tables.flatMap((table) => createTable(table, TABLES)),
  ...CONFIG_SCHEMA.rows.map(
    ({ table, values }) =>
      `INSERT IGNORE INTO ${table} VALUES ${values.map(([id, name]) => `(${id}, '${name}')`).join(", ")}`,
  ),
  ...[4, 6].map(
    (family) => `INSERT IGNORE INTO dhcp${family}_server VALUES (1, 'all', 'all servers', CURRENT_TIMESTAMP)`,
  ),
];

/** For options, whose tables are there: a foreign key that is there already is an error. */
export const CONFIG_OPTIONS: readonly string[] = [
  ...CONFIG_SCHEMA.optionTables.flatMap((table) => createTable(table, TABLES)),
  ...[
    ...CONFIG_SCHEMA.optionKeys,
    ...[4, 6].map((family) => ({
      ...{ of: `dhcp${family}_options`, column: "dhcp_client_class", table: `dhcp${family}_client_class`, key: "name" },
      ...({ onDelete: "CASCADE", onUpdate: "CASCADE" } as const),
    })),
  ].map((key) => `ALTER TABLE ${key.of} ADD CONSTRAINT fk_${key.of}_${key.column} ${formatForeignKey(key)}`),
];

/** The last of them is made last of all: where it is, nothing else is missing. */
export const CONFIG_ROUTINES: readonly string[] = [
  ...FAMILIES.flatMap(({ routines }) => routines.map(createRoutine)),
  ...FAMILIES.flatMap(({ triggers }) => triggers.map(createTrigger)),
];
