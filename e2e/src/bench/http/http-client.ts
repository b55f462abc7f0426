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
  /** Of the answer that is awaited: what has come of its head. */
  #head: Buffer | undefined;
  #missing = 0;
  #text = "";
  #keepsText = false;
  #resolve: (text: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  private constructor({ address, port }: HttpTarget, onOpen: () => void) {
    // Read into the same memory again and again: new memory for each answer would cost as much as the rest.
    const callback = (length: number, buffer: Uint8Array) => {
      this.#take(buffer.subarray(0, length) as Buffer);
      return true;
    };
    const onread = { buffer: Buffer.alloc(0x10000), callback };
    this.#socket = createConnection({ host: address, port, noDelay: true, onread }, onOpen);
    this.#socket.on("error", (error) => this.#reject(error));
    this.#socket.on("close", () => this.#reject(new Error("the connection was closed")));
  }

  static open(target: HttpTarget): Promise<HttpClient> {
    return new Promise((resolve, reject) => {
      const client = new HttpClient(target, () => resolve(client));
      client.#reject = reject;
    });
  }

  /** @param keepsText whether the answer is wanted @returns it, or "" @throws Error when it is not 200 */
  ask(request: Buffer, keepsText = false): Promise<string> {
    this.#head = undefined;
    this.#text = "";
    this.#keepsText = keepsText;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  /** Who reads answers must not take longer for it than who makes them: of a head it looks at what it has to. */
  #take(piece: Buffer): void {
    let body = piece;
    if (this.#missing === 0) {
      const head = this.#head === undefined ? piece : Buffer.concat([this.#head, piece]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) {
        this.#head = Buffer.from(head);
        return;
      }
      const at = head.indexOf("\r\nContent-Length: ");
      if (head.toString("latin1", 9, 12) !== "200" || at < 0 || at > end) {
        this.#reject(new Error(head.toString("latin1")));
        return;
      }
      this.#missing = Number.parseInt(head.toString("latin1", at + 18, at + 28), 10);
      body = head.subarray(end + 4);
    }
    if (this.#keepsText) this.#text += body.toString("latin1");
    this.#missing -= body.length;
    if (this.#missing === 0) this.#resolve(this.#text);
  }

  [Symbol.dispose](): void {
    this.#socket.removeAllListeners("close").destroy();
  }
}
