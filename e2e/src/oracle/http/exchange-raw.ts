/** Requests over HTTP as they stand on the wire, and all that comes back. */
import { createConnection } from "node:net";

export interface RawAnswer {
  /** `HTTP/1.1 200 OK` */
  readonly status: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawExchange {
  readonly answers: readonly RawAnswer[];
  /** Whether the other end closed the connection. */
  readonly isClosed: boolean;
}

/** Milliseconds in which an answer begins; and after which, when it has begun, no more comes. */
const PATIENCE = 3000;
const SILENCE = 500;

/** @param parts sent over one connection, each when the one before is answered */
export async function exchangeRaw(host: string, port: number, parts: readonly string[]): Promise<RawExchange> {
  const connection = createConnection({ host, port });
  let text = "";
  const isClosed = await new Promise<boolean>((resolve) => {
    const left = [...parts];
    const goOn = (): void => {
      const part = left.shift();
      if (part === undefined) {
        resolve(false);
        return;
      }
      connection.write(part, "latin1");
      connection.setTimeout(PATIENCE);
    };
    connection.once("connect", goOn);
    connection.on("timeout", goOn);
    connection.on("data", (bytes) => {
      text += bytes.toString("latin1");
      connection.setTimeout(SILENCE);
    });
    connection.on("error", () => resolve(true));
    connection.on("close", () => resolve(true));
  });
  connection.destroy();
  return { answers: parseAnswers(text), isClosed };
}

function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ""; ) {
    const [head, ...others] = rest.split("\r\n\r\n");
    const [status, ...lines] = head!.split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(":", 1)[0]!.toLowerCase(), line.replace(/^[^:]*: */, "")]),
    );
    const behind = others.join("\r\n\r\n");
    const isBare = /^\S+ (1\d\d|204)/.test(status!);
    const length = isBare ? 0 : Number(headers["content-length"] ?? behind.length);
    answers.push({ status: status!, headers, body: behind.slice(0, length) });
    rest = behind.slice(length);
  }
  return answers;
}
