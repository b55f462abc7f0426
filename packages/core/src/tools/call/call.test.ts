import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leaseCommands4 } from "../../control/commands/lease-commands.ts";
import { daemonPaths } from "../../daemon/paths.ts";
import { call } from "./call.ts";

const program = {
  name: "dhcp4d",
  summary: "",
  exampleConfig: "/nosuch.conf",
  callExample: "$0 call lease4-get ip-address=192.0.2.17",
  ports: true,
};

let folder: string;
let server: Server;
/** What came in at the socket, and what goes out. */
let asked: string;
let answer: string;
let printed: string;
let complaints: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kotare-call-"));
  asked = "";
  answer = '{ "result": 0, "text": "ok" }';
  printed = "";
  complaints = "";
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (bytes) => {
      asked += bytes.toString();
      socket.end(answer);
    });
    socket.on("error", () => undefined);
  }).listen(join(folder, "s"));
  await new Promise((resolve) => server.once("listening", resolve));
  writeFileSync(
    join(folder, "kea.conf"),
    '# Kea\'s own\n{ "Dhcp4": { "no-such-key": 1, "control-socket": { "socket-type": "unix", "socket-name": "s" } } }',
  );
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function run(...words: string[]): Promise<number> {
  return call(words, {
    program,
    commands: leaseCommands4,
    paths: daemonPaths({ KEA_CONTROL_SOCKET_DIR: folder }),
    out: (text) => {
      printed += text.toString();
    },
    complain: (text) => {
      complaints += text;
    },
  });
}
const byConfig = () => ["-c", join(folder, "kea.conf")];

describe("call", () => {
  it("finds the socket in any configuration that names one, and sends the command", async () => {
    expect(await run(...byConfig(), "lease4-get", "ip-address=192.0.2.1")).toBe(0);
    expect(JSON.parse(asked)).toEqual({ command: "lease4-get", arguments: { "ip-address": "192.0.2.1" } });
    expect(printed).toBe("ok\n");
  });

  it("takes a socket by name, and a command that it does not know", async () => {
    expect(await run("-s", join(folder, "s"), "kea-only")).toBe(0);
    expect(JSON.parse(asked)).toEqual({ command: "kea-only" });
  });

  it("names the command that was meant, where there is none of that name", async () => {
    answer = '{ "result": 2, "text": "\'lease4-gt\' command not supported." }';
    expect(await run(...byConfig(), "lease4-gt")).toBe(2);
    expect([printed, complaints]).toEqual([
      "'lease4-gt' command not supported.\n",
      "dhcp4d call: did you mean lease4-get?\n",
    ]);
    complaints = "";
    expect(await run(...byConfig(), "ha-heartbeat")).toBe(2);
    expect(complaints).toBe("");
  });

  it.each([0, 1, 2, 3, 4])("ends with the result of the answer: %i", async (result) => {
    answer = `{ "arguments": { "result": 9 }, "result": ${result}, "text": "\\"result\\": 8" }`;
    expect(await run(...byConfig(), "x")).toBe(result);
    expect(await run(...byConfig(), "--json", "x")).toBe(result);
  });

  it("prints the answer as it came for programs", async () => {
    answer = '{ "result": 0,   "text": "as it is" }';
    await run("--json", ...byConfig(), "x");
    expect(printed).toBe(`${answer}\n`);
  });

  it.each([
    [[], 64, "which command?"],
    [["--frob", "x"], 64, "Unknown argument: frob"],
    [["lease4-get", "192.0.2.1"], 64, "write NAME=VALUE"],
    [["-c", "/nosuch", "x"], 64, "/nosuch cannot be read"],
    [["--timeout", "x", "x"], 64, "--timeout is a number of seconds"],
    [["-s", "/nosuch", "x"], 69, "/nosuch: there is no such socket; does the daemon run"],
  ])("%j ends with %i", async (words, code, what) => {
    expect(await run(...words)).toBe(code);
    expect(complaints).toContain(what);
    expect(printed).toBe("");
  });

  it("says so when the file names no socket", async () => {
    writeFileSync(join(folder, "kea.conf"), '{ "Dhcp4": {} }');
    expect(await run(...byConfig(), "x")).toBe(64);
    expect(complaints).toContain("names no UNIX socket");
  });

  it.each(["", '{ "result": 0, "te', '{ "arguments": {'])("does not take %j for an answer", async (part) => {
    answer = part;
    expect(await run(...byConfig(), "x")).toBe(69);
    expect(complaints).toMatch(/not whole|without an answer/);
  });

  it("explains itself, and each command", async () => {
    expect(await run("--help")).toBe(0);
    expect(printed).toContain("dhcp4d call lease4-get ip-address=192.0.2.17");
    expect(printed).toContain("69 nobody answers");
    printed = "";
    expect(await run("lease4-del", "--help")).toBe(0);
    expect(printed).toContain("Deletes one lease");
    expect(printed).toMatch(/update-ddns +Makes .*true or false; false unless given/);
  });
});
