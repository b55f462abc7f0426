/** Whatever comes in at a control socket: it gets a clear answer or is closed in time, and packets are served all the while. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Bed, kotare } from "../../src/bench/bed.ts";
import { family4 } from "../../src/bench/family4.ts";
import { firstOf, writeLeases } from "../../src/bench/lease-files.ts";
import { delay } from "../../src/lab/program.ts";
import { PATIENT } from "../../src/load/load.ts";
import { sendCommand } from "../../src/subject/command.ts";
import type { Server } from "../../src/subject/server.ts";

const LEASES = 200_000;
const SUBNETS = 2000;
/** Seconds that the other end has for its command, and for taking the answer. */
const PATIENCE = 10;
const MiB = 2 ** 20;

let bed: Bed;
let server: Server;
let socket: string;

beforeAll(async () => {
  bed = new Bed(family4);
  const folder = bed.newFolder();
  socket = join(folder, "socket");
  writeLeases(folder, family4, family4.large.subnet.id, firstOf(family4.large, LEASES));
  const authentication = { type: "basic", clients: [{ user: "admin", password: "secret" }] };
  const sockets = [
    { "socket-type": "unix", "socket-name": socket },
    { "socket-type": "http", authentication },
  ];
  const config = { ...kotare.config, "control-sockets": sockets, "control-socket": undefined };
  const others = Array.from({ length: SUBNETS }, (_, i) => family4.otherSubnet(i));
  server = await bed.start({ ...kotare, config }, [family4.large.subnet, ...others], { folder });
  // It serves packets first.
  while (!existsSync(socket)) await delay(10);
});
afterAll(() => bed[Symbol.asyncDispose]());

interface Visit {
  readonly connection: Socket;
  /** What came back until the connection was closed, and seconds until then. */
  readonly end: Promise<{ answer: string; seconds: number }>;
}

async function visit(isReading = true): Promise<Visit> {
  const began = performance.now();
  const connection = await connect();
  let answer = "";
  if (isReading) connection.on("data", (bytes) => (answer += bytes.toString("latin1")));
  connection.on("error", () => undefined);
  connection.once("end", () => connection.end());
  const end = new Promise<{ answer: string; seconds: number }>((resolve) => {
    connection.once("close", () => resolve({ answer, seconds: (performance.now() - began) / 1000 }));
  });
  return { connection, end };
}

/** Hundreds at once find no room among those that wait to be accepted: they come again. */
async function connect(): Promise<Socket> {
  for (;;) {
    const connection = createConnection({ path: socket, allowHalfOpen: true });
    const isConnected = await new Promise((resolve) => {
      connection.once("connect", () => resolve(true));
      connection.once("error", () => resolve(false));
    });
    if (isConnected === true) return connection;
    await delay(10);
  }
}

async function send(...pieces: (string | Buffer)[]): Promise<{ answer: string; seconds: number }> {
  const { connection, end } = await visit();
  for (const piece of pieces) if (!connection.destroyed) connection.write(piece);
  return end;
}

/** A command like any other, at this moment. */
async function expectService(): Promise<void> {
  const began = performance.now();
  expect(JSON.parse(await sendCommand(socket, "version-get"))).toMatchObject({ result: 0 });
  expect(performance.now() - began).toBeLessThan(2000);
}

describe("at a control socket", () => {
  test("200,000 nested brackets are answered at once", async () => {
    const { answer, seconds } = await send("[".repeat(200_000));
    expect(answer).toContain("nested more than 100 deep");
    expect(seconds).toBeLessThan(2);
  });

  test("garbage is answered at once", async () => {
    expect((await send(Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) & 255)))).answer).toContain(
      "invalid first character",
    );
  });

  test("half a command and silence has ten seconds", async () => {
    const { answer, seconds } = await send('{ "command": "versi');
    expect(answer).toContain("timed out, discarded partial command of 19 bytes");
    expect(Math.abs(seconds - PATIENCE)).toBeLessThan(2);
  });

  test("a command of 100 MB is refused while it comes in, and takes no more memory than it may", async () => {
    const before = server.usage().memory;
    const { answer } = await send("{", ...Array.from({ length: 100 }, () => Buffer.alloc(1e6, " ")));
    expect(answer).toContain("longer than 67108864 bytes");
    expect(server.usage().memory - before).toBeLessThan(200 * MiB);
    await expectService();
  });

  test("a thousand open connections keep nobody out", async () => {
    const silent = await Promise.all(Array.from({ length: 1000 }, () => visit()));
    await expectService();
    expect((await silent[0]!.end).answer).toContain("silent the longest");
    for (const { connection } of silent) connection.destroy();
  });

  test("a reader that does not read is let go, and nothing is kept for it", async () => {
    const before = server.usage().memory;
    const { connection, end } = await visit(false);
    connection.pause();
    connection.write('{ "command": "lease4-get-all" }');
    await expectService();
    const began = performance.now();
    // The close is seen once what the kernel holds has been read.
    await delay((PATIENCE + 2) * 1000);
    expect(server.usage().memory - before).toBeLessThan(50 * MiB);
    connection.resume();
    await end;
    expect(performance.now() - began).toBeLessThan((PATIENCE + 5) * 1000);
    await expectService();
  });

  test.each([
    '{ "command": "lease4-get-all" }',
    '{ "command": "lease4-get-page", "arguments": { "from": "start", "limit": 100000 } }',
    '{ "command": "config-get" }',
    '{ "command": "statistic-get-all" }',
  ])("a hundred readers that do not read, of %s, hold little together and keep nobody out", async (command) => {
    const before = server.usage().memory;
    let most = 0;
    const slow = await Promise.all(Array.from({ length: 100 }, () => visit(false)));
    for (const { connection } of slow) {
      connection.pause();
      connection.write(command);
    }
    for (let i = 0; i < 30; i++) {
      await delay(100);
      most = Math.max(most, server.usage().memory);
    }
    // Nobody gives way to a new one before it is seen that he does not read, which a busy machine takes its time for.
    await vi.waitFor(expectService, { timeout: 60_000, interval: 500 });
    for (const { connection } of slow) connection.destroy();
    expect(most - before).toBeLessThan(200 * MiB);
  });

  test("two at once are both answered", async () => {
    const long = sendCommand(socket, "lease4-get-all");
    await expectService();
    expect(JSON.parse(await long)).toMatchObject({ result: 0 });
  });
});

/** On the server's own host: silent connections, bodies that are none, and somebody who guesses passwords. */
const HTTP_PESTS = `
  const { connect } = require("node:net");
  for (let i = 0; i < 1000; i++) connect(8000, "127.0.0.1").on("error", () => {});
  const post = async (password, body) => {
    const headers = { "Content-Type": "application/json", Authorization: "Basic " + btoa("admin:" + password) };
    return (await fetch("http://127.0.0.1:8000/", { method: "POST", headers, body })).status;
  };
  (async () => {
    // Who guesses before is kept waiting with the right password, too.
    const long = post("secret", " ".repeat(1e8)).catch(() => "closed");
    const known = await Promise.all([post("secret", "[".repeat(200_000)), long]);
    const guesses = await Promise.all(Array.from({ length: 100 }, (_, i) => post(i, "{}")));
    console.log(JSON.stringify([...known, ...guesses]));
    process.exit();
  })();
`;

async function pesterByHttp(): Promise<void> {
  const command = ["netns", "exec", bed.server.name, process.execPath, "-e", HTTP_PESTS];
  const [brackets, long, ...guesses] = JSON.parse((await promisify(execFile)("ip", command)).stdout) as (
    | number
    | string
  )[];
  expect(brackets).toBe(400);
  // Once it is answered, it may give way to others of the thousand, as it goes on writing.
  expect([413, "closed"]).toContain(long);
  expect(guesses.filter((status) => status === 401).length).toBeLessThan(40);
  expect(new Set(guesses)).toEqual(new Set([401, 429]));
}

test("all of it at once costs no packet", async () => {
  const load = bed.load({ rate: 200, seconds: 15, more: PATIENT });
  const silent = await Promise.all(Array.from({ length: 1000 }, () => visit()));
  await Promise.all([
    send("[".repeat(200_000)),
    send('{ "command": "versi'),
    send("{", ...Array.from({ length: 100 }, () => Buffer.alloc(1e6, " "))),
    sendCommand(socket, "lease4-get-all"),
    sendCommand(socket, "lease4-get-all"),
    pesterByHttp(),
  ]);
  const { offered, completed } = await load;
  expect(completed).toBe(offered);
  for (const { connection } of silent) connection.destroy();
  await expectService();
});
