/** Connections to PostgreSQL: several statements in one round trip. */
import { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Milliseconds } from "@kotare/core/base/clock";
import { AnswerWatch } from "@kotare/core/databases/answer-watch";
import { Client, type ClientConfig } from "pg";
import { type KnownStatement, knownStatement, RepeatedQuery, type RepeatedResult } from "./repeated-query.ts";

/** What the last answers of a server may take. */
const FAREWELL: Milliseconds = 1000;

/** A prepared statement: its text belongs to its name; one without a name is used once. */
export interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export type Rows = readonly (readonly unknown[])[];

export interface Connection {
  /** Runs the queries, each a transaction of its own, in one round trip. */
  run(queries: readonly Query[]): Promise<Rows[]>;
  /** Runs a query that adds, changes or removes rows. @returns how many */
  change(query: Query): Promise<number>;
  /** Runs statements without parameters, in one transaction. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Plans are made once, when a table may be empty still: they must be those for a big one, which go by the indexes.
 * A server that is set to answer before what it says is on disk is asked not to.
 */
const SESSION = [
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "jit=off",
  "client_min_messages=warning",
];

/** A client that is connected, and its line: its driver would wait for ever for what is unanswered, and cutting the line ends that. */
export async function dial(config: ClientConfig): Promise<{ readonly client: Client; readonly socket: Socket }> {
  const socket = new Socket();
  const client = new Client({ ...config, stream: () => socket, keepAlive: true });
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    // What it says where it has none and is asked for one.
    if (!(error as Error).message.includes("client password must be")) throw error;
    throw new Error("the server asks for a password: set password or password-file", { cause: error });
  }
  return { client, socket };
}

/**
 * @param answerTimeout milliseconds that an answer may take: then the connection is given up, whatever became of the query
 * @param onLost called once when the connection ends by itself
 */
export async function connect(
  config: ClientConfig,
  answerTimeout: number,
  onLost: (error: Error) => void,
): Promise<Connection> {
  const options = SESSION.map((setting) => `-c ${setting}`).join(" ");
  const { client, socket } = await dial({ ...config, options, pipeline: true, application_name: "kotare" });
  let isOver = false;
  const lose = (error: Error) => {
    if (isOver) return;
    isOver = true;
    onLost(error);
  };
  client.on("error", lose);
  client.on("end", () => lose(new Error("the database has closed the connection")));
  const watch = new AnswerWatch(answerTimeout, (error) => {
    lose(error);
    socket.destroy(error);
  });
  const known = new Map<string, KnownStatement>();
  const askFirst = async ({ name, text, values }: Query): Promise<RepeatedResult> => {
    const result = await client.query({ ...(name !== "" && { name }), text, values: [...values], rowMode: "array" });
    if (name !== "") known.set(name, knownStatement(name, result));
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  };
  const ask = (query: Query): Promise<RepeatedResult> => {
    const statement = known.get(query.name);
    if (statement === undefined) return askFirst(query);
    return new Promise((resolve, reject) => {
      client.query(new RepeatedQuery(statement, query.values, resolve, reject));
    });
  };
  const connection: Connection = {
    async run(queries) {
      const results = await watch.over(Promise.all(queries.map(ask)));
      return results.map(({ rows }) => rows);
    },
    change: async (query) => (await watch.over(ask(query))).rowCount,
    async script(text) {
      for (const statement of text.split(/;\n/)) {
        if (statement.trim() !== "") await watch.over(client.query(statement));
      }
    },
    async close() {
      isOver = true;
      watch.stop();
      await Promise.race([client.end(), pause(FAREWELL, undefined, { ref: false })]);
      socket.destroy();
    },
  };
  try {
    // What ends it before it is ready is thrown, and not told as a loss.
    isOver = true;
    const [rows] = await connection.run([{ name: "", text: "SHOW synchronous_commit", values: [] }]);
    if (rows?.[0]?.[0] === "off") await connection.script("SET synchronous_commit = on");
    isOver = false;
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}
