/** What comes of a partner that answers as it should, otherwise, or not at all. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { Authority } from "@kotare/testkit/certificates";
import { expect, it, onTestFinished } from "vitest";
import type { Peer } from "../parameters/relationship-schema.ts";
import { PartnerLink } from "./partner-link.ts";

async function linkTo(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    answer(request, response, body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const peer: Peer = {
    name: "b",
    url: new URL(`http://127.0.0.1:${port}/`),
    role: "standby",
    "auto-failover": true,
    "basic-auth-user": "partner",
    "basic-auth-password": "secret",
  };
  const link = new PartnerLink(peer, 4);
  onTestFinished(() => {
    link.close();
    server.closeAllConnections();
    server.close();
  });
  return { link, server };
}

it("a command is posted as Kea's partners post it, and its answer is the one in a list", async () => {
  let seen: unknown;
  const { link } = await linkTo(({ method, headers }, response, body) => {
    seen = [method, headers["content-type"], headers.authorization, JSON.parse(body)];
    response.end('[ { "result": 0, "text": "é" } ]');
  });
  expect(await link.ask("ha-heartbeat", { "server-name": "a" }, 5000)).toEqual({ result: 0, text: "é" });
  const authorization = `Basic ${Buffer.from("partner:secret").toString("base64")}`;
  const command = { arguments: { "server-name": "a" }, command: "ha-heartbeat", service: ["dhcp4"] };
  expect(seen).toEqual(["POST", "application/json", authorization, command]);
});

it.each<[string, string, number, string]>([
  ["a bare map", '{ "result": 0 }', 200, "x: its answer is none"],
  ["an empty list", "[]", 200, "x: its answer is none"],
  ["a list of nonsense", "[ 7 ]", 200, "x: its answer is none"],
  ["a map without a result", "[ {} ]", 200, "x: its answer is none"],
  ["no JSON", "hello", 200, "Unexpected token"],
  ["brackets", "[".repeat(200_000), 200, "JSON"],
  ["a refusal", '{ "result": 401, "text": "Unauthorized" }', 401, "x: HTTP status 401"],
])("%s is no answer", async (_, body, status, words) => {
  const { link } = await linkTo((_request, response) => void response.writeHead(status).end(body));
  await expect(link.ask("x", {}, 5000)).rejects.toThrow(words);
});

it("who says nothing has no patience for ever", async () => {
  const { link } = await linkTo(() => {});
  await expect(link.ask("x", {}, 50)).rejects.toThrow("no answer in 0.05 s");
});

it("a kept connection that was closed at the other end is opened anew", async () => {
  const { link, server } = await linkTo((_, response) => void response.end('[ { "result": 0 } ]'));
  for (let i = 0; i < 3; i++) {
    expect(await link.ask("x", {}, 5000)).toEqual({ result: 0 });
    server.closeIdleConnections();
  }
});

it("all kept connections may have been closed at the other end", async () => {
  const { link, server } = await linkTo((_, response) => void response.end('[ { "result": 0 } ]'));
  await Promise.all(Array.from({ length: 4 }, () => link.ask("x", {}, 5000)));
  // The turn that would tell of it has not come.
  server.closeAllConnections();
  expect(await link.ask("x", {}, 5000)).toEqual({ result: 0 });
});

it("where nobody listens, that is said at once", async () => {
  const { link, server } = await linkTo(() => {});
  server.close();
  await expect(link.ask("x", {}, 5000)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

/** A partner of ours, which answers each line. @param refuse what it does with a stream instead, if anything */
async function streamingPartner(answer: (line: string) => string | undefined, refuse?: (socket: Duplex) => void) {
  const seen: string[] = [];
  const streams = new Set<Duplex>();
  const { link, server } = await linkTo((_, response, body) => {
    seen.push(`POST ${body.length}`);
    response.end('[ { "result": 0, "text": "posted" } ]');
  });
  server.on("connect", ({ url, headers: { authorization } }: IncomingMessage, socket: Duplex) => {
    seen.push(`CONNECT ${url} ${Buffer.from(authorization!.split(" ")[1]!, "base64")}`);
    if (refuse !== undefined) return refuse(socket);
    streams.add(socket);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    let begun = "";
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.on("data", (piece) => {
      const lines = (begun + String(piece)).split("\n");
      begun = lines.pop()!;
      for (const line of lines) {
        seen.push(line);
        const text = answer(line);
        if (text !== undefined) socket.write(`${text}\n`);
      }
    });
  });
  onTestFinished(() => {
    for (const stream of streams) stream.destroy();
  });
  const ask = (number: number, patience = 5000) => link.ask("x", { number }, patience, "stream");
  const line = (number: number) => `{"arguments":{"number":${number}},"command":"x"}`;
  return { link, server, seen, streams, ask, line };
}

const CONNECT = "CONNECT commands:1 partner:secret";

it("commands of a stream are lines on one connection, which is kept, and their answers come in the same order", async () => {
  const { seen, ask, line } = await streamingPartner((command) => `{"result":0,"arguments":${command}}`);
  const answers = await Promise.all([ask(1), ask(2)]);
  expect(answers.map((answer) => answer.arguments)).toEqual([JSON.parse(line(1)), JSON.parse(line(2))]);
  await ask(3);
  expect(seen).toEqual([CONNECT, line(1), line(2), line(3)]);
});

it("an answer in pieces is whole", async () => {
  const text = `{"result":0,"text":"${"é".repeat(300_000)}"}`;
  const { ask } = await streamingPartner(() => text);
  expect(await ask(1)).toEqual(JSON.parse(text));
});

it.each<[string, (socket: Duplex) => void]>([
  ["one that refuses it", (socket) => socket.end("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")],
  ["one that does not know of it", (socket) => socket.destroy()],
])("%s is not asked for a stream again soon: commands are posted", async (_, refuse) => {
  const { seen, ask } = await streamingPartner(() => undefined, refuse);
  for (let i = 0; i < 2; i++) expect(await ask(i)).toMatchObject({ text: "posted" });
  expect(seen).toEqual([CONNECT, "POST 60", "POST 60"]);
});

it("a command that is too long for a line is posted", async () => {
  const { link, seen } = await streamingPartner(() => undefined);
  await link.ask("x", { rows: "x".repeat(256 * 1024) }, 5000, "stream");
  expect(seen).toEqual([expect.stringMatching(/^POST 262\d{3}$/)]);
});

it("a stream that was closed at the other end is begun anew, and what had no answer is asked again", async () => {
  let isClosing = false;
  const { seen, streams, ask, line } = await streamingPartner(() => {
    if (!isClosing) return '{"result":0}';
    isClosing = false;
    for (const stream of streams) stream.destroy();
    return undefined;
  });
  await ask(1);
  isClosing = true;
  expect(await ask(2)).toEqual({ result: 0 });
  for (const stream of streams) stream.destroy();
  await new Promise(setImmediate);
  expect(await ask(3)).toEqual({ result: 0 });
  expect(seen.filter((each) => each !== CONNECT)).toEqual([1, 2, 2, 3].map(line));
});

it("who says nothing in a stream has no patience for ever, and an answer to nothing ends it", async () => {
  const silent = await streamingPartner(() => undefined);
  await expect(silent.ask(1, 50)).rejects.toThrow("no answer in 0.05 s");
  const { ask } = await streamingPartner(() => "{}\n{}");
  await expect(ask(1)).rejects.toThrow("its answer is none");
  await expect(ask(2)).rejects.toThrow();
});

it("where nobody listens for streams either, that is said at once", async () => {
  const { server, ask } = await streamingPartner(() => undefined);
  server.close();
  await expect(ask(1)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "partner-link-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it("with TLS both show certificates of one authority; files that change count after a reload", async () => {
  const files = folder();
  const [ours, theirs] = ["ours", "theirs"].map((name) => new Authority(files, name));
  const [server, client, stranger] = [
    ours!.sign("server", "elsewhere"),
    ours!.sign("client", "c"),
    theirs!.sign("stranger", "c"),
  ];
  const read = (path: string) => readFileSync(path);
  const tls = { ca: read(ours!.anchor), cert: read(server.certificate), key: read(server.key), requestCert: true };
  const seen: unknown[] = [];
  const resumed: boolean[] = [];
  const listener = createTlsServer(tls, ({ socket, headers }, response) => {
    seen.push([(socket as TLSSocket).getPeerCertificate().subject.CN, headers.authorization]);
    response.end('[ { "result": 0 } ]');
  });
  listener.on("secureConnection", (socket) => resumed.push(socket.isSessionReused()));
  const streamed: unknown[] = [];
  listener.on("connect", ({ headers }: IncomingMessage, socket: TLSSocket) => {
    streamed.push([socket.getPeerCertificate().subject.CN, headers.authorization]);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    socket.on("end", () => socket.end());
    socket.on("data", () => socket.write('{"result":0}\n'));
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const [certificate, key, password] = ["used.pem", "used.key", "password"].map((name) => join(files, name));
  const use = (of: typeof client, words: string) => {
    writeFileSync(certificate!, read(of.certificate));
    writeFileSync(key!, read(of.key));
    writeFileSync(password!, `${words}\n`);
  };
  use(stranger, "first");
  const { port } = listener.address() as AddressInfo;
  const peer: Peer = {
    name: "b",
    url: new URL(`https://127.0.0.1:${port}/`),
    role: "standby",
    "auto-failover": true,
    "trust-anchor": ours!.anchor,
    "cert-file": certificate,
    "key-file": key,
    "basic-auth-user": "partner",
    "basic-auth-password-file": password,
  };
  const link = new PartnerLink(peer, 4);
  onTestFinished(() => {
    link.close();
    listener.closeAllConnections();
    listener.close();
  });
  await expect(link.ask("x", {}, 5000)).rejects.toThrow();
  use(client, "second");
  link.reload();
  expect(await link.ask("x", {}, 5000)).toEqual({ result: 0 });
  const clientWith = (words: string) => ["client", `Basic ${Buffer.from(`partner:${words}`).toString("base64")}`];
  expect(seen).toEqual([clientWith("second")]);
  await Promise.all([link.ask("x", {}, 5000), link.ask("x", {}, 5000)]);
  // A Kea refuses connections that take up the session of another one.
  expect(resumed).toEqual([false, false]);
  await link.ask("x", {}, 5000, "stream");
  use(client, "third");
  const underWay = link.ask("x", {}, 5000, "stream");
  link.reload();
  expect(await Promise.all([underWay, link.ask("x", {}, 5000, "stream")])).toEqual([{ result: 0 }, { result: 0 }]);
  expect(streamed).toEqual([clientWith("second"), clientWith("third")]);
  writeFileSync(key!, "no key");
  expect(() => link.reload()).toThrow();
  expect(await link.ask("x", {}, 5000)).toEqual({ result: 0 });
});

it("a file that is not there is named", () => {
  const peer = { name: "b", url: new URL("http://192.0.2.1/"), role: "standby", "auto-failover": true } as const;
  const nowhere = join(folder(), "nowhere");
  const linked = (more: Partial<Peer>) => () => new PartnerLink({ ...peer, ...more }, 4);
  expect(linked({ "basic-auth-user": "u", "basic-auth-password-file": nowhere })).toThrow(
    "basic-auth-password-file: ENOENT",
  );
  expect(linked({ "trust-anchor": nowhere, "cert-file": nowhere, "key-file": nowhere })).toThrow(
    "trust-anchor: ENOENT",
  );
});
