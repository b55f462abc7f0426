/** Commands in lines on a connection that CONNECT begins. */
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { done, found } from "../../answer.ts";
import { JsonList } from "../../kea-json.ts";
import { basic, TestListener, usersOf } from "../testing/test-listener.ts";
import { LONGEST_LINE } from "./command-stream.ts";

const X = '{"command":"x"}\n';
const OK = '{ "result": 0, "text": "ok" }\n';
const BEGUN = "HTTP/1.1 200 OK\r\n\r\n";

let test: TestListener;

beforeEach(async () => {
  test = new TestListener();
  await test.open();
});
afterEach(() => test[Symbol.dispose]());

function connect(target: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ Host: target, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `CONNECT ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** What comes back for these bytes until the other end closes; with the last of them this one says that it sends no more. */
async function send(...pieces: readonly string[]): Promise<string> {
  const { client, all } = await test.connect();
  for (const piece of pieces) {
    client.write(piece);
    await new Promise(setImmediate);
  }
  client.end();
  return all;
}

it("each is answered with a line, in their order, however they come", async () => {
  let asked = 0;
  test.run = async () => {
    const text = `${++asked}`;
    await new Promise(setImmediate);
    return done(text);
  };
  const answers = await send(connect("commands:1") + X + X, X.slice(0, 5), `${X.slice(5)}${X}`);
  const lines = [1, 2, 3, 4].map((number) => `{ "result": 0, "text": "${number}" }\n`);
  expect(answers).toBe(BEGUN + lines.join(""));
});

it("a long answer is a line, too", async () => {
  const texts = Array.from({ length: 9 }, () => "x".repeat(100_000));
  test.run = () => found(new JsonList(texts));
  const [, line] = (await send(connect("commands:1"), X)).split("\r\n\r\n");
  expect(line).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(line!)).toEqual({ result: 0, arguments: texts });
});

it.each([
  ["no JSON", "garbage\n", "is not a value"],
  ["200,000 brackets", `${"[".repeat(200_000)}\n`, "100 deep"],
  ["no command", "[]\n", "invalid command"],
  ["one that there is not", '{"command":"nosuch"}\n', "not supported"],
  ["one for another daemon", '{"command":"x","service":["dhcp6"]}\n', "with POST"],
])("%s is told in its place, and the next one is answered", async (_, line, words) => {
  const [told, next] = (await send(connect("commands:1"), line + X)).slice(BEGUN.length).split(/(?<=\n)/);
  expect(JSON.parse(told!)).toMatchObject({ text: expect.stringContaining(words) });
  expect(next).toBe(OK);
});

it("other targets are none", async () => {
  expect(await send(connect("example.org:443"))).toMatch(/^HTTP\/1.1 405 /);
});

it("who has to log in does so at its beginning, and may do what it may elsewhere", async () => {
  const clients = [{ user: "reader", password: "right", "user-context": { kotare: { access: "read" } } } as const];
  await test.open({ users: usersOf(clients) });
  expect(await send(connect("commands:1"))).toMatch(/^HTTP\/1.1 401 /);
  expect(await send(connect("commands:1", basic("reader", "wrong")))).toMatch(/^HTTP\/1.1 401 /);
  test.run = () => found({ password: "secret" });
  const commands = ["x", "change", "config-get"].map((command) => `${JSON.stringify({ command })}\n`);
  const answers = await send(connect("commands:1", basic("reader", "right")), commands.join(""));
  const lines = answers.slice(BEGUN.length).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { result: 0, arguments: { password: "secret" } },
    { result: 1, text: "reader may not use 'change'" },
    { result: 0, arguments: { password: "*****" } },
  ]);
});

it("a line without end is cut off, and so is who asks much more than it waits for", async () => {
  expect(await send(connect("commands:1"), "x".repeat(2 * LONGEST_LINE))).toBe(BEGUN);
  let answers = 0;
  test.run = async () => {
    answers++;
    await new Promise(setImmediate);
    return done("ok");
  };
  await send(connect("commands:1"), X.repeat(1000));
  expect(answers).toBeLessThan(20);
});

it("after a reload, whoever may be allowed no longer begins anew", async () => {
  const { client, all } = await test.connect();
  client.write(connect("commands:1") + X);
  await once(client, "data");
  test.listener.use({ ...test.listener.settings });
  client.write(X);
  expect(await all).toBe(BEGUN + OK);
});

it("ends when nothing is asked for long, and with the socket", async () => {
  await test.open({}, { head: 60_000, request: 60_000, idle: 100, watch: 60_000 });
  const idle = await test.connect();
  idle.client.write(connect("commands:1") + X);
  expect(await idle.all).toBe(BEGUN + OK);
  await test.open();
  const { client, all } = await test.connect();
  client.write(connect("commands:1"));
  await once(client, "data");
  test.listener.close();
  expect(await all).toBe(BEGUN);
});
