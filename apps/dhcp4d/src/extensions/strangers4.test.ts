/** Strangers at the listener of a pair, and partners that are wrong: they change nothing, are counted, and disturb nobody. */
import { connect } from "node:net";
import { HttpListener } from "@kotare/core/control/http/http-listener";
import { listenerSettings } from "@kotare/core/control/http/http-settings";
import { LoginGuard } from "@kotare/core/control/http/login-guard";
import { Services } from "@kotare/core/control/http/services";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const LOGIN = { "basic-auth-user": "partner", "basic-auth-password": "secret" };
const PAIR = {
  "this-server-name": "server1",
  mode: "passive-backup",
  "restrict-commands": true,
  peers: [
    { name: "server1", url: "http://127.0.0.1:8000/", role: "primary", ...LOGIN },
    { name: "server2", url: "http://127.0.0.1:1/", role: "backup" },
  ],
};
const CONFIG = {
  subnet4: [{ id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] }],
  "hooks-libraries": [{ library: "libdhcp_ha.so", parameters: { "high-availability": [PAIR] } }],
};
const LEASE = { "ip-address": "192.0.2.50", "hw-address": "02:00:00:00:00:99", "subnet-id": 1 };

let server: TestServer4;
let guard: LoginGuard;
let listener: HttpListener;

beforeEach(async () => {
  server = await TestServer4.start(CONFIG);
  guard = new LoginGuard();
  const [wanted] = server.listeners;
  const services = new Services("dhcp4", () => ({ dhcp4: "", dhcp6: "", d2: "" }), server.log);
  const parts = { commands: server.commands, services, pages: new Map(), guard, log: server.log };
  listener = await HttpListener.open({ ...listenerSettings(wanted!), port: 0 }, parts);
});
afterEach(() => listener.close());

function post(command: string, args: object, login?: string) {
  return postText(JSON.stringify({ command, service: ["dhcp4"], arguments: args }), login);
}

async function postText(body: string, login?: string) {
  const authorization = login && { Authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  return await fetch(`http://127.0.0.1:${listener.port}/`, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...authorization },
  });
}

/** @returns all that comes back */
async function stream(line: string, login = ""): Promise<string> {
  const client = connect(listener.port, "127.0.0.1");
  const authorization = login && `Authorization: Basic ${Buffer.from(login).toString("base64")}\r\n`;
  client.end(`CONNECT commands:1 HTTP/1.1\r\nHost: commands:1\r\n${authorization}\r\n${line}`);
  let text = "";
  for await (const piece of client) text += String(piece);
  return text;
}

/** Its state, its leases, and that it serves: the first address of its pool is given to a client. */
async function isUnharmed(): Promise<void> {
  const { arguments: state } = await server.ask("ha-heartbeat");
  expect(state).toMatchObject({ state: "passive-backup", scopes: ["server1"] });
  expect(server.leases()).toEqual([]);
  expect((await new TestClient4(server, 1).bind()).yiaddr).toBe("192.0.2.10");
}

/** What does harm where it is taken. */
const HARM: readonly (readonly [string, object])[] = [
  ["lease4-update", { ...LEASE, "force-create": true, origin: "ha-partner" }],
  ["lease4-bulk-apply", { leases: [LEASE], origin: "ha-partner" }],
  ["dhcp-disable", { origin: "ha-partner", "origin-id": 2000 }],
  ["ha-maintenance-notify", { "server-name": "server2", cancel: false }],
  ["ha-reset", {}],
  ["ha-heartbeat", { "server-name": "server2" }],
];

// docs/high-availability.md: what happens when a stranger speaks to the listener?
it("who does not log in, or with another password, is refused all commands", async () => {
  for (const [command, args] of HARM) {
    for (const login of [undefined, "partner:wrong"]) expect((await post(command, args, login)).status).toBe(401);
  }
  expect(guard.failures).toBe(HARM.length);
  expect(server.log.lines.filter((line) => line.includes("HTTP_CLIENT_REQUEST_NOT_AUTHORIZED"))).not.toEqual([]);
  await isUnharmed();
});

it("the same commands do what they say for who logs in", async () => {
  for (const [command, args] of HARM) {
    const answer = await post(command, args, "partner:secret");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject([{ result: 0 }]);
  }
  expect(server.leases()).toHaveLength(1);
});

it.each([
  ["config-set", {}],
  ["ha-scopes", { scopes: [] }],
  ["ha-maintenance-start", {}],
  ["lease4-wipe", {}],
] as const)("a partner may not use %s, which is no partner's", async (command, args) => {
  expect((await post(command, args, "partner:secret")).status).toBe(403);
  await isUnharmed();
});

it("nor may anybody in a stream of commands, which takes a login as well", async () => {
  const line = `${JSON.stringify({ command: "config-set", arguments: {} })}\n`;
  expect(await stream(line)).toMatch(/^HTTP\/1.1 401 /);
  expect(await stream(line, "partner:wrong")).toMatch(/^HTTP\/1.1 401 /);
  expect(await stream(line, "partner:secret")).toContain("partner may not use 'config-set'");
  expect(guard.failures).toBe(1);
  await isUnharmed();
});

it.each([
  ["ha-reset", { "server-name": "another" }, 1, "another matches no configured 'server-name'"],
  ["ha-heartbeat", { "server-name": "another" }, 1, "another matches no configured 'server-name'"],
  ["ha-maintenance-notify", { "server-name": "another", cancel: false }, 1, "another matches no configured"],
  ["ha-maintenance-notify", { cancel: "yes" }, 1, "cancel"],
  ["lease4-update", { ...LEASE, "subnet-id": 7, "force-create": true }, 4, "subnet"],
  ["lease4-update", { ...LEASE, "ip-address": "203.0.113.1", "force-create": true }, 4, "subnet"],
  ["lease4-update", { ...LEASE, "ip-address": "nowhere", "force-create": true }, 1, "nowhere"],
  ["lease4-bulk-apply", { rows: "192.0.2.50,zz\n" }, 1, "row 1"],
] as const)("%s %j, of a partner that is wrong, is refused with result %s", async (command, args, result, text) => {
  const answer = await post(command, args, "partner:secret");
  expect(await answer.json()).toMatchObject([{ result, text: expect.stringContaining(text) }]);
  await isUnharmed();
});

it.each([
  ["brackets", "[".repeat(200_000)],
  ["half a command", '{ "command": "ha-heartbeat", '],
  ["brackets in a command", `{ "command": "ha-heartbeat", "arguments": { "server-name": ${"[".repeat(200_000)}`],
])("a partner that sends %s is told that this is no JSON", async (_, body) => {
  expect((await postText(body, "partner:secret")).status).toBe(400);
  await isUnharmed();
});

it("what a partner of another version says beside is left aside", async () => {
  const later = { ...LEASE, "force-create": true, origin: "ha-partner", "pool-name": "x", flags: [1] };
  expect(await (await post("lease4-update", later, "partner:secret")).json()).toMatchObject([{ result: 0 }]);
  const beat = { "server-name": "server2", version: 9, healing: { untold: 7 } };
  expect(await (await post("ha-heartbeat", beat, "partner:secret")).json()).toMatchObject([{ result: 0 }]);
  expect(server.leases()).toEqual(["192.0.2.50 02:00:00:00:00:99 assigned"]);
});

it("a Kea 3 tells of a RELEASE with a state of its own: the lease is kept for its client", async () => {
  const given = { ...LEASE, state: 3, "valid-lft": 0, expire: 1_800_000_000, "force-create": true };
  const tell = async (command: string, args: object) => (await post(command, args, "partner:secret")).json();
  for (const [command, args] of [
    ["lease4-update", { ...given, origin: "ha-partner" }],
    ["lease4-bulk-apply", { leases: [given], origin: "ha-partner" }],
  ] as const) {
    expect(await tell(command, args)).toMatchObject([{ result: 0 }]);
    expect(server.leases()).toEqual(["192.0.2.50 02:00:00:00:00:99 reclaimed"]);
  }
});
