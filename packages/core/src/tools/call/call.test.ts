import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leaseCommands4 } from "../../control/commands/lease-commands.ts";
import { TestListener, usersOf } from "../../control/http/testing/test-listener.ts";
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
/** At the terminal. */
let typed: string | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kotare-call-"));
  asked = "";
  answer = '{ "result": 0, "text": "ok" }';
  printed = "";
  complaints = "";
  typed = undefined;
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
    askSecret: async (prompt) => {
      complaints += prompt;
      return typed;
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
    expect(printed).toMatch(/update-ddns +Has no effect.*true or false; false unless given/);
  });
});

describe("call by HTTP", () => {
  /** As a configuration is: one character a byte. */
  const asRead = (text: string) => Buffer.from(text).toString("latin1");
  let test: TestListener;

  beforeEach(async () => {
    test = new TestListener();
    test.paths.dhcp6 = join(folder, "s");
    const guest = { user: "guest", password: "g", "user-context": { kotare: { access: "read" } } } as const;
    await test.open({ users: usersOf([{ user: "admin", password: asRead("pässword") }, guest]) });
  });
  afterEach(() => test[Symbol.dispose]());

  const byUrl = (user: string) => ["--url", test.url(), "--user", user];

  it("asks for the password, and prints what is in the list", async () => {
    typed = "pässword";
    expect(await run(...byUrl("admin"), "x")).toBe(0);
    expect([printed, complaints]).toEqual(["ok\n", "Password of admin: "]);
  });

  it("takes the password from a file", async () => {
    writeFileSync(join(folder, "password"), "g\n");
    expect(await run(...byUrl("guest"), "--password-file", join(folder, "password"), "--json", "x")).toBe(0);
    expect(printed).toBe('[ { "result": 0, "text": "ok" } ]\n');
  });

  it("asks several daemons by way of one", async () => {
    typed = "pässword";
    answer = '{ "result": 3, "text": "six" }';
    expect(await run(...byUrl("admin"), "--service", "dhcp4,dhcp6", "x")).toBe(3);
    expect(printed).toBe("ok\n\nsix\n");
    expect(asked).toContain('"service": ["dhcp4","dhcp6"]');
  });

  it("ends with 77 where the login is wrong, or may not do that", async () => {
    typed = "wrong";
    expect(await run(...byUrl("admin"), "x")).toBe(77);
    expect(complaints).toContain("is the password wrong?");
    typed = "g";
    expect(await run(...byUrl("guest"), "change")).toBe(77);
    expect(complaints).toContain("guest may not use 'change'");
  });

  it.each([
    [["--url", "ftp://x", "x"], 64, "is no URL of a daemon"],
    [["--url", "http://a:b@x", "x"], 64, "is no URL of a daemon"],
    [["--url", "http://x", "--user", "a:b", "x"], 64, "a user has no colon"],
    [["--url", "http://x", "--user", "a", "x"], 64, "no terminal"],
    [["--url", "http://x", "--user", "a", "--password-file", "/nosuch", "x"], 64, "/nosuch"],
    [["--url", "http://x", "--password-file", "f", "x"], 64, "goes with --user only"],
    [["--url", "http://x", "-s", "y", "x"], 64, "give one of them"],
    [["--url", "http://x", "--cert", "y", "x"], 64, "go together"],
    [["--user", "a", "x"], 64, "--user goes with --url only"],
    [["--service", "d2", "x"], 64, "--service goes with --url only"],
    [["--url", "http://127.0.0.1:1", "x"], 69, "nobody listens there"],
    [["--url", "https://127.0.0.1:1", "--ca", "/nosuch", "x"], 69, "/nosuch"],
  ])("%j ends with %i", async (words, code, what) => {
    expect(await run(...words)).toBe(code);
    expect(complaints).toContain(what);
  });
});
