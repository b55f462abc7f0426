/** Who asks for leases by TCP, for tests: messages out and in, each behind two bytes of length. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** Milliseconds: longer than any server thinks, and short enough for a test to say what it has waited for. */
const PATIENCE = 15_000;

export function frame(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

export class QueryConnection implements Disposable {
  /** For what is no message. */
  socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  readonly #messages: Buffer[] = [];
  readonly #patience: number;
  #count = 0;
  #last: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, patience: number) {
    this.socket = socket;
    this.#patience = patience;
    this.#listen(socket);
  }

  /** @param from the address that the server sees */
  static async open(host: string, port: number, from?: string, patience = PATIENCE): Promise<QueryConnection> {
    const socket = connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) });
    const connection = new QueryConnection(socket, patience);
    await once(socket, "connect");
    return connection;
  }

  /** All at once, in one segment where they fit. */
  send(...messages: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(messages.map(frame)));
  }

  /** From now on. Rejects when the server does not want it. */
  async secure(options: ConnectionOptions): Promise<void> {
    this.socket.removeAllListeners("data");
    const secured = connectTls({ ...options, socket: this.socket });
    await once(secured, "secureConnect");
    this.socket = secured;
    this.#listen(secured);
  }

  /** The next message; `undefined` when the server has closed. Rejects where neither comes. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) {
        this.#count += 1;
        this.#last = message;
      }
      if (message !== undefined || this.#isClosed) return message;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(this.#describeSilence())), this.#patience);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Messages up to the one that is the last. */
  async until(isLast: (message: Buffer) => boolean): Promise<Buffer[]> {
    const messages: Buffer[] = [];
    for (;;) {
      const message = await this.next();
      if (message === undefined) return messages;
      messages.push(message);
      if (isLast(message)) return messages;
    }
  }

  #describeSilence(): string {
    const before = this.#count === 0 ? "" : `, the last one ${this.#last.toString("hex")}`;
    const half = this.#rest.length === 0 ? "" : `, and ${this.#rest.length} bytes of another one`;
    return `for ${this.#patience} ms the server has neither told more nor closed: ${this.#count} messages had come${before}${half}`;
  }

  #listen(socket: Socket): void {
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  #take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at + 2 <= this.#rest.length) {
      const end = at + 2 + this.#rest.readUInt16BE(at);
      if (end > this.#rest.length) break;
      this.#messages.push(this.#rest.subarray(at + 2, end));
      at = end;
    }
    this.#rest = this.#rest.subarray(at);
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
