/** A UNIX socket that takes commands. */
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { LONGEST_SOCKET_PATH } from "../../config/check/check-control-sockets.ts";
import type { Logger } from "../../log/logger.ts";
import type { Answer } from "../answer.ts";
import { commandMessages } from "../messages.ts";
import { Connections } from "./connections.ts";
import { type ConnectionOwner, ControlConnection } from "./control-connection.ts";

/** The owner and the group may send commands; Kea's are the owner's alone, whatever its 0750 looks like. */
const MODE = 0o660;

export class ControlSocket implements ConnectionOwner {
  readonly path: string;
  readonly #server: Server;
  readonly #log: Logger;
  readonly #answer: (text: string) => Promise<Answer>;
  readonly #connections = new Connections<ControlConnection>();

  private constructor(path: string, server: Server, answer: (text: string) => Promise<Answer>, log: Logger) {
    this.path = path;
    this.#server = server;
    this.#answer = answer;
    this.#log = log;
    server.on("connection", (socket: Socket) => this.#accept(socket));
  }

  /** A socket that nobody listens at any more is replaced. @throws when somebody does, or the file is something else */
  static async open(path: string, answer: (text: string) => Promise<Answer>, log: Logger): Promise<ControlSocket> {
    // Longer ones would be cut off, and be found under another name.
    if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) throw new Error(`longer than ${LONGEST_SOCKET_PATH} bytes`);
    await removeStale(path);
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      // The process's umask keeps everybody out until the mode is set.
      server.listen({ path }, resolve);
    });
    server.removeAllListeners("error");
    server.on("error", () => undefined);
    chmodSync(path, MODE);
    log.log(commandMessages.COMMAND_ACCEPTOR_START, { path });
    return new ControlSocket(path, server, answer, log);
  }

  answer(text: string): Promise<Answer> {
    return this.#answer(text);
  }

  hold(bytes: number): boolean {
    return this.#connections.hold(bytes);
  }

  closed(connection: ControlConnection, why: string): void {
    this.#connections.delete(connection);
    if (why !== "") this.#log.log(commandMessages.COMMAND_SOCKET_CONNECTION_CLOSED, { path: this.path, why });
  }

  /** Takes no more commands; those under way are answered. */
  close(): void {
    this.#server.close();
    for (const connection of this.#connections) if (connection.isIdle) connection.destroy();
  }

  #accept(socket: Socket): void {
    this.#connections.add(new ControlConnection(socket, this));
  }
}

async function removeStale(path: string): Promise<void> {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (!file.isSocket()) throw new Error("there is a file of this name that is no socket: remove it");
  if (await isAlive(path)) {
    throw new Error(
      `another server takes commands there: find it with "ss -xlp src ${path}", and give each its own socket`,
    );
  }
  unlinkSync(path);
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    // EAGAIN: so busy that it takes no connection.
    probe.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED" && code !== "ENOENT"));
  });
}
