/** Commands over HTTP, as people and Kea's own shell send them: to one daemon, and by way of it to the other. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { certify } from "../../src/lab/certify.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { findKea, type Kea } from "../../src/subject/kea.ts";
import { ourDaemon, Server } from "../../src/subject/server.ts";

/** An address that the host does not have yet. */
const LATE = "10.9.9.9";

let lab: Lab;
let host: Host;
let server: Server;
let updater: DnsUpdater;

const clients = [
  { user: "admin", password: "secret" },
  { user: "guest", "password-file": "guest", "user-context": { kotare: { access: "read" } } },
];
const file = (name: string) => join(lab.folder, name);

beforeAll(async () => {
  lab = new Lab();
  host = lab.host("server", { ipv6: true });
  // The daemons find d2d's socket where it is by default, and are told where dhcp6d's is.
  const folder = file("run");
  const socket6 = file("six");
  writeFileSync(file("guest"), "guest\n");
  certify(host, lab.folder, "authority", "daemon", "client");
  const authentication = { type: "basic", directory: lab.folder, clients };
  const config4 = {
    "interfaces-config": { interfaces: [] },
    "control-sockets": ["127.0.0.1", LATE].map((address) => ({
      "socket-type": "http",
      "socket-address": address,
      authentication,
    })),
    "user-context": { kotare: { services: { dhcp6: socket6 } } },
  };
  const config6 = {
    "interfaces-config": { interfaces: [] },
    "control-socket": { "socket-type": "unix", "socket-name": socket6 },
  };
  const https = {
    "socket-type": "https",
    "socket-port": 8001,
    "trust-anchor": file("authority.pem"),
    "cert-file": file("daemon.pem"),
    "key-file": file("daemon.key"),
  };
  const unix = { "socket-type": "unix", "socket-name": "kea-ddns-ctrl-socket" };
  [server, , updater] = await Promise.all([
    Server.start("kotare", host, config4, { folder }),
    Server.start("kotare", host, config6, { family: 6, folder }),
    DnsUpdater.start({
      ...{ folder, forward: [], reverse: [], servers: [] },
      extra: { "control-sockets": [unix, https] },
      start: (command, env) => host.start([...command], { env }),
    }),
  ]);
  await updater.program.waitFor(/started HTTPS service/);
  host.ip("address", "add", `${LATE}/32`, "dev", "lo");
});
afterAll(() => lab[Symbol.asyncDispose]());

function curl(login: string, command: object, address = "127.0.0.1"): { status: number; body: unknown } {
  const data = ["-H", "Content-Type: application/json", "-d", JSON.stringify(command)];
  const out = host.run("curl", "-s", "-w", "\n%{http_code}", "-u", login, ...data, `http://${address}:8000/`);
  const [body = "", status] = out.trimEnd().split("\n");
  return { status: Number(status), body: JSON.parse(body) };
}

test("curl has a list of one, for who may", () => {
  expect(curl("admin:secret", { command: "list-commands" })).toEqual({
    status: 200,
    body: [{ result: 0, arguments: expect.arrayContaining(["lease4-get"]) }],
  });
  expect(curl("admin:wrong", { command: "list-commands" })).toMatchObject({ status: 401, body: { result: 401 } });
  expect(curl("guest:guest", { command: "leases-reclaim", arguments: { remove: true } }).status).toBe(403);
});

test("a command that changes something is in the log with who sent it", async () => {
  curl("admin:secret", { command: "leases-reclaim", arguments: { remove: true } });
  await server.program.waitFor(
    /INFO {2}\[kea-dhcp4\.commands\/.*\] COMMAND_CARRIED_OUT admin at 127\.0\.0\.1 changed something with 'leases-reclaim': result 0/,
  );
});

test("one address does for all daemons, in the order in which they are asked", () => {
  const service = ["d2", "dhcp6", "dhcp4"];
  const daemons = ["d2d", "dhcp6d", "dhcp4d"];
  expect(curl("admin:secret", { command: "version-get", service }).body).toEqual(
    daemons.map((daemon) => ({
      result: 0,
      text: expect.any(String),
      arguments: { extended: expect.stringContaining(daemon) },
    })),
  );
});

describe("call", () => {
  const call = (...words: string[]) => [ourDaemon(4), "call", ...words];

  test("asks as it does at the socket, with the password from a file", () => {
    const way = ["--url", "http://127.0.0.1:8000", "--user", "guest", "--password-file", file("guest")];
    const out = host.run(...call(...way, "--service", "dhcp4,dhcp6,d2", "version-get"));
    expect(out).toMatch(/dhcp4d .*dhcp6d .*d2d /s);
  });

  test.skipIf(findProgram("script") === undefined)("asks for the password at a terminal, and does not show it", () => {
    const words = call("--url", "http://127.0.0.1:8000", "--user", "guest", "version-get");
    const typing = '{ until grep -q Password typed; do sleep 0.1; done; echo guest; } | script -qefc "$0" typed';
    const out = host.run("sh", "-c", `cd ${lab.folder}; : >typed; ${typing}`, words.join(" "));
    expect(out).toMatch(/^Password of guest: \r\nextended /);
  });

  test("asks over TLS, with a certificate of its own, and not without one", () => {
    const way = ["--url", "https://localhost:8001", "--ca", file("authority.pem")];
    const own = ["--cert", file("client.pem"), "--key", file("client.key")];
    expect(host.run(...call(...way, ...own, "version-get"))).toContain("d2d ");
    expect(() => host.run(...call(...way, "version-get"))).toThrow(/wants a certificate of ours/);
  });
});

test("a reload drops no request, and no connection", async () => {
  const data = ["-H", "Content-Type: application/json", "-d", '{"command":"version-get"}', "-u", "admin:secret"];
  const urls = Array.from({ length: 500 }, () => ["-o", "/dev/null", "http://127.0.0.1:8000/"]).flat();
  const asking = host.start(["curl", "-s", ...data, "-w", "%{http_code} %{num_connects}\n", ...urls]);
  let reloads = 0;
  for (; asking.running; reloads++) {
    const from = server.program.lines.length;
    server.program.signal("SIGHUP");
    await server.program.waitFor(/DHCP4_CONFIG_COMPLETE/, { from });
  }
  expect(reloads).toBeGreaterThan(0);
  expect(asking.lines).toEqual(["200 1", ...Array.from({ length: 499 }, () => "200 0")]);
});

const shells: Readonly<Record<Kea, string>> = { kea: "kea-ctrl-agent", kea3: "Kea 3" };

describe.each(["kea", "kea3"] as const)("the shell of %s", (kea) => {
  const program = findKea(kea, "kea-shell");

  describe.skipIf(program === undefined)(`needs ${shells[kea]}`, () => {
    /** What it prints, as JSON. */
    function shell(...words: string[]): unknown {
      const login = ["--auth-user", "admin", "--auth-password", "secret"];
      return JSON.parse(host.run("sh", "-c", '"$@" </dev/null', "sh", program!, ...login, ...words));
    }

    test("asks one daemon, and both", () => {
      expect(shell("version-get")).toMatchObject([
        { result: 0, arguments: { extended: expect.stringContaining("dhcp4d") } },
      ]);
      expect(shell("--service", "dhcp6", "--service", "dhcp4", "version-get")).toMatchObject([
        { result: 0, arguments: { extended: expect.stringContaining("dhcp6d") } },
        { result: 0, arguments: { extended: expect.stringContaining("dhcp4d") } },
      ]);
    });

    test("asks over TLS, with a certificate of its own", () => {
      const tls = ["--host", "localhost", "--port", "8001", "--ca", file("authority.pem")];
      const own = ["--cert", file("client.pem"), "--key", file("client.key")];
      expect(shell(...tls, ...own, "status-get")).toMatchObject([{ result: 0 }]);
      expect(() => shell(...tls, "status-get")).toThrow();
    });
  });
});

test("an address that comes late is listened at when it is there", async () => {
  await server.program.waitFor(new RegExp(`started HTTP service bound to address: ${LATE}`));
  expect(curl("admin:secret", { command: "version-get" }, LATE).status).toBe(200);
});

test("a certificate that is renewed on disk is shown from the next reload on, without a restart", async () => {
  const version = (authority: string) => {
    const own = ["--cert", file("client.pem"), "--key", file("client.key")];
    return host.run(ourDaemon(4), "call", "--url", "https://localhost:8001", "--ca", authority, ...own, "version-get");
  };
  const before = file("before.pem");
  copyFileSync(file("authority.pem"), before);
  expect(version(before)).toContain("d2d ");
  certify(host, lab.folder, "authority", "daemon", "client");
  updater.program.signal("SIGHUP");
  await updater.program.waitFor(/updated TLS settings/);
  expect(version(file("authority.pem"))).toContain("d2d ");
  expect(() => version(before)).toThrow();
});
