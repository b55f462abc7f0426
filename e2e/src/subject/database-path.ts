/** A way to a database server on which a commit can be lost: before it arrives, or the answer to it; or everything. */
import { mkdirSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { basename, join } from "node:path";
import type { DatabaseServer } from "./database-server.ts";

/** What becomes of the next commit: its connection is cut before it arrives, or the database makes it and is not heard. */
export type Loss = "commit" | "answer";

/** What goes to PostgreSQL and to MySQL with a commit. */
const COMMIT = /lease4-commit|START TRANSACTION/;

export class DatabasePath implements Disposable {
  /** Where it is entered, as `DatabaseServer.socket`. */
  readonly socket: string;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  #loss: Loss | undefined;
  #isSilent = false;

  private constructor(databases: DatabaseServer, folder: string) {
    mkdirSync(folder);
    this.socket = join(folder, basename(databases.socket));
    this.#server = createServer((client) => this.#join(client, connect(databases.socket))).listen(this.socket);
  }

  static async open(databases: DatabaseServer, folder: string): Promise<DatabasePath> {
    const path = new DatabasePath(databases, folder);
    await new Promise((resolve) => path.#server.once("listening", resolve));
    return path;
  }

  #join(client: Socket, database: Socket): void {
    let isHeard = true;
    client.on("data", (data) => {
      if (this.#isSilent) return;
      if (this.#loss !== undefined && COMMIT.test(data.toString("latin1"))) {
        const loss = this.#loss;
        this.#loss = undefined;
        if (loss === "commit") return this.cut();
        isHeard = false;
      }
      database.write(data);
    });
    database.on("data", (data) => {
      if (isHeard && !this.#isSilent) client.write(data);
    });
    for (const socket of [client, database]) {
      this.#connections.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#connections.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
  }

  lose(loss: Loss): void {
    this.#loss = loss;
  }

  /** Nothing comes through any more, and nothing ends: as behind a firewall that forgets. */
  silence(): void {
    this.#isSilent = true;
  }

  /** What is sent from now on comes through. */
  mend(): void {
    this.#isSilent = false;
  }

  cut(): void {
    for (const socket of this.#connections) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.cut();
    this.#server.close();
  }
}
