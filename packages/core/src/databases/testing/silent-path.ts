/** A way to a database server that falls silent in the middle of a word: nothing comes through any more, and nothing ends. Tests only. */
import { connect, createServer, type Socket } from "node:net";

export interface SilentPath extends Disposable {
  /** Whether it is silent. */
  readonly isSilent: boolean;
}

/**
 * @param socket where it is entered
 * @param target the server's socket
 * @param word what a client must not say
 */
export async function openSilentPath(socket: string, target: string, word: string): Promise<SilentPath> {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(target);
    for (const each of [client, database]) each.on("error", () => {}).on("close", () => database.destroy());
    sockets.add(client).add(database);
    client.on("data", (data) => {
      isSilent ||= data.toString("latin1").includes(word);
      if (!isSilent) database.write(data);
    });
    database.on("data", (data) => {
      if (!isSilent) client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    get isSilent() {
      return isSilent;
    },
    [Symbol.dispose]() {
      server.close();
      for (const each of sockets) each.destroy();
    },
  };
}
