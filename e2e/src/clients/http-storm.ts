/** All that is bad for an HTTP socket, at once and again and again: by no login, by a wrong one, and by one that is right. */
import { connect } from "node:net";

const MiB = 2 ** 20;

/** Connections that each kind keeps going. */
const EACH = 8;

function post(headers: readonly string[], body: string | Buffer = ""): readonly (string | Buffer)[] {
  const head = ["POST / HTTP/1.1", "Host: a", "Content-Type: application/json", ...headers];
  return [`${head.join("\r\n")}\r\n\r\n`, body];
}

function command(login: string, body: string | Buffer, ...more: string[]): readonly (string | Buffer)[] {
  return post([`Authorization: Basic ${btoa(login)}`, `Content-Length: ${body.length}`, ...more], body);
}

/** What each connection sends. @param login `user:password` of somebody who may do all */
function kindsOf(login: string): readonly (readonly (string | Buffer)[])[] {
  const large = Buffer.alloc(100 * MiB, " ");
  return [
    [],
    ["POST / HTTP/1.1\r\nHost: a\r\nX-Half: "],
    command(login, "{").map((piece) => (typeof piece === "string" ? piece.replace("Length: 1", "Length: 100") : piece)),
    command(login, large),
    command("nobody:nothing", large),
    command(login, "[".repeat(200_000)),
    command(login, `{"command":"config-test","arguments":{"Dhcp4":${"[".repeat(90)}${"]".repeat(90)}}}`),
    command(login, '{"command":"version-get"}', "Transfer-Encoding: chunked"),
    [...command(login, '{"command":"version-get"}'), "garbage\r\n".repeat(10_000)],
    Array.from({ length: 50 }, () => command(login, '{"command":"config-get"}')).flat(),
    command("admin:guess", '{"command":"version-get"}'),
    command(login, '{"command":"shutdown"}', "Origin: http://evil.example", "Sec-Fetch-Site: cross-site"),
    ["GET /../../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    [Buffer.alloc(MiB)],
  ];
}

export interface Storm {
  /** Connections that the other end has answered or closed so far. */
  readonly ended: () => number;
  stop(): void;
}

/** @param login of somebody who may do all */
export function startStorm(host: string, port: number, login: string): Storm {
  let ended = 0;
  let isOver = false;
  const open = new Set<() => void>();
  const hit = (pieces: readonly (string | Buffer)[]): void => {
    if (isOver) return;
    const socket = connect({ host, port });
    const end = () => socket.destroy();
    open.add(end);
    for (const piece of pieces) socket.write(piece);
    // Who is answered goes, and who says nothing more is closed some time: the next one comes.
    socket.once("data", () => setTimeout(end, 50));
    socket.on("error", () => undefined);
    socket.once("close", () => {
      open.delete(end);
      ended++;
      setTimeout(hit, 10, pieces);
    });
  };
  for (const pieces of kindsOf(login)) for (let i = 0; i < EACH; i++) hit(pieces);
  return {
    ended: () => ended,
    stop: () => {
      isOver = true;
      for (const end of open) end();
    },
  };
}
