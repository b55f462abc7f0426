/** The sockets that a configuration names: opened, kept over reloads, and tried again for as long as they cannot be had. */
import type { Logger } from "../../log/logger.ts";
import type { Answer } from "../answer.ts";
import { commandMessages } from "../messages.ts";
import { ControlSocket } from "./control-socket.ts";

/** Seconds between two tries. */
const PAUSE = 10;

type Answerer = (text: string) => Promise<Answer>;

export class ControlSockets {
  readonly #answer: Answerer;
  readonly #log: Logger;
  /** By path: `undefined` while it is tried. */
  readonly #sockets = new Map<string, ControlSocket | undefined>();

  constructor(answer: Answerer, log: Logger) {
    this.#answer = answer;
    this.#log = log;
  }

  /** Resolves when each path has been tried once; sockets that are still wanted stay open. */
  async configure(paths: readonly string[]): Promise<void> {
    for (const [path, socket] of this.#sockets) {
      if (paths.includes(path)) continue;
      this.#sockets.delete(path);
      socket?.close();
    }
    const added = paths.filter((path) => !this.#sockets.has(path));
    for (const path of added) this.#sockets.set(path, undefined);
    await Promise.all(added.map((path) => this.#open(path)));
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket?.close();
    this.#sockets.clear();
  }

  async #open(path: string): Promise<void> {
    try {
      const socket = await ControlSocket.open(path, this.#answer, this.#log);
      // Not wanted any more when it was there at last.
      if (this.#sockets.has(path)) this.#sockets.set(path, socket);
      else socket.close();
    } catch (error) {
      const { message } = error as Error;
      this.#log.log(commandMessages.COMMAND_SOCKET_UNIX_FAILED, { path, error: message, seconds: PAUSE });
      setTimeout(() => {
        if (this.#sockets.has(path)) void this.#open(path);
      }, PAUSE * 1000).unref();
    }
  }
}
