/** Configuration in Kea's tables, whatever dialect the database speaks. */
import type { Rows, SqlDialect } from "../hosts/sql/sql-dialect.ts";
import { literal, sql } from "../hosts/sql/sql-statement.ts";
import type { SchemaVersion } from "../leases/database/kea-schema.ts";
import type { AuditEntry, ConfigDatabase, StoredConfig, StoredSelection } from "./config-database.ts";
import { readStored } from "./read-stored.ts";
import { selectStored } from "./select-stored.ts";
import type { TablesOf } from "./tables/config-tables.ts";

/** The connections to a database, which come and go. */
interface Session<Connection> {
  /** @throws the error that they were lost by, while there are none */
  readonly connection: {
    readonly reading: Connection;
    readonly searching: Connection;
    readonly schema: SchemaVersion;
  };
  close(): Promise<void>;
}

const COMMIT = sql`COMMIT`;
const ROLLBACK = sql`ROLLBACK`;

export class SqlConfig<Connection> implements ConfigDatabase {
  readonly name: string;
  readonly #tables: TablesOf;
  readonly #dialect: SqlDialect<Connection>;
  readonly #session: Session<Connection>;
  #loading: Promise<unknown> = Promise.resolve();

  constructor(name: string, tables: TablesOf, dialect: SqlDialect<Connection>, session: Session<Connection>) {
    this.name = name;
    this.#tables = tables;
    this.#dialect = dialect;
    this.#session = session;
  }

  get isUp(): boolean {
    try {
      return this.#session.connection !== undefined;
    } catch {
      return false;
    }
  }

  /** One after the other: they have one connection. */
  load(tag: string, selection?: StoredSelection): Promise<StoredConfig> {
    const result = this.#loading.then(async () => {
      const tables = this.#tables.at(this.#session.connection.schema);
      const selects = selectStored(tables, this.#dialect, tag, selection);
      const names = Object.keys(selects) as (keyof typeof selects)[];
      const results = await this.#snapshot(names.map((name) => selects[name]));
      const rows = Object.fromEntries(names.map((name, i) => [name, results[i]!]));
      return readStored(tables, rows as Record<keyof typeof selects, Rows>);
    });
    this.#loading = result.catch(() => {});
    return result;
  }

  async changesAfter(id: number): Promise<readonly AuditEntry[]> {
    const prefix = `dhcp${this.#tables.family}_`;
    const statement = sql`SELECT a.id, a.object_type, a.object_id FROM ${prefix}audit AS a
      WHERE a.id > ${literal("number", id)} ORDER BY a.id`;
    const [rows] = await this.#dialect.run(this.#session.connection.reading, [statement]);
    return rows!.map(([number, type, objectId]) => ({
      id: Number(number),
      table: String(type).replace(prefix, ""),
      objectId: Number(objectId),
    }));
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** What the statements find at one moment, whatever others write meanwhile. */
  async #snapshot(statements: Parameters<SqlDialect<Connection>["run"]>[1]): Promise<readonly Rows[]> {
    const { searching } = this.#session.connection;
    try {
      await this.#dialect.run(searching, this.#dialect.beginSnapshot);
      const results = await this.#dialect.run(searching, statements);
      await this.#dialect.run(searching, [COMMIT]);
      return results;
    } catch (error) {
      // Where the connection is lost, so is the transaction.
      await this.#dialect.run(searching, [ROLLBACK]).catch(() => {});
      throw error;
    }
  }
}
