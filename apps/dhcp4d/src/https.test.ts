import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { readTlsFiles } from "@kotare/core/base/tls-files";
import { requestOf, TestListener, usersOf } from "@kotare/core/control/http/testing/test-listener";
import { askUrl } from "@kotare/core/tools/call/ask-url";
import { Authority, type Certificate } from "@kotare/testkit/certificates";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

const X = '{"command":"x"}';

let folder: string;
let authority: Authority;
let own: Certificate;
let next: Certificate;
let client: Certificate;
let stranger: Certificate;
let test: TestListener;
let sockets: TLSSocket[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-https-"));
  authority = new Authority(folder, "authority");
  own = authority.sign("own", "localhost");
  next = authority.sign("next", "localhost");
  client = authority.sign("alice", "alice");
  stranger = new Authority(folder, "others").sign("stranger", "stranger");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the daemon's files are: they are renewed. */
const used = () => ({ certificate: join(folder, "used.pem"), key: join(folder, "used.key") });

function renew(by: Certificate): void {
  copyFileSync(by.key, used().key);
  copyFileSync(by.certificate, used().certificate);
}

const tls = (isCertRequired = true) => ({ trustAnchor: authority.anchor, ...used(), isCertRequired });

beforeEach(async () => {
  renew(own);
  sockets = [];
  test = new TestListener();
  await test.open({ tls: tls() });
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  test[Symbol.dispose]();
});

async function ask(as: Certificate | undefined, text = X): Promise<unknown> {
  const call = {
    url: new URL(`https://localhost:${test.listener.port}`),
    login: undefined,
    tls: { trustAnchor: authority.anchor, certificate: as?.certificate, key: as?.key },
    patience: 30_000,
  };
  let answer = "";
  for await (const piece of askUrl(call, text)) answer += piece.toString();
  return JSON.parse(answer);
}

/** A connection that stays. */
function open(): TLSSocket {
  const options = { host: "localhost", port: test.listener.port, rejectUnauthorized: false };
  const material = readTlsFiles({ trustAnchor: authority.anchor, ...client });
  const socket = connectTls({ ...options, ...material });
  socket.on("error", () => undefined);
  sockets.push(socket);
  return socket;
}

async function shownBy(socket: TLSSocket): Promise<string | string[] | undefined> {
  if (!socket.authorized) await new Promise((resolve) => socket.once("secureConnect", resolve));
  return socket.getPeerCertificate().subject.CN;
}

describe("an HTTPS control socket", () => {
  it("answers who shows a certificate of the authority's, and knows the name in it", async () => {
    expect(await ask(client)).toEqual([{ result: 0, text: "ok" }]);
    await ask(client, '{"command":"change"}');
    expect(test.log.lines.at(-1)).toContain("alice at 127.0.0.1 changed something");
  });

  it("ends the handshake of who shows none", async () => {
    await expect(ask(undefined)).rejects.toThrow(/wants a certificate of ours: name it with --cert/);
    expect(await ask(client)).toEqual([{ result: 0, text: "ok" }]);
  });

  it.each([
    ["another authority's", () => stranger],
    ["one that has expired", () => authority.sign("late", "late", { isExpired: true })],
    ["one that is for servers alone", () => authority.sign("server", "server", { isForServers: true })],
  ])("ends the handshake of who shows %s, and answers nothing to it", async (_, shown) => {
    const run = vi.spyOn(test, "run");
    await expect(ask(shown())).rejects.toThrow(/does it want a certificate, or another one/);
    expect(run).not.toHaveBeenCalled();
    expect(await ask(client)).toEqual([{ result: 0, text: "ok" }]);
  });

  it("asks for none where the operator wants none, and for the login all the same", async () => {
    await test.open({ tls: tls(false), users: usersOf([{ user: "a" }]) });
    await expect(ask(undefined)).rejects.toThrow("Unauthorized");
  });

  it.each([
    ["plain HTTP", requestOf(X)],
    ["garbage", "\0".repeat(1000)],
  ])("closes on %s", async (_, bytes) => {
    const { client: plain, all } = await test.connect();
    plain.write(bytes);
    expect(await all).not.toContain("HTTP/1.1 200");
    expect(await ask(client)).toEqual([{ result: 0, text: "ok" }]);
  });

  it("does not wait for ever for a handshake", async () => {
    await test.open({ tls: tls() }, { head: 200, request: 400, idle: 60_000, watch: 60_000 });
    const { all } = await test.connect();
    expect(await all).toBe("");
  });

  it("serves others while hundreds of handshakes are not finished", async () => {
    const half = await Promise.all(Array.from({ length: 300 }, () => test.connect("127.0.0.2")));
    for (const { client: each } of half) each.write("\x16\x03\x01\x02\x00\x01");
    expect(await ask(client)).toEqual([{ result: 0, text: "ok" }]);
    expect(await half[0]!.all).toBe("");
  });

  it("shows a renewed certificate after a reload, and drops no connection for it", async () => {
    const before = open();
    expect(await shownBy(before)).toBe("own");
    renew(next);
    test.listener.use(test.listener.settings);
    expect(await shownBy(open())).toBe("next");
    before.write(requestOf(X));
    const answer = await new Promise((resolve) => before.once("data", (bytes: Buffer) => resolve(bytes.toString())));
    expect(answer).toContain('"ok"');
  });

  it("notices a renewed certificate by itself", async () => {
    await test.open({ tls: tls() }, { head: 60_000, request: 60_000, idle: 60_000, watch: 20 });
    const renewed = () => test.log.ids.includes("HTTP_COMMAND_MGR_HTTPS_SERVICE_UPDATED");
    await new Promise((resolve) => setTimeout(resolve, 50));
    renew(next);
    await vi.waitUntil(renewed, { timeout: 60_000 });
    await vi.waitUntil(async () => (await shownBy(open())) === "next", { timeout: 60_000 });
  });

  it("keeps the certificate that it has while the files are wrong", async () => {
    writeFileSync(used().key, "no key");
    test.listener.use(test.listener.settings);
    expect(test.log.lines.at(-1)).toMatch(/^HTTP_COMMAND_MGR_HTTPS_SERVICE_REUSE_FAILED .* port \d+ into use: /);
    expect(await ask(client)).toEqual([{ result: 0, text: "ok" }]);
  });
});
