/** Configuration in Kea's tables, whatever dialect the database speaks. */
import { atPace, type Run } from "../base/steps.ts";
import type { Rows, SqlDialect } from "../hosts/sql/sql-dialect.ts";
import { list, literal, type SqlStatement, sql } from "../hosts/sql/sql-statement.ts";
import type { SchemaVersion } from "../leases/database/kea-schema.ts";
import type {
  AuditEntry,
  ConfigDatabase,
  StoredChange,
  StoredConfig,
  StoredFor,
  StoredSelection,
} from "./config-database.ts";
import { readStored } from "./read-stored.ts";
import { ALL_SERVERS, selectStored } from "./select-stored.ts";
import type { ConfigTables, TablesOf } from "./tables/config-tables.ts";
import { StoredWriter, tagsOf } from "./write-stored.ts";

/** The connections to a database, which come and go. */
interface Session<Connection> {
  readonly isConnected: boolean;
  /** @throws the error that they were lost by, while there are none */
  readonly connection: {
    readonly reading: Connection;
    readonly searching: Connection;
    readonly writing: Connection;
    readonly schema: SchemaVersion;
  };
  close(): Promise<void>;
}

/** Statements in one round trip. */
const AT_ONCE = 500;

const BEGIN = sql`BEGIN`;
const COMMIT = sql`COMMIT`;
const ROLLBACK = sql`ROLLBACK`;

export class SqlConfig<Connection> implements ConfigDatabase {
  readonly name: string;
  readonly #tables: TablesOf;
  readonly #dialect: SqlDialect<Connection>;
  readonly #session: Session<Connection>;
  #loading: Promise<unknown> = Promise.resolve();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(name: string, tables: TablesOf, dialect: SqlDialect<Connection>, session: Session<Connection>) {
    this.name = name;
    this.#tables = tables;
    this.#dialect = dialect;
    this.#session = session;
  }

  get tables(): ConfigTables {
    return this.#tables.at(this.#session.connection.schema);
  }

  get greatestDefinedCode(): number {
    return this.#dialect.greatestDefinedCode;
  }

  get isUp(): boolean {
    return this.#session.isConnected;
  }

  /** One after the other: they have one connection. */
  load(
    whose: StoredFor,
    selection?: StoredSelection,
    run: Run = atPace,
    meanwhile?: () => Promise<unknown>,
  ): Promise<StoredConfig> {
    const result = this.#loading.then(async () => {
      const { tables } = this;
      const selects = selectStored(tables, this.#dialect, whose, selection);
      const names = Object.keys(selects) as (keyof typeof selects)[];
      const results = await this.#snapshot(
        names.map((name) => selects[name]),
        meanwhile,
      );
      const rows = Object.fromEntries(names.map((name, i) => [name, results[i]!]));
      return await run(readStored(tables, rows as Record<keyof typeof selects, Rows>));
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

  async servers(): Promise<readonly { readonly tag: string; readonly description: string }[]> {
    const statement = sql`SELECT s.tag, s.description FROM dhcp${String(this.#tables.family)}_server AS s ORDER BY s.id`;
    const [rows] = await this.#dialect.run(this.#session.connection.reading, [statement]);
    return rows!.map(([tag, description]) => ({ tag: String(tag), description: String(description ?? "") }));
  }

  async hasOwner(...question: Parameters<ConfigDatabase["hasOwner"]>): Promise<boolean> {
    const statement = new StoredWriter(this.tables, this.#dialect).findOwner(...question);
    const [rows] = await this.#dialect.run(this.#session.connection.reading, [statement]);
    return rows!.length > 0;
  }

  change(...change: Parameters<ConfigDatabase["change"]>): Promise<void> {
    const result = this.#changing.then(() => this.#change(...change));
    this.#changing = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  async #change(
    changes: readonly StoredChange[],
    message: string,
    onProgress: (done: number, total: number) => void = () => {},
  ): Promise<void> {
    const { writing } = this.#session.connection;
    const writer = new StoredWriter(this.tables, this.#dialect);
    const statements = changes.flatMap((change) => writer.write(change));
    const tags = [...new Set(changes.flatMap(tagsOf))];
    const run = (some: readonly SqlStatement[]) => this.#dialect.run(writing, some);
    try {
      await run([BEGIN]);
      if (tags.length > 0) await this.#findServers(writing, tags);
      await run([writer.beginRevision(tags.length === 1 ? tags[0]! : ALL_SERVERS, message)]);
      for (let at = 0; at < statements.length; at += AT_ONCE) {
        await run(statements.slice(at, at + AT_ONCE));
        onProgress(Math.min(at + AT_ONCE, statements.length), statements.length);
      }
      await run([COMMIT]);
    } catch (error) {
      // Where the connection is lost, so is the transaction.
      await run([ROLLBACK]).catch(() => {});
      throw error;
    }
  }

  /** @throws Error in words unless all are there */
  async #findServers(connection: Connection, tags: readonly string[]): Promise<void> {
    const table = `dhcp${this.#tables.family}_server`;
    const statement = sql`SELECT s.tag FROM ${table} AS s WHERE s.tag IN ${list("text", tags)}`;
    const [rows] = await this.#dialect.run(connection, [statement]);
    const found = new Set(rows!.map(([tag]) => String(tag).toLowerCase()));
    const missing = tags.find((tag) => !found.has(tag.toLowerCase()));
    if (missing === undefined) return;
    const command = `remote-server${this.#tables.family}-set`;
    throw new Error(`the database has no server "${missing}": make it with ${command}`);
  }

  /** What the statements find at one moment, whatever others write meanwhile. */
  async #snapshot(
    statements: Parameters<SqlDialect<Connection>["run"]>[1],
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<readonly Rows[]> {
    const { searching } = this.#session.connection;
    try {
      await this.#dialect.run(searching, this.#dialect.beginSnapshot);
      const [results] = await Promise.all([this.#dialect.run(searching, statements), meanwhile()]);
      await this.#dialect.run(searching, [COMMIT]);
      return results;
    } catch (error) {
      // Where the connection is lost, so is the transaction.
      await this.#dialect.run(searching, [ROLLBACK]).catch(() => {});
      throw error;
    }
  }
}
