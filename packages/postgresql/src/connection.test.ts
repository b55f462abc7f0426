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
