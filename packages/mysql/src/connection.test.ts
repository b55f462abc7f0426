import { join } from "node:path";
import { openSilentPath } from "@kotare/core/databases/testing/silent-path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connect } from "./connection.ts";
import { findMariadb, MariadbServer } from "./testing/mariadb-server.ts";

const root = findMariadb();

describe.skipIf(root === undefined)("a connection to MariaDB", () => {
  let server: MariadbServer;

  beforeAll(async () => {
    server = await MariadbServer.start(root!);
  });
  afterAll(() => server.stop());

  const signal = (state: string) => `SIGNAL SQLSTATE '${state}' SET MESSAGE_TEXT = 'no'`;

  it.each([
    ["refuses a statement", signal("45000"), 10_000, 0],
    // What a node of a cluster answers that is cut off from the others: ER_UNKNOWN_COM_ERROR.
    ["refuses everything", signal("08S01"), 10_000, 1],
    ["does not answer in time", "SELECT SLEEP(10)", 200, 1],
    ["ends it", "KILL CONNECTION_ID()", 10_000, 1],
  ])("whose server %s", async (_, statement, patience, losses) => {
    const onLost = vi.fn();
    const connection = await connect({ socketPath: server.socket, user: "root" }, patience, onLost);
    await expect(connection.run([statement])).rejects.toThrow();
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(losses), 60_000);
    await connection.close();
  });

  it("is closed though its server does not answer", async () => {
    const onLost = vi.fn();
    const connection = await connect({ socketPath: server.socket, user: "root" }, 60_000, onLost);
    const unanswered = expect(connection.run(["SELECT SLEEP(50)"])).rejects.toThrow("closed");
    await connection.close();
    await unanswered;
    expect(onLost).not.toHaveBeenCalled();
  });

  it.each(["isolation", "wsrep"])("is not made where the server falls silent at %s", async (word) => {
    const socketPath = join(server.folder, word);
    using path = await openSilentPath(socketPath, server.socket, word);
    const onLost = vi.fn();
    await expect(connect({ socketPath, user: "root" }, 200, onLost)).rejects.toThrow("not answered");
    expect(path.isSilent).toBe(true);
    expect(onLost).not.toHaveBeenCalled();
  });
});
