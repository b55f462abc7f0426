import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { basic, requestOf, TestListener, usersOf } from "./testing/test-listener.ts";

let folder: string;
let other: Server;
/** What came in at the other daemon's socket, and what goes out. */
let asked: string;
let answer: string;
let test: TestListener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kotare-services-"));
  asked = "";
  answer = '{ "result": 0, "text": "six" }';
  other = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (bytes) => {
      asked += bytes.toString("latin1");
      socket.end(answer);
    });
    socket.on("error", () => undefined);
  }).listen(join(folder, "6"));
  await new Promise((resolve) => other.once("listening", resolve));
  test = new TestListener();
  test.paths.dhcp6 = join(folder, "6");
  await test.open();
});
afterEach(() => {
  test[Symbol.dispose]();
  other.close();
  rmSync(folder, { recursive: true });
});

/** A command of which the other daemon knows, and which it has not answered. */
async function begin(command: string): Promise<{ client: Socket; other: Socket; closed: Promise<unknown> }> {
  other.removeAllListeners("connection");
  const asking = once(other, "connection") as Promise<[Socket]>;
  const { client } = await test.connect();
  client.write(requestOf(JSON.stringify({ command, service: ["dhcp6"] })));
  const [socket] = await asking;
  await once(socket, "data");
  return { client, other: socket, closed: once(socket, "end") };
}

const ask = async (command: string, ...service: string[]) =>
  (await test.post(JSON.stringify({ command, service }))).json();

describe("a command with services", () => {
  it("goes to each as it is, and the answers come in order", async () => {
    expect(await ask("x", "dhcp6", "dhcp4", "dhcp6")).toEqual([
      { result: 0, text: "six" },
      { result: 0, text: "ok" },
      { result: 0, text: "six" },
    ]);
    expect(asked).toBe('{"command":"x","service":["dhcp6","dhcp4","dhcp6"]}'.repeat(2));
  });

  it("that names more than there are is refused", async () => {
    const all = ["dhcp6", "dhcp6", "dhcp6", "dhcp6"];
    expect(await ask("x", ...all)).toMatchObject({ result: 400 });
    expect(asked).toBe("");
  });

  it("may be one that only the other daemon has", async () => {
    expect(await ask("lease6-get", "dhcp6")).toEqual([{ result: 0, text: "six" }]);
  });

  it("has an error in the place of who is not there, or is nobody", async () => {
    const answers = await ask("x", "d2", "dhcp4", "ca");
    expect(answers).toEqual([
      {
        result: 1,
        text: expect.stringMatching(/^unable to forward command to the d2 service: \/nosuch\/d: there is no/),
      },
      { result: 0, text: "ok" },
      { result: 1, text: "there is no service 'ca': there are dhcp4, dhcp6, d2" },
    ]);
    answer = "";
    expect(await ask("x", "dhcp6")).toEqual([{ result: 1, text: expect.stringContaining("without an answer") }]);
  });

  it("is not carried on for who has gone, unless it changes something", async () => {
    const read = await begin("lease6-get-by-part");
    const written = await begin("lease6-wipe");
    read.client.destroy();
    written.client.destroy();
    await read.closed;
    expect(written.other.destroyed).toBe(false);
    written.other.end(answer);
    await vi.waitUntil(() => test.log.ids.includes("COMMAND_PASSED_ON"), 60_000);
    expect(test.log.lines.at(-1)).toMatch(/'lease6-wipe', .*: result 0$/);
  });

  it("does not tell who may only read what another daemon keeps secret", async () => {
    await test.open({ users: usersOf([{ user: "r", "user-context": { kotare: { access: "read" } } }]) });
    answer = '{ "arguments": { "Dhcp6": { "password": "p" } }, "result": 0 }';
    const asking = await test.post('{"command":"config-get","service":["dhcp6"]}', basic("r", ""));
    expect(await asking.json()).toEqual([{ arguments: { Dhcp6: { password: "*****" } }, result: 0 }]);
    expect((await test.post('{"command":"lease6-wipe","service":["dhcp6"]}', basic("r", ""))).status).toBe(403);
    expect(asked).not.toContain("wipe");
  });

  it("that changes something is told with what became of it", async () => {
    answer = '{ "result": 3, "text": "none" }';
    await ask("lease6-wipe", "dhcp6");
    expect(test.log.lines.at(-1)).toBe(
      "COMMAND_PASSED_ON somebody at 127.0.0.1 sent 'lease6-wipe', which changes something, on to dhcp6: result 3",
    );
  });
});
