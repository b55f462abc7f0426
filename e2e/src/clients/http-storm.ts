/** All that is bad for an HTTP socket, at once and again and again: by no login, by a wrong one, and by one that is right. */
import { connect, type Socket } from "node:net";
import { connect as connectTls, type SecureContextOptions } from "node:tls";

const MiB = 2 ** 20;

/** Connections that each kind keeps going. */
const EACH = 8;
/** Its rest is waited for as long as a slow line takes for a long command. */
const PATIENT_KIND = "half a body";

function post(headers: readonly string[], body: string | Buffer = ""): readonly (string | Buffer)[] {
  const head = ["POST / HTTP/1.1", "Host: a", "Content-Type: application/json", ...headers];
  return [`${head.join("\r\n")}\r\n\r\n`, body];
}

function command(login: string, body: string | Buffer, ...more: string[]): readonly (string | Buffer)[] {
  return post([`Authorization: Basic ${btoa(login)}`, `Content-Length: ${body.length}`, ...more], body);
}

/** What each connection sends, by what is wrong with it. @param login `user:password` of somebody who may do all */
function kindsOf(login: string): Readonly<Record<string, readonly (string | Buffer)[]>> {
  const large = Buffer.alloc(100 * MiB, " ");
  const version = '{"command":"version-get"}';
  const nested = `{"command":"config-test","arguments":{"Dhcp4":${"[".repeat(90)}${"]".repeat(90)}}}`;
  return {
    silent: [],
    "half a head": ["POST / HTTP/1.1\r\nHost: a\r\nX-Half: "],
    [PATIENT_KIND]: command(login, "{").map((piece) =>
      typeof piece === "string" ? piece.replace("Length: 1", "Length: 100") : piece,
    ),
    "100 MiB": command(login, large),
    "100 MiB of a stranger": command("nobody:nothing", large),
    "200,000 brackets": command(login, "[".repeat(200_000)),
    "90 lists": command(login, nested),
    "two lengths": command(login, version, "Transfer-Encoding: chunked"),
    "garbage behind a request": [...command(login, version), "garbage\r\n".repeat(10_000)],
    "50 requests at once": Array.from({ length: 50 }, () => command(login, '{"command":"config-get"}')).flat(),
    "a guess": command("admin:guess", version),
    "from another site": command(
      login,
      '{"command":"shutdown"}',
      "Origin: http://evil.example",
      "Sec-Fetch-Site: cross-site",
    ),
    "a path upwards": ["GET /../../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"],
    TLS: ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    "a MiB of zeros": [Buffer.alloc(MiB)],
  };
}

export interface Storm {
  /** What the other end has not answered or closed once yet, but for what has a minute. */
  readonly unended: () => readonly string[];
  stop(): void;
}

interface Target {
  readonly host: string;
  readonly port: number;
  /** Where there is TLS, for who shows a certificate. */
  readonly tlsPort: number;
}

/** @param login of somebody who may do all @param foreign a certificate that is not wanted */
export function startStorm({ host, port, tlsPort }: Target, login: string, foreign: SecureContextOptions): Storm {
  const open = (): Socket => connect({ host, port });
  const openTls = (shown: SecureContextOptions) => (): Socket =>
    connectTls({ host, port: tlsPort, rejectUnauthorized: false, ...shown });
  const command = kindsOf(login)["90 lists"]!;
  const kinds: readonly (readonly [kind: string, pieces: readonly (string | Buffer)[], open: () => Socket])[] = [
    ...Object.entries(kindsOf(login)).map(([kind, pieces]) => [kind, pieces, open] as const),
    ["TLS without a certificate", command, openTls({})],
    ["TLS with another's certificate", command, openTls(foreign)],
  ];
  const unended = new Set(kinds.map(([kind]) => kind));
  unended.delete(PATIENT_KIND);
  let isOver = false;
  const ends = new Set<() => void>();
  const hit = (...[kind, pieces, connected]: (typeof kinds)[number]): void => {
    if (isOver) return;
    const socket = connected();
    const end = () => socket.destroy();
    ends.add(end);
    for (const piece of pieces) socket.write(piece);
    // Who is answered goes, and who says nothing more is closed some time: the next one comes.
    socket.once("data", () => setTimeout(end, 50));
    socket.on("error", () => undefined);
    socket.once("close", () => {
      ends.delete(end);
      unended.delete(kind);
      setTimeout(hit, 10, kind, pieces, connected);
    });
  };
  for (const kind of kinds) for (let i = 0; i < EACH; i++) hit(...kind);
  return {
    unended: () => [...unended],
    stop: () => {
      isOver = true;
      for (const end of ends) end();
    },
  };
}
