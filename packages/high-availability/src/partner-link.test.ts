/** What comes of a partner that answers as it should, otherwise, or not at all. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { Peer } from "./parameters.ts";
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
