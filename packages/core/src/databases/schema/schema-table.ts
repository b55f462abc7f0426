/** A table in no dialect, and the statements that make it in one. */

/**
 * `serial` counts up by itself, `reference` is the id of such a row, `mode` and `kind` are numbers with names in a table of
 * their own, `octets` are bytes. The texts are called after what is in them: their lengths are Kea's.
 */
export type SchemaType =
  | "serial"
  | "reference"
  | "subnetId"
  | "hostId"
  | "optionId"
  | "seconds"
  | "ratio"
  | "flag"
  | "code"
  | "kind"
  | "mode"
  | "length"
  | "change"
  | "address4"
  | "address6"
  | "prefix4"
  | "prefix6"
  | "octets"
  | "time"
  | "word"
  | "tag"
  | "name"
  | "object"
  | "label"
  | "serverName"
  | "bootFile"
  | "path"
  | "records"
  | "text"
  | "long"
  | "json";

export interface SchemaColumn {
  readonly name: string;
  readonly type: SchemaType;
  readonly isRequired?: true;
  /** Where a row does not say otherwise. */
  readonly isFalse?: true;
}

export interface ForeignKey {
  readonly column: string;
  readonly table: string;
  readonly key: string;
  readonly onDelete?: "CASCADE";
  readonly onUpdate?: "CASCADE";
}

export interface SchemaTable {
  readonly name: string;
  readonly columns: readonly SchemaColumn[];
  readonly key: readonly string[];
  readonly unique?: string;
  /** Beside those of its keys: one or more columns each. */
  readonly indexes?: readonly (readonly string[])[];
  readonly foreignKeys?: readonly ForeignKey[];
}

export interface SchemaDialect {
  readonly types: Readonly<Record<SchemaType, string>>;
  columnName(name: string): string;
  /** What follows the columns of a table. */
  readonly tableEnd: string;
  /** Whether indexes are made with the table, and those of foreign keys by themselves. */
  readonly hasIndexesInside: boolean;
}

/** Makes the table where it is not there. */
export function createTable(table: SchemaTable, dialect: SchemaDialect): readonly string[] {
  const { name, columns, key, unique, indexes = [], foreignKeys = [] } = table;
  const { types, columnName, tableEnd, hasIndexesInside } = dialect;
  const listed = (names: readonly string[]) => `(${names.map(columnName).join(", ")})`;
  const indexName = (names: readonly string[]) => `key_${name}_${names.join("_")}`;
  const inside = [
    ...columns.map(
      ({ name: column, type, isRequired, isFalse }) =>
        `${columnName(column)} ${types[type]} ${isRequired ? "NOT NULL" : "NULL"}${isFalse ? " DEFAULT FALSE" : ""}`,
    ),
    `PRIMARY KEY ${listed(key)}`,
    ...(unique === undefined ? [] : [`UNIQUE ${listed([unique])}`]),
    ...foreignKeys.map(formatForeignKey),
  ];
  const create = (lines: readonly string[]) =>
    `CREATE TABLE IF NOT EXISTS ${name} (\n    ${lines.join(",\n    ")}\n  )${tableEnd}`;
  if (hasIndexesInside)
    return [create([...inside, ...indexes.map((each) => `INDEX ${indexName(each)} ${listed(each)}`)])];
  const referring = foreignKeys.map(({ column }) => [column]).filter(([column]) => column !== key[0]);
  return [
    create(inside),
    ...[...indexes, ...referring].map(
      (each) => `CREATE INDEX IF NOT EXISTS ${indexName(each)} ON ${name} ${listed(each)}`,
    ),
  ];
}

export function formatForeignKey({ column, table, key, onDelete, onUpdate }: ForeignKey): string {
  const rules = [onDelete && ` ON DELETE ${onDelete}`, onUpdate && ` ON UPDATE ${onUpdate}`];
  return `FOREIGN KEY (${column}) REFERENCES ${table} (${key})${rules.join("")}`;
}
