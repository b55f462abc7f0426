/** Commands to one of ours in lines on a connection, and its answers in lines, in the same order: what CONNECT begins. */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** What is to be reached at the other end, in `host:port` as CONNECT has it. */
export const COMMANDS = "commands:1";
/** Bytes of a command's line that the other end takes. */
export const LONGEST_LINE = 256 * 1024;

const NEWLINE = "\n".charCodeAt(0);

/** The other end does not know of such streams, or has none for this server. */
export class NoStream extends Error {}

/** A connection that was kept has been closed at the other end: the command has not been read, as far as is known. */
export class ClosedConnection extends Error {}

interface Asked {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

export class CommandStream {
  readonly #socket: Socket;
  /** In order. */
  readonly #asked: Asked[] = [];
  /** Pieces of an answer, whose rest has not come yet. */
  #begun: Buffer[] = [];
  #why: Error = new ClosedConnection("the connection was closed");

  private constructor(socket: Socket, head: Buffer, onClose: () => void) {
    this.#socket = socket;
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (!/^(?:ECONNRESET|EPIPE)$/.test(error.code ?? "")) this.#why = error;
    });
    socket.on("timeout", () => socket.destroy(new Error(`no answer in ${socket.timeout! / 1000} s`)));
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      onClose();
      this.#close();
    });
    if (head.length > 0) this.#take(head);
    socket.on("data", (piece) => this.#take(piece));
  }

  /** @param request CONNECT, not sent yet @param onClose called when there is no use in it any more. Rejects with `NoStream` where there is somebody who gives none */
  static open(request: ClientRequest, onClose: () => void): Promise<CommandStream> {
    return new Promise((resolve, reject) => {
      request.on("connect", ({ statusCode }: IncomingMessage, socket: Socket, head: Buffer) => {
        socket.setTimeout(0);
        if (statusCode === 200) resolve(new CommandStream(socket, head, onClose));
        else {
          socket.destroy();
          reject(new NoStream(`HTTP status ${statusCode}`));
        }
      });
      request.on("timeout", () => request.destroy(new Error("no answer in time")));
      // Who does not know the method closes the connection.
      request.on("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ECONNRESET" ? new NoStream(error.message) : error),
      );
      request.end();
    });
  }

  /**
   * Rejects when nothing comes in time; with `ClosedConnection` where the other end has closed it before.
   * @param line without its end @param patience milliseconds
   */
  ask(line: string, patience: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#socket.setTimeout(patience);
      this.#socket.write(`${line}\n`);
    });
  }

  /** What has been asked is still answered. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      this.#answer(piece.subarray(start, end));
      start = end + 1;
    }
    if (start < piece.length) this.#begun.push(piece.subarray(start));
  }

  #answer(end: Buffer): void {
    const asked = this.#asked.shift();
    if (asked === undefined) {
      this.#socket.destroy(new Error("an answer to nothing"));
      return;
    }
    if (this.#asked.length === 0) this.#socket.setTimeout(0);
    asked.resolve((this.#begun.length === 0 ? end : Buffer.concat([...this.#begun, end])).toString());
    this.#begun = [];
  }

  #close(): void {
    for (const { reject } of this.#asked.splice(0)) reject(this.#why);
  }
}
