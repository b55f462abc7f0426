import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { type Answer, done, found } from "../answer.ts";
import { JsonList } from "../kea-json.ts";
import { commandMessages } from "../messages.ts";
import { EndlessSearch } from "../testing/endless-search.ts";
import { ControlSocket } from "./control-socket.ts";
import { KeptSockets } from "./kept-sockets.ts";
import { PATIENCE } from "./patient-writer.ts";

let folder: string;
let path: string;
let logger: RecordingLogger;
let sockets: KeptSockets<string, ControlSocket>;
let clients: Socket[];
let answer: (text: string) => Promise<Answer>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-control-"));
  path = join(folder, "s");
  logger = new RecordingLogger();
  answer = async (text) => done(text);
  sockets = new KeptSockets({
    nameOf: (name) => name,
    open: (name) => ControlSocket.open(name, (text) => answer(text), logger),
    keep: () => undefined,
    failed: (name, error, seconds) =>
      logger.log(commandMessages.COMMAND_SOCKET_UNIX_FAILED, { path: name, error, seconds }),
  });
  clients = [];
});
afterEach(() => {
  vi.useRealTimers();
  for (const client of clients) client.destroy();
  sockets.close();
  rmSync(folder, { recursive: true });
});

/** A client that has connected, and everything it will have been sent when the other end closes. */
async function open(): Promise<{ client: Socket; all: Promise<string> }> {
  const client = connect({ path, allowHalfOpen: true });
  clients.push(client);
  await new Promise((resolve) => client.once("connect", resolve));
  return { client, all: readAll(client) };
}

function readAll(client: Socket): Promise<string> {
  let text = "";
  client.setEncoding("latin1");
  client.on("data", (part) => {
    text += String(part);
  });
  client.on("error", () => undefined);
  return new Promise((resolve) => {
    client.once("end", () => resolve(text));
    client.once("close", () => resolve(text));
  });
}

async function ask(text: string): Promise<string> {
  const { client, all } = await open();
  client.write(text, "latin1");
  return all;
}

/** Until nothing more is made of answers: those whom they are for do not take them. */
async function untilStalled(made: () => number): Promise<void> {
  let before = 0;
  let unchanged = 0;
  await vi.waitUntil(
    () => {
      unchanged = made() > 0 && made() === before ? unchanged + 1 : 0;
      before = made();
      return unchanged === 5;
    },
    { timeout: 60_000, interval: 20 },
  );
}

describe("a control socket", () => {
  beforeEach(() => sockets.configure([path]));

  it("answers without waiting for the end of the connection, then closes", async () => {
    expect(await ask('{"command":"x"}')).toBe('{ "result": 0, "text": "{\\"command\\":\\"x\\"}" }');
  });

  it("takes a command in pieces, a line end behind it, and a half-closed connection", async () => {
    const { client, all } = await open();
    client.write('{"comm');
    await new Promise(setImmediate);
    client.end('and":"x"}\n');
    expect(await all).toContain('"result": 0');
  });

  it("may be used by owner and group only", () => {
    expect(statSync(path).mode & 0o777).toBe(0o660);
  });

  it.each([
    ["garbage", "invalid first character g"],
    ["[".repeat(200_000), "nested more than 100 deep"],
    ['{"a":', "ends before its last bracket"],
    ["", "no command"],
  ])("answers %.10s with what is wrong", async (text, what) => {
    const { client, all } = await open();
    client.end(text);
    expect(await all).toContain(what);
  });

  it("takes in what is written behind an error, so that the other end comes to read it", async () => {
    const { client, all } = await open();
    const piece = Buffer.alloc(1024 * 1024, "[");
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((resolve, reject) => {
        client.write(piece, (error) => (error == null ? resolve() : reject(error)));
      });
    }
    expect(await all).toContain("nested more than 100 deep");
    client.end();
    await new Promise((resolve) => client.once("close", resolve));
    await vi.waitUntil(() => logger.lines.at(-1)?.includes("nested more than 100 deep"), 60_000);
  });

  it("does not take in more than a command may have, behind an error", async () => {
    const { client, all } = await open();
    const piece = Buffer.alloc(1024 * 1024, "[");
    const failure = new Promise<NodeJS.ErrnoException>((resolve) => client.once("error", resolve));
    for (let i = 0; i < 80; i++) client.write(piece);
    expect(["EPIPE", "ECONNRESET"]).toContain((await failure).code);
    expect(await all).toContain("nested more than 100 deep");
  });

  it("does not wait for ever behind an error, and not while others want its place", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client, all } = await open();
    client.write("garbage");
    expect(await all).toContain("invalid first character");
    expect(logger.lines).toHaveLength(1);
    vi.advanceTimersByTime(PATIENCE);
    await vi.waitUntil(() => logger.lines.at(-1)?.includes("invalid first character"), 60_000);
    const leaving = await Promise.all(Array.from({ length: 120 }, open));
    for (const each of leaving) each.client.write("garbage");
    await Promise.all(leaving.map((each) => each.all));
    expect(await ask('{"command":"x"}')).toContain('"result": 0');
  });

  it("ends a connection that is silent in the middle of a command", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client, all } = await open();
    client.write('{"command"');
    await vi.waitFor(() => expect(client.bytesWritten).toBe(10), 60_000);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    vi.advanceTimersByTime(PATIENCE);
    expect(await all).toContain("timed out, discarded partial command of 10 bytes");
  });

  it("ends a connection whose other end does not take its answer, and makes no more of it than fits", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let made = 0;
    const endless = function* () {
      for (;;) yield `${made++}${"x".repeat(1000)}`;
    };
    answer = async () => found(new JsonList(endless()));
    const client = connect({ path });
    clients.push(client);
    client.on("error", () => undefined);
    client.pause();
    client.write('{"command":"x"}');
    await untilStalled(() => made);
    expect(made).toBeLessThan(5000);
    vi.advanceTimersByTime(PATIENCE);
    await vi.waitUntil(() => logger.lines.at(-1)?.includes("does not take its answer"), 60_000);
    expect(await ask("garbage")).toContain("invalid first character");
  });

  it("ends a search with who has asked for it, and not with who only writes no more", async () => {
    const search = new EndlessSearch();
    answer = async () => search.answer;
    const { client } = await open();
    client.end('{"command":"x"}');
    await vi.waitUntil(() => search.isUnderWay, 60_000);
    client.destroy();
    await vi.waitUntil(() => search.hasEnded, 60_000);
    const other = new EndlessSearch();
    answer = async () => other.answer;
    const waiting = await open();
    waiting.client.end('{"command":"x"}');
    await vi.waitUntil(() => other.isUnderWay, 60_000);
    other.find("this");
    expect(await waiting.all).toContain('"this"');
  });

  it("cuts off an answer that cannot be finished, and says so in the log", async () => {
    answer = async () => found(new JsonList(["a", Promise.reject(new Error("gone"))]));
    expect(await ask('{"command":"x"}')).not.toContain("]");
    await vi.waitUntil(() => logger.lines.at(-1)?.includes("the answer cannot be finished: gone"), 60_000);
    expect(await ask("garbage")).toContain("invalid first character");
  });

  it("answers two at once, the second while the first is at work", async () => {
    let finish = (_: Answer): void => undefined;
    answer = (text) =>
      text.includes("slow") ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(done("quick"));
    const slow = ask('{"command":"slow"}');
    expect(await ask('{"command":"quick"}')).toContain("quick");
    finish(done("slow"));
    expect(await slow).toContain("slow");
  });

  it("keeps nobody out for silent connections, and never has more than a hundred", async () => {
    const silent = await Promise.all(Array.from({ length: 300 }, open));
    expect(await ask('{"command":"x"}')).toContain('"result": 0');
    expect(await silent[0]!.all).toContain("silent the longest");
    const left = logger.lines.filter((line) => line.includes("silent the longest")).length;
    expect(left).toBeGreaterThanOrEqual(200);
  });

  it("keeps nobody out for those who do not read", async () => {
    let made = 0;
    const endless = function* () {
      for (;;) yield `${made++}${"x".repeat(1000)}`;
    };
    let asked = 0;
    answer = async (text) => {
      if (!text.includes("endless")) return done("quick");
      asked++;
      return found(new JsonList(endless()));
    };
    for (let i = 0; i < 100; i++) {
      const client = connect({ path });
      clients.push(client);
      client.on("error", () => undefined);
      client.pause();
      client.write('{"command":"endless"}');
    }
    await vi.waitUntil(() => asked === 100, { timeout: 60_000 });
    await untilStalled(() => made);
    expect(await ask('{"command":"x"}')).toContain("quick");
    expect(await ask('{"command":"x"}')).toContain("quick");
  });

  it("goes on while others hold more than all may together", async () => {
    const piece = Buffer.alloc(1024 * 1024, " ");
    const big = await Promise.all(Array.from({ length: 3 }, open));
    const refusals = Promise.race(big.map(({ all }) => all));
    for (const { client } of big) {
      client.write("{");
      for (let i = 0; i < 50; i++) client.write(piece);
    }
    expect(await refusals).toContain("too many commands are under way");
    expect(await ask('{"command":"x"}')).toContain('"result": 0');
  });

  it("stays open over a reload that still wants it, and goes with one that does not", async () => {
    const { client, all } = await open();
    await sockets.configure([path]);
    client.write('{"command":"x"}');
    expect(await all).toContain('"result": 0');
    await sockets.configure([]);
    expect(existsSync(path)).toBe(false);
  });
});

describe("opening a control socket", () => {
  const tryOpen = () => ControlSocket.open(path, answer, logger);

  it("replaces one that nobody listens at", async () => {
    // A file of the right kind, as a crash leaves it.
    const crashed = createServer().listen(join(folder, "crashed"));
    await new Promise((resolve) => crashed.once("listening", resolve));
    const { renameSync } = await import("node:fs");
    renameSync(join(folder, "crashed"), path);
    await new Promise((resolve) => crashed.close(resolve));
    expect(existsSync(path)).toBe(true);
    await sockets.configure([path]);
    expect(await ask('{"command":"x"}')).toContain('"result": 0');
  });

  it("does not replace a living one", async () => {
    await sockets.configure([path]);
    await expect(tryOpen()).rejects.toThrow("another server takes commands there");
    expect(await ask('{"command":"x"}')).toContain('"result": 0');
  });

  it("does not replace a file that is no socket", async () => {
    writeFileSync(path, "mine");
    await expect(tryOpen()).rejects.toThrow("no socket");
  });

  it("refuses a path that would be cut off", async () => {
    path = join(folder, "x".repeat(120));
    await expect(tryOpen()).rejects.toThrow("longer than 107 bytes");
  });

  it("is tried again until it works", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    writeFileSync(path, "in the way");
    await sockets.configure([path]);
    expect(logger.ids).toEqual(["COMMAND_SOCKET_UNIX_FAILED"]);
    rmSync(path);
    vi.advanceTimersByTime(10_000);
    await vi.waitUntil(() => logger.ids.at(-1) === "COMMAND_ACCEPTOR_START", 60_000);
    expect(await ask('{"command":"x"}')).toContain('"result": 0');
  });
});
