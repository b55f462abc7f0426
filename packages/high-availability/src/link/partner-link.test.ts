/** What comes of a partner that answers as it should, otherwise, or not at all. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { Authority } from "@kotare/testkit/certificates";
import { expect, it, onTestFinished } from "vitest";
import type { Peer } from "../parameters/parameters.ts";
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

it("where nobody listens, that is said at once", async () => {
  const { link, server } = await linkTo(() => {});
  server.close();
  await expect(link.ask("x", {}, 5000)).rejects.toMatchObject({ code: "ECONNREFUSED" });
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
  const listener = createTlsServer(tls, ({ socket, headers }, response) => {
    seen.push([(socket as TLSSocket).getPeerCertificate().subject.CN, headers.authorization]);
    response.end('[ { "result": 0 } ]');
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
  expect(seen).toEqual([["client", `Basic ${Buffer.from("partner:second").toString("base64")}`]]);
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
