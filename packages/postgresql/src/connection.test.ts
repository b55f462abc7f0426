import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openSilentPath } from "@kotare/core/databases/testing/silent-path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Connection, connect } from "./connection.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const programs = findPostgres();

describe.skipIf(programs === undefined)("a connection to PostgreSQL", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await PostgresServer.start(programs!);
  });
  afterAll(() => server.stop());

  const open = (patience: number, onLost: (error: Error) => void) =>
    connect({ host: server.folder, user: "postgres", database: "postgres" }, patience, onLost);
  const ask = (connection: Connection, text: string) => connection.run([{ name: "", text, values: [] }]);

  it.each([
    ["refuses a statement", "SELECT 1 / 0", 10_000, 0],
    ["does not answer in time", "SELECT pg_sleep(10)", 200, 1],
    ["ends it", "SELECT pg_terminate_backend(pg_backend_pid())", 10_000, 1],
  ])("whose server %s", async (_, statement, patience, losses) => {
    const onLost = vi.fn();
    const connection = await open(patience, onLost);
    await expect(ask(connection, statement)).rejects.toThrow();
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(losses), 60_000);
    await connection.close();
  });

  it("answers a prepared statement the second time as it did the first time", async () => {
    const connection = await open(10_000, () => {});
    const name = "divide";
    const text =
      "SELECT 6 / $1::int4, $2::bytea, $3::text, $1::int8, $1 > 2, '{\"a\": [1]}'::json FROM generate_series(1, $1)";
    const divide = (by: unknown, bytes: unknown = null, words: unknown = null) =>
      connection.run([{ name, text, values: [by, bytes, words] }]);
    const given = [2, Buffer.from([0, 255]), "zürich"];
    const first = await divide(...(given as [number]));
    expect(first[0]).toHaveLength(2);
    expect(first[0]?.[0]).toEqual([3, ...given.slice(1), "2", false, { a: [1] }]);
    expect(await divide(...(given as [number]))).toEqual(first);
    expect(await divide("2", Uint8Array.from([0, 255]), "zürich")).toEqual(first);
    expect((await divide(1))[0]).toEqual([[6, null, null, "1", false, { a: [1] }]]);
    // What is wrong with one is told to who asked it, among others under way.
    const [one, none, three] = await Promise.allSettled([divide(1), divide("x"), divide(3)]);
    expect(none).toMatchObject({ status: "rejected", reason: { code: "22P02" } });
    for (const result of [one, three]) expect(result.status).toBe("fulfilled");
    const change = { name: "change", text: "INSERT INTO made SELECT generate_series(1, $1::int4)" };
    await connection.script("CREATE TABLE made (number int4)");
    for (const count of [0, 2, 11]) expect(await connection.change({ ...change, values: [count] })).toBe(count);
    await connection.close();
  });

  it("rejects what is unanswered when it is lost, and what is asked afterwards", async () => {
    const connection = await open(10_000, () => {});
    const query = (text: string) => ({ name: "wait", text: "SELECT pg_sleep($1)", values: [text] });
    await connection.run([query("0")]);
    const waiting = [connection.run([query("50")]), connection.run([query("0")])].map((each) =>
      expect(each).rejects.toThrow(),
    );
    await ask(
      await open(10_000, () => {}),
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
    );
    await Promise.all(waiting);
    await expect(connection.run([query("0")])).rejects.toThrow();
    await connection.close();
  });

  it("is closed though its server does not answer", async () => {
    const onLost = vi.fn();
    const connection = await open(60_000, onLost);
    const unanswered = expect(ask(connection, "SELECT pg_sleep(50)")).rejects.toThrow("terminated");
    await connection.close();
    await unanswered;
    expect(onLost).not.toHaveBeenCalled();
  });

  it("is not made where the server falls silent", async () => {
    const host = join(server.folder, "silent");
    mkdirSync(host);
    const name = ".s.PGSQL.5432";
    using path = await openSilentPath(join(host, name), join(server.folder, name), "synchronous_commit");
    const onLost = vi.fn();
    const connecting = connect({ host, user: "postgres", database: "postgres" }, 200, onLost);
    await expect(connecting).rejects.toThrow("not answered");
    expect(path.isSilent).toBe(true);
    expect(onLost).not.toHaveBeenCalled();
  });
});
