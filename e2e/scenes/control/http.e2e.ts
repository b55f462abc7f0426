/** Commands over HTTP, as people and Kea's own shell send them: to one daemon, and by way of it to the other. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { findKea, type Kea } from "../../src/subject/kea.ts";
import { ourDaemon, Server } from "../../src/subject/server.ts";

let lab: Lab;
let host: Host;
let server: Server;

const clients = [
  { user: "admin", password: "secret" },
  { user: "guest", "password-file": "guest", "user-context": { kotare: { access: "read" } } },
];

beforeAll(async () => {
  lab = new Lab();
  host = lab.host("server", { ipv6: true });
  const folder = join(lab.folder, "four");
  const socket6 = join(lab.folder, "six");
  writeFileSync(join(lab.folder, "guest"), "guest\n");
  const authentication = { type: "basic", directory: lab.folder, clients };
  const config4 = {
    "interfaces-config": { interfaces: [] },
    "control-sockets": [{ "socket-type": "http", authentication }],
    "user-context": { kotare: { services: { dhcp6: socket6 } } },
  };
  server = await Server.start("kotare", host, config4, { folder });
  const config6 = {
    "interfaces-config": { interfaces: [] },
    "control-socket": { "socket-type": "unix", "socket-name": socket6 },
  };
  await Server.start("kotare", host, config6, { family: 6, folder: join(lab.folder, "files6") });
});
afterAll(() => lab[Symbol.asyncDispose]());

function curl(login: string, command: object): { status: number; body: unknown } {
  const data = ["-H", "Content-Type: application/json", "-d", JSON.stringify(command)];
  const out = host.run("curl", "-s", "-w", "\n%{http_code}", "-u", login, ...data, "http://127.0.0.1:8000/");
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
    /COMMAND_CARRIED_OUT admin at 127\.0\.0\.1 changed something with 'leases-reclaim': result 0/,
  );
});

test("call asks from a terminal as it does at the socket", () => {
  const way = ["--url", "http://127.0.0.1:8000", "--user", "guest", "--password-file", join(lab.folder, "guest")];
  const out = host.run(ourDaemon(4), "call", ...way, "--service", "dhcp4,dhcp6", "version-get");
  expect(out).toMatch(/dhcp4d .*dhcp6d /s);
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

    test.skipIf(findProgram("openssl") === undefined)("asks over TLS, with a certificate of its own", async () => {
      const file = (name: string) => join(lab.folder, name);
      certify("authority", "daemon", "shell");
      const socket = { "socket-type": "https", "socket-port": 8001, "trust-anchor": file("authority.pem") };
      const files = { "cert-file": file("daemon.pem"), "key-file": file("daemon.key") };
      const parts = { folder: file(`d2-${kea}`), forward: [], reverse: [], servers: [] };
      await using updater = await DnsUpdater.start({
        ...parts,
        extra: { "control-sockets": [{ ...socket, ...files }] },
        start: (command, env) => host.start([...command], { env }),
      });
      await updater.program.waitFor(/started HTTPS service/);
      const tls = ["--host", "localhost", "--port", "8001", "--ca", file("authority.pem")];
      const own = ["--cert", file("shell.pem"), "--key", file("shell.key")];
      expect(shell(...tls, ...own, "status-get")).toMatchObject([{ result: 0 }]);
      expect(() => shell(...tls, "status-get")).toThrow();
    });
  });
});

/** An authority, and what it has signed, for this host. */
function certify(authority: string, ...names: readonly string[]): void {
  const openssl = (...words: string[]) => host.run("sh", "-c", 'cd "$0" && openssl "$@"', lab.folder, ...words);
  const key = (name: string) => [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-keyout",
    `${name}.key`,
  ];
  const made = (name: string) => [...key(name), "-subj", `/CN=${name}`];
  const root = ["-addext", "keyUsage=critical,keyCertSign"];
  openssl("req", "-x509", "-days", "2", ...made(authority), ...root, "-out", `${authority}.pem`);
  const by = ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`];
  const leaf = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
  for (const name of names) {
    openssl("req", "-x509", "-days", "2", ...made(name), ...by, ...leaf, "-out", `${name}.pem`);
  }
}
