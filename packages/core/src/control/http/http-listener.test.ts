import { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { done, found } from "../answer.ts";
import { JsonList } from "../kea-json.ts";
import { EndlessSearch } from "../testing/endless-search.ts";
import { requestOf, TestListener } from "./testing/test-listener.ts";

const X = '{"command":"x"}';
const MiB = 2 ** 20;
/** Of who can wait no longer than a test. */
const SHORT = { head: 200, request: 400, idle: 60_000, watch: 60_000 };

let test: TestListener;

beforeEach(async () => {
  test = new TestListener();
  await test.open();
});
afterEach(() => test[Symbol.dispose]());

/** A request with a body in chunks, written by hand. */
function chunked(body: string, coding = "chunked"): string {
  return requestOf("").replace("Content-Length: 0", `Transfer-Encoding: ${coding}`) + body;
}

/** What comes back for these bytes, until the other end closes. */
async function send(...pieces: (string | Buffer)[]): Promise<string> {
  const { client, all } = await test.connect();
  for (const piece of pieces) client.write(piece);
  return all;
}

describe("an HTTP socket", () => {
  it.each(["/", "/any/../path?x"])("answers commands posted to %s with a list of one, and its length", async (path) => {
    const request = { method: "POST", body: X, headers: { "Content-Type": "Application/JSON; charset=utf-8" } };
    const answer = await fetch(test.url(path), request);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-length")).toBe("33");
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.text()).toBe('[ { "result": 0, "text": "ok" } ]');
  });

  it("sends head and text of a short answer as one piece: to gather several costs a tenth of a request", async () => {
    const gathered = vi.spyOn(Socket.prototype, "_writev");
    expect(await send(requestOf(X, { more: "Connection: close\r\n" }))).toMatch(/"ok" \} \]$/);
    expect(gathered).not.toHaveBeenCalled();
    gathered.mockRestore();
  });

  it("has the status of Kea for commands that go wrong: 200", async () => {
    expect(await (await test.post('{"command":"nosuch"}')).json()).toMatchObject([{ result: 2 }]);
    expect(await (await test.post("[]")).json()).toMatchObject([
      { result: 1, text: expect.stringMatching(/invalid command/) },
    ]);
  });

  it("adds the operator's headers to every answer, from the reload on", async () => {
    test.listener.use({ ...test.listener.settings, headers: [{ name: "X-Frame-Options", value: "DENY" }] });
    expect((await test.post(X)).headers.get("x-frame-options")).toBe("DENY");
    expect((await test.post("x")).headers.get("x-frame-options")).toBe("DENY");
  });

  it.each<[string, RequestInit, number, string]>([
    ["no JSON", { method: "POST", body: "garbage" }, 400, "invalid first character g"],
    ["half a command", { method: "POST", body: '{"a":' }, 400, "ends before its last bracket"],
    ["something behind", { method: "POST", body: `${X} {}` }, 400, "something follows"],
    ["200,000 brackets", { method: "POST", body: "[".repeat(200_000) }, 400, "nested more than 100 deep"],
    ["nothing", { method: "POST", body: "" }, 400, "no command"],
    ["a form", { method: "POST", body: X, headers: { "Content-Type": "text/plain" } }, 400, "application/json"],
    ["GET of a path that is no page", { method: "GET" }, 404, "POST"],
    ["PUT", { method: "PUT", body: X }, 405, "POST"],
  ])("refuses %s", async (_, request, status, what) => {
    const answer = await fetch(test.url(), { headers: { "Content-Type": "application/json" }, ...request });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ result: status, text: expect.stringContaining(what) });
  });

  it("answers HEAD without a body, and OPTIONS with what it takes, to no other site", async () => {
    const answer = await send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 404 .*\r\n\r\n$/s);
    const options = await fetch(test.url(), { method: "OPTIONS", headers: { Origin: "http://evil.example" } });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS, POST"]);
    expect([...options.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("gives a page by its path alone", async () => {
    const pieces = async function* () {
      yield "hello";
    };
    const page = { access: undefined, answer: () => ({ headers: { "Content-Type": "text/plain" }, pieces: pieces() }) };
    test.pages.set("/page", page);
    const answer = await fetch(test.url("/page?x"));
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "text/plain",
      "hello",
    ]);
    for (const path of ["/page/", "/PAGE", "/%70age", "//page"]) expect((await fetch(test.url(path))).status).toBe(404);
    expect(await send("GET /x/../page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1.1 404 /);
  });

  it("says the length of an answer of megabytes, and sends a longer one in chunks", async () => {
    const text = "x".repeat(MiB);
    for (const [count, length] of [
      [7, `${7 * MiB + 7 * 4 + 36}`],
      [9, null],
    ] as const) {
      test.run = () => found(new JsonList(Array.from({ length: count }, () => text)));
      const answer = await test.post(X);
      expect(answer.headers.get("content-length")).toBe(length);
      expect(await answer.json()).toEqual([{ result: 0, arguments: Array.from({ length: count }, () => text) }]);
    }
  });

  it("tells what is in the way of an answer, or cuts it off where it has begun", async () => {
    const broken = function* (pieces: number) {
      for (let i = 0; i < pieces; i++) yield "x".repeat(MiB);
      yield Promise.reject(new Error("gone"));
    };
    test.run = () => found(new JsonList(broken(1)));
    expect(await (await test.post(X)).json()).toEqual({ result: 500, text: expect.stringContaining("gone") });
    test.run = () => found(new JsonList(broken(9)));
    await expect((await test.post(X)).text()).rejects.toThrow();
    expect(test.log.lines.at(-1)).toContain("cannot be finished: gone");
  });

  it("answers one request after another on a connection, also those that come at once", async () => {
    let asked = 0;
    test.run = async () => {
      const number = ++asked;
      await new Promise((resolve) => setTimeout(resolve, 10 - number));
      return done(`answer ${number}`);
    };
    const requests = Array.from({ length: 3 }, () => requestOf(X)).join("");
    const answers = await send(requests, requestOf(X, { more: "Connection: close\r\n" }));
    expect(answers.match(/answer \d/g)).toEqual(["answer 1", "answer 2", "answer 3", "answer 4"]);
  });

  it("answers requests that come at once in turns of the main loop of their own, so that packets come between", async () => {
    let turn = 0;
    let isOver = false;
    const next = () => {
      turn++;
      if (!isOver) setImmediate(next);
    };
    next();
    const turns: number[] = [];
    test.run = () => {
      turns.push(turn);
      return done("ok");
    };
    await send(requestOf(X).repeat(4) + requestOf(X, { more: "Connection: close\r\n" }));
    isOver = true;
    expect(new Set(turns).size).toBe(5);
  });

  it("stays open over a reload, and ends its connections when it is closed, not before the answer", async () => {
    let finish = () => {};
    test.run = () => new Promise((resolve) => (finish = () => resolve(done("late"))));
    const { client, all } = await test.connect();
    client.write(requestOf(X));
    await vi.waitUntil(() => test.log.ids.includes("COMMAND_RECEIVED"), { timeout: 60_000 });
    test.listener.use(test.listener.settings);
    const idle = await test.connect();
    const begun = await test.connect();
    begun.client.write(requestOf("", { length: 100 }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    test.listener.close();
    expect(await idle.all).toBe("");
    expect(await begun.all).toBe("");
    finish();
    expect(await all).toMatch(/Connection: close.*late/s);
  });
});

describe("at an HTTP socket", () => {
  afterEach(async () => expect(await (await test.post(X)).json()).toMatchObject([{ result: 0 }]));

  it.each([
    ["no request", "xxxx\r\n\r\n", 400],
    ["a length and chunks", requestOf(X, { more: "Transfer-Encoding: chunked\r\n" }), 400],
    ["two lengths", requestOf(X, { more: "Content-Length: 3\r\n" }), 400],
    ["a length that is no number", requestOf(X, { more: "" }).replace(/Length: \d+/, "Length: +15"), 400],
    ["a negative length", requestOf(X, { length: -1 }), 400],
    ["a bare line feed in a header", requestOf(X, { more: "A: b\nC: d\r\n" }), 400],
    ["a space before a colon", requestOf(X).replace("Length:", "Length :"), 400],
    ["a NUL in a header", requestOf(X, { more: "A: b\0c\r\n" }), 400],
    ["an encoding of no name", chunked(X, "xchunked"), 400],
    ["a chunk whose length is no number", chunked("zz\r\n{}\r\n0\r\n\r\n"), 400],
    ["a chunk that is longer than it says", chunked("1\r\n{}\r\n0\r\n\r\n"), 400],
    ["a chunk of 2^64 bytes", chunked("10000000000000000\r\n{}"), 400],
    ["a chunk with a remark of 100 KB", chunked(`2;${"x".repeat(100_000)}\r\n{}\r\n0\r\n\r\n`), 400],
    ["100 KB of headers behind a body", chunked(`2\r\n{}\r\n0\r\nX: ${"x".repeat(100_000)}\r\n\r\n`), 431],
    ["no host", requestOf(X).replace("Host: a\r\n", ""), 400],
    ["a head of 100 KB", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, 431],
    ["a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ])("%s is refused, and the connection closed", async (_, bytes, status) => {
    const answer = await send(Buffer.from(bytes, "latin1"));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  it("a request smuggled into the body of another is no request", async () => {
    const inner = requestOf('{"command":"change"}');
    expect(await send(requestOf(X), requestOf(inner, { more: "Connection: close\r\n" }))).not.toContain("change");
    expect(test.log.lines.filter((line) => line.includes("change"))).toEqual([]);
  });

  it("garbage behind a request is refused after its answer", async () => {
    expect(await send(requestOf(X), "garbage\r\n\r\n")).toMatch(/^HTTP\/1.1 200 .*"ok".*HTTP\/1.1 400 /s);
  });

  it("a request that breaks off behind another one is refused after its answer", async () => {
    const answers = await send(requestOf(X) + chunked("zz\r\n"));
    expect(answers).toMatch(/^HTTP\/1.1 200 .*"ok".*HTTP\/1.1 400 .*"result": 400/s);
    expect(answers.match(/HTTP\/1.1/g)).toHaveLength(2);
  });

  it("more requests at once than are wanted end the connection", async () => {
    test.run = () => new Promise(() => {});
    const { client, all } = await test.connect();
    client.write(requestOf(X).repeat(20));
    expect(await all).toBe("");
    test.run = () => done("ok");
  });

  it.each([
    ["half a head", "POST / HTTP/1.1\r\nHo"],
    ["half a body", requestOf(X, { length: 100 })],
  ])("%s and silence has its time, and is told", async (_, bytes) => {
    await test.open({}, SHORT);
    expect(await send(bytes)).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n.*"result": 408/s);
  });

  it.each([
    ["a head", "POST / HTTP/1.1\r\nX: "],
    ["a body", requestOf("", { length: 1000 })],
  ])("%s that comes by the byte has its time", async (_, bytes) => {
    await test.open({}, SHORT);
    const { client, all } = await test.connect();
    client.write(bytes);
    const timer = setInterval(() => client.write(" "), 20);
    expect(await all).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(timer);
  });

  it("who says nothing at all has the time of a head", async () => {
    await test.open({}, SHORT);
    expect(await send()).toMatch(/^(HTTP\/1.1 408 .*)?$/s);
  });

  it("100 MB are refused before they come, or while they come, and taken in by who has to read the answer", async () => {
    const piece = Buffer.alloc(MiB, " ");
    const told = await send(requestOf("", { length: 100 * MiB, more: "Expect: 100-continue\r\n" }));
    expect(told).toMatch(/^HTTP\/1.1 413 /);
    const { client, all } = await test.connect();
    client.write(requestOf("", { length: 66 * MiB }));
    for (let i = 0; i < 66 && !client.destroyed; i++) {
      await new Promise<void>((resolve) => client.write(piece, () => resolve()));
    }
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(await all).toMatch(/^HTTP\/1.1 413 .*HTTP\/1.1 404 /s);
  });

  it("200,000 nested brackets are refused, whether they come at once or by and by", async () => {
    const brackets = `{"command":"x","arguments":${"[".repeat(200_000)}`;
    expect((await test.post(brackets)).status).toBe(400);
    const { client, all } = await test.connect();
    const [head, body] = requestOf(brackets, { more: "Connection: close\r\n" }).split("\r\n\r\n");
    client.write(`${head}\r\n\r\n`);
    // It is looked at before the rest comes.
    expect((await test.post(X)).status).toBe(200);
    for (let at = 0; at < body!.length; at += 50_000) client.write(body!.slice(at, at + 50_000));
    expect(await all).toMatch(/^HTTP\/1.1 400 .*nested more than 100 deep/s);
  });

  it("long bodies one after the other hold no more than one does", async () => {
    const body = `{${" ".repeat(40 * MiB)}`;
    for (let i = 0; i < 4; i++) expect((await test.post(body)).status).toBe(400);
  });

  it("who expects to be told before sending is told", async () => {
    const { client, all } = await test.connect();
    client.write(requestOf("", { length: X.length, more: "Expect: 100-continue\r\nConnection: close\r\n" }));
    await new Promise((resolve) => client.once("data", resolve));
    client.write(X);
    expect(await all).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
  });

  it("a thousand silent connections keep nobody out", async () => {
    const silent = await Promise.all(Array.from({ length: 1000 }, () => test.connect()));
    expect(await (await test.post(X)).json()).toMatchObject([{ result: 0 }]);
    expect(await silent[0]!.all).toBe("");
  });

  it("a search ends with who has asked for it", async () => {
    const search = new EndlessSearch();
    test.run = () => search.answer;
    const { client } = await test.connect();
    client.write(requestOf(X));
    await vi.waitUntil(() => search.isUnderWay, 60_000);
    client.destroy();
    await vi.waitUntil(() => search.hasEnded, 60_000);
    test.run = () => done("ok");
  });

  it("who does not read the answer holds little of it", async () => {
    let made = 0;
    const endless = function* () {
      for (;;) yield `${made++}${"x".repeat(1000)}`;
    };
    test.run = () => found(new JsonList(endless()));
    const { client } = await test.connect();
    client.pause();
    client.write(requestOf(X));
    let before = -1;
    await vi.waitUntil(
      async () => {
        if (made > 0 && made === before) return true;
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return false;
      },
      { timeout: 30_000 },
    );
    expect(made).toBeLessThan(20_000);
    client.destroy();
    test.run = () => done("ok");
  });
});

describe("a page of another site", () => {
  it.each([
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
  ])("sends no commands: %j", async (headers) => {
    const { client, all } = await test.connect();
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    client.write(requestOf(X, { more: `${more.join("")}Connection: close\r\n` }));
    expect(await all).toMatch(/^HTTP\/1.1 403 /);
  });

  it("sends none under a name of its own that leads here", async () => {
    const more = "Origin: http://evil.example\r\nConnection: close\r\n";
    const request = requestOf(X, { more }).replace("Host: a", "Host: evil.example");
    expect(await send(request)).toMatch(/^HTTP\/1.1 403 /);
    const own = (host: string) => request.replaceAll("evil.example", host);
    for (const host of ["127.0.0.1:8000", "[::1]:8000", "localhost"])
      expect(await send(own(host))).toMatch(/^HTTP\/1.1 200 /);
  });
});
