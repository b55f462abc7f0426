import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, type TestClient, TestListener, usersOf } from "./testing/test-listener.ts";
import type { Users } from "./users.ts";

let folder: string;
let complaints: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-users-"));
  complaints = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (...clients: TestClient[]): Users => usersOf(clients, { directory: folder }, complaints);
const find = (users: Users, user: string, password: string) => users.find(basic(user, password).Authorization)?.name;

describe("users", () => {
  it("are found by name and password, both of them", () => {
    const users = load({ user: "a", password: "b:c" }, { user: "d" }, { user: "é", password: "\u00c3\u00bc" });
    expect(find(users, "a", "b:c")).toBe("a");
    expect(find(users, "d", "")).toBe("d");
    expect(users.find(`basic  ${Buffer.from("a:b:c").toString("base64")} `)?.name).toBe("a");
    for (const [user, password] of [
      ["a", "b"],
      ["a", "b:c "],
      ["A", "b:c"],
      ["a:b", "c:"],
      ["d", "x"],
      ["", ""],
    ] as const) {
      expect(find(users, user, password)).toBeUndefined();
    }
  });

  it.each(["", "Basic", "Basic ", "Bearer YTpi", "Basic YTpi YTpi", "Basic !!!!"])(
    "are not found by '%s'",
    (header) => {
      expect(load({ user: "a", password: "b" }, { user: "" }).find(header)).toBeUndefined();
    },
  );

  it("come from files, as far as the first space or line end, as with Kea", () => {
    writeFileSync(join(folder, "password"), "sec ret\n");
    writeFileSync(join(folder, "user"), "\n u\r\n");
    writeFileSync(join(folder, "both"), "who:le\n");
    const users = load(
      { user: "a", "password-file": "password" },
      { "user-file": "user", password: "p" },
      { "password-file": "both" },
    );
    expect(find(users, "a", "sec")).toBe("a");
    expect(find(users, "u", "p")).toBe("u");
    expect(find(users, "who", "le")).toBe("who");
    expect(complaints).toEqual([]);
  });

  it("whose file cannot be read cannot log in, and the others can", () => {
    writeFileSync(join(folder, "empty"), " \n");
    const users = load(
      { user: "a", "password-file": "nosuch" },
      { user: "b", "password-file": "empty" },
      { user: "c" },
    );
    expect(complaints).toEqual([expect.stringContaining("nosuch"), expect.stringContaining("is empty")]);
    expect(find(users, "a", "")).toBeUndefined();
    expect(find(users, "c", "")).toBe("c");
  });
});

describe("at an HTTP socket with users", () => {
  const X = '{"command":"x"}';
  let test: TestListener;

  beforeEach(async () => {
    test = new TestListener();
    await test.open({
      users: load(
        { user: "admin", password: "p" },
        { user: "guest", password: "p", "user-context": { kotare: { access: "read" } } },
        { user: "clerk", password: "p", "user-context": { kotare: { access: ["change", "/page"] } } },
      ),
    });
  });
  afterEach(() => test[Symbol.dispose]());

  const statusOf = async (user: string, command: string) =>
    (await test.post(`{"command":"${command}"}`, basic(user, "p"))).status;

  it("nobody else gets in, and is told where", async () => {
    for (const headers of [{}, basic("admin", "q"), { Authorization: "Bearer x" }]) {
      const answer = await test.post(X, headers as Record<string, string>);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Basic realm="a \\"realm\\""');
      expect(await answer.json()).toEqual({ result: 401, text: "Unauthorized" });
    }
  });

  it.each([
    ["admin", 200, 200, 200],
    ["guest", 200, 403, 200],
    ["clerk", 403, 200, 403],
  ])("%s may do what the operator says", async (user, reading, changing, otherReading) => {
    expect(await statusOf(user, "x")).toBe(reading);
    expect(await statusOf(user, "change")).toBe(changing);
    expect(await statusOf(user, "config-get")).toBe(otherReading);
  });

  it("pages have access of their own", async () => {
    const pieces = async function* () {
      yield "hello";
    };
    test.pages.set("/page", { access: "/page", answer: () => ({ headers: {}, pieces: pieces() }) });
    test.pages.set("/other", { access: "/other", answer: () => ({ headers: {}, pieces: pieces() }) });
    const statuses = async (user: string) =>
      Promise.all(
        ["/page", "/other"].map(async (path) => (await fetch(test.url(path), { headers: basic(user, "p") })).status),
      );
    expect(await statuses("clerk")).toEqual([200, 403]);
    expect(await statuses("guest")).toEqual([200, 200]);
    expect(await statuses("nobody")).toEqual([401, 401]);
  });

  it("who may not change the configuration does not see the passwords in it", async () => {
    const config = { password: 'a"b', "password-file": "f", list: [{ secret: "s" }] };
    test.run = () => ({ result: 0, arguments: config });
    const ask = async (user: string) => (await test.post('{"command":"config-get"}', basic(user, "p"))).json();
    expect(await ask("admin")).toEqual([{ result: 0, arguments: config }]);
    expect(await ask("guest")).toEqual([
      { result: 0, arguments: { password: "*****", "password-file": "f", list: [{ secret: "*****" }] } },
    ]);
  });

  it("what changes something is told with user, address and outcome, and what does not is not", async () => {
    test.run = () => ({ result: 3, text: "nothing there" });
    await test.post(X, basic("admin", "p"));
    await test.post('{"command":"change"}', basic("clerk", "p"));
    await test.post('{"command":"change"}', basic("guest", "p"));
    expect(test.log.lines.filter((line) => line.startsWith("COMMAND_CARRIED_OUT"))).toEqual([
      "COMMAND_CARRIED_OUT clerk at 127.0.0.1 changed something with 'change': result 3, nothing there",
    ]);
  });

  it("a reload counts at the next request, also on a connection that is open", async () => {
    const { client, all } = await test.connect();
    const { Authorization } = basic("admin", "p");
    const request = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: ${Authorization}\r\n`;
    client.write(`${request}Content-Length: ${X.length}\r\n\r\n${X}`);
    await new Promise((resolve) => client.once("data", resolve));
    test.listener.use({ ...test.listener.settings, users: load({ user: "admin", password: "other" }) });
    client.write(`${request}Connection: close\r\nContent-Length: ${X.length}\r\n\r\n${X}`);
    expect(await all).toMatch(/^HTTP\/1.1 200 .*HTTP\/1.1 401 /s);
  });
});
