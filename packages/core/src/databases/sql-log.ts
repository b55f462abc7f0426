/** Kea's table `logs`, whatever dialect the database speaks. */
import type { SqlDialect } from "../hosts/sql/sql-dialect.ts";
import { type SqlRows, sql } from "../hosts/sql/sql-statement.ts";
import type { Session } from "./database-session.ts";
import type { LogRow, LogTable } from "./log-table.ts";

/** The connections to a database, which come and go. */
interface Sessions<Connection> {
  /** @throws the error that they were lost by, while there are none */
  readonly connection: Pick<Session<Connection>, "writing">;
  close(): Promise<void>;
}

const COLUMNS: SqlRows["columns"] = [
  { name: "at", kind: "number" },
  { name: "address", kind: "text" },
  { name: "log", kind: "text" },
];

/** Adds nothing, for those who may read and add. */
export const TRY_TO_LOG = "INSERT INTO logs (address, log) SELECT address, log FROM logs WHERE FALSE";

export class SqlLog<Connection> implements LogTable {
  readonly #dialect: SqlDialect<Connection>;
  readonly #sessions: Sessions<Connection>;

  constructor(dialect: SqlDialect<Connection>, sessions: Sessions<Connection>) {
    this.#dialect = dialect;
    this.#sessions = sessions;
  }

  async insert(rows: readonly LogRow[], isInDoubt: boolean): Promise<void> {
    const { writing } = this.#sessions.connection;
    const insert = (values: readonly LogRow[]) => {
      const at = this.#dialect.timestamp("v.at");
      const given: SqlRows = { columns: COLUMNS, rows: values.map(({ at, address, log }) => [at, address, log]) };
      const unless = isInDoubt
        ? ` WHERE NOT EXISTS (SELECT 1 FROM logs AS l WHERE l.timestamp = ${at} AND MD5(l.log) = MD5(v.log))`
        : "";
      const statement = sql`INSERT INTO logs (timestamp, address, log) SELECT ${at}, v.address, v.log FROM ${given}${unless}`;
      return this.#dialect.run(writing, [statement]);
    };
    try {
      await insert(rows);
    } catch (error) {
      // Databases whose character set has less than Unicode.
      if (!this.#dialect.isNoText(error)) throw error;
      await insert(rows.map((row) => ({ ...row, log: row.log.replace(/[^\t\n\x20-\x7e]/gu, "?") })));
    }
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }
}
