/** Commands over kept HTTP connections, one at a time on each, at next to no cost of their own. */
import { createConnection, type Socket } from "node:net";

export interface HttpTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** What is sent, ready made. */
export function requestOf({ address, user, password }: HttpTarget, command: string, args?: object): Buffer {
  const body = JSON.stringify({ command, ...(args && { arguments: args }) });
  const head = [
    "POST / HTTP/1.1",
    `Host: ${address}`,
    `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** A connection that stays open. */
export class HttpClient implements Disposable {
  readonly #socket: Socket;
  /** Of the answer that is awaited. */
  #head = "";
  #missing = 0;
  #text = "";
  #keepsText = false;
  #resolve: (text: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (piece) => this.#take(piece as Buffer));
    socket.on("error", (error) => this.#reject(error));
    socket.on("close", () => this.#reject(new Error("the connection was closed")));
  }

  static open({ address, port }: HttpTarget): Promise<HttpClient> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: address, port }, () => resolve(new HttpClient(socket)));
      socket.once("error", reject);
    });
  }

  /** @param keepsText whether the answer is wanted @returns it, or "" @throws Error when it is not 200 */
  ask(request: Buffer, keepsText = false): Promise<string> {
    this.#head = "";
    this.#text = "";
    this.#keepsText = keepsText;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  #take(piece: Buffer): void {
    let body = piece;
    if (this.#missing === 0) {
      this.#head += piece.toString("latin1");
      const end = this.#head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const [, status, length] = /^HTTP\/1\.1 (\d+) .*?^Content-Length: (\d+)/ims.exec(this.#head) ?? [];
      if (status !== "200" || length === undefined) {
        this.#reject(new Error(this.#head));
        return;
      }
      this.#missing = Number(length);
      body = Buffer.from(this.#head.slice(end + 4), "latin1");
    }
    if (this.#keepsText) this.#text += body.toString("latin1");
    this.#missing -= body.length;
    if (this.#missing === 0) this.#resolve(this.#text);
  }

  [Symbol.dispose](): void {
    this.#socket.removeAllListeners("close").destroy();
  }
}
