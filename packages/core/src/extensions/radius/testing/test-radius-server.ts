/** A RADIUS server on a real port that says what a test wants, truths and lies. Tests only. */
import { createHash, createHmac } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { onTestFinished } from "vitest";

export const SECRET = "xyzzy5461";

/** Code, and attributes: of texts, of numbers with four bytes, or of bytes. */
export type TestReply = readonly [code: number, ...(readonly [type: number, value: string | number | Uint8Array])[]];

/** What a reply may have wrong. */
export type Lie = "secret" | "identifier" | "proof" | "no proof" | "length" | "attribute";

export interface TestRequest {
  readonly code: number;
  readonly bytes: Buffer;
  /** By type, as texts of one character a byte; of several the last. */
  readonly attributes: Readonly<Record<number, string>>;
  /** Sends a reply to it. */
  reply(reply: TestReply, lie?: Lie): void;
}

export class TestRadiusServer {
  readonly requests: TestRequest[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, answer: (request: TestRequest) => void) {
    this.#socket = socket;
    socket.on("message", (bytes, { port, address }) => {
      const reply: TestRequest["reply"] = (reply, lie) => socket.send(encode(bytes, reply, lie), port, address);
      const request = { code: bytes[0]!, bytes, attributes: attributesOf(bytes), reply };
      this.requests.push(request);
      answer(request);
    });
  }

  /** Until the test is over. */
  static async start(answer: (request: TestRequest) => void): Promise<TestRadiusServer> {
    const socket = createSocket("udp4");
    const server = new TestRadiusServer(socket, answer);
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    onTestFinished(() => server.stop());
    return server;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      try {
        this.#socket.close(() => resolve());
      } catch {
        // It has been stopped before.
        resolve();
      }
    });
  }
}

function attributesOf(bytes: Buffer): Record<number, string> {
  const attributes: Record<number, string> = {};
  for (let at = 20; at < bytes.length; at += bytes[at + 1]!) {
    attributes[bytes[at]!] = bytes.toString("latin1", at + 2, at + bytes[at + 1]!);
  }
  return attributes;
}

function encode(request: Buffer, [code, ...attributes]: TestReply, lie: Lie | undefined): Buffer {
  const proof: TestReply[1] = [80, new Uint8Array(16)];
  const all = code === 5 || lie === "no proof" ? attributes : [proof, ...attributes];
  const body = Buffer.concat(
    all.map(([type, value]) => {
      const bytes = typeof value === "number" ? Buffer.from([value >>> 24, value >> 16, value >> 8, value]) : value;
      return Buffer.concat([Buffer.from([type, bytes.length + 2]), Buffer.from(bytes as Uint8Array)]);
    }),
  );
  if (lie === "attribute") body[1] = 1;
  const secret = lie === "secret" ? "guessed" : SECRET;
  const reply = Buffer.concat([
    Buffer.from([code, request[1]! ^ (lie === "identifier" ? 1 : 0), 0, 0]),
    request.subarray(4, 20),
    body,
  ]);
  reply.writeUInt16BE(reply.length + (lie === "length" ? 1 : 0), 2);
  const isProved = all[0] === proof && lie !== "attribute";
  if (isProved)
    createHmac("md5", lie === "proof" ? "guessed" : secret)
      .update(reply)
      .digest()
      .copy(reply, 22);
  createHash("md5").update(reply).update(secret).digest().copy(reply, 4);
  return reply;
}
