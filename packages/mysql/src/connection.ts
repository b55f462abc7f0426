/** Connections to MySQL or MariaDB: several statements in one round trip. */
import { connect as connectSocket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Milliseconds } from "@kotare/core/base/clock";
import { AnswerWatch } from "@kotare/core/databases/answer-watch";
import { type ConnectionOptions, createConnection, type ResultSetHeader } from "mysql2";

/** What the last words to a server may take. */
const FAREWELL: Milliseconds = 1000;

/** Of connections over TCP. */
const SOCKET = { noDelay: true, keepAlive: true };

export type Rows = readonly (readonly unknown[])[];

export interface Connection {
  /** Runs statements one after the other, in one round trip. @returns the rows of those that select */
  run(statements: readonly string[]): Promise<Rows[]>;
  /** Runs a statement that adds, changes or removes rows. @returns how many */
  change(statement: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Changes are conditional by what they say, so that no gap between rows needs a lock; and every server writes times in one
 * zone, the local one having an hour twice. After a switch to another node of a cluster nothing old is read.
 */
const SESSION = [
  "SET SESSION transaction_isolation = 'READ-COMMITTED'",
  "SET SESSION time_zone = '+00:00'",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  "SET SESSION innodb_lock_wait_timeout = 5",
];

/**
 * @param answerTimeout milliseconds that an answer may take: then the connection is given up, whatever became of the query
 * @param onLost called once when the connection ends by itself
 */
export async function connect(
  options: ConnectionOptions,
  answerTimeout: number,
  onLost: (error: Error) => void,
): Promise<Connection> {
  const { socketPath, host, port = 3306 } = options;
  // Its driver would wait for ever for what is unanswered: cutting the line is what ends that.
  const socket = connectSocket({ ...(socketPath === undefined ? { host, port } : { path: socketPath }), ...SOCKET });
  // Not its promises: each query of those costs a stack trace.
  const raw = createConnection({
    ...options,
    stream: () => socket,
    multipleStatements: true,
    rowsAsArray: true,
    supportBigNumbers: true,
    // No statement has places for values, and none need be looked for.
    queryFormat: (sql: string) => sql,
  });
  const query = (sql: string) =>
    new Promise<unknown>((resolve, reject) => {
      raw.query(sql, (error, results) => (error === null ? resolve(results) : reject(error)));
    });
  let isOver = false;
  const lose = (error: Error) => {
    if (isOver) return;
    isOver = true;
    onLost(error);
  };
  raw.on("error", lose);
  raw.on("end", () => lose(new Error("the database has closed the connection")));
  const watch = new AnswerWatch(answerTimeout, (error) => {
    lose(error);
    socket.destroy(error);
  });
  async function ask(sql: string): Promise<unknown> {
    try {
      return await watch.over(query(sql));
    } catch (error) {
      // MySQL says what is wrong with a statement; anything else is wrong with the connection, and so is class 08, by which a
      // node that has lost its cluster refuses every statement.
      const { sqlState = "08" } = error as { sqlState?: string };
      if (sqlState.startsWith("08")) lose(error as Error);
      throw error;
    }
  }
  const connection: Connection = {
    async run(statements) {
      const results = await ask(statements.join(";\n"));
      return (statements.length === 1 ? [results] : (results as unknown[])).filter(isRows);
    },
    change: async (statement) => ((await ask(statement)) as ResultSetHeader).affectedRows,
    async close() {
      isOver = true;
      // A server that does not answer is not waited for; one that has not let us in, or is gone, does not hear the farewell.
      const said = new Promise((resolve) => raw.end(resolve));
      const gone = new Promise((resolve) => socket.once("close", resolve));
      if (!socket.closed) await Promise.race([said, gone, pause(FAREWELL, undefined, { ref: false })]);
      watch.stop();
      socket.destroy(new Error("the connection has been closed"));
    },
  };
  try {
    // What ends it before it is ready is thrown, and not told as a loss.
    isOver = true;
    await connection.run(SESSION);
    await readCausally(connection);
    isOver = false;
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}

/** Galera's variable: there is none on a server that is alone. */
async function readCausally(connection: Connection): Promise<void> {
  const [found] = await connection.run(["SHOW VARIABLES LIKE 'wsrep_on'"]);
  if (found?.[0]?.[1] === "ON") await connection.run(["SET SESSION wsrep_sync_wait = 1"]);
}

/** Other statements answer with a header. */
function isRows(result: unknown): result is Rows {
  return Array.isArray(result);
}
