/** Kea 3.0 as the second oracle: its daemons serve and answer commands by every way; all of its hook libraries load, as ours. */
import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { type Host, Lab, run } from "../../src/lab/lab.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { findKea, hooksOf } from "../../src/subject/kea.ts";
import { findDaemon, privateFolders, Server } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const VERSION = { result: 0, text: expect.stringMatching(/^3\.0\.\d+$/) };
// Of no other test: all files share the network that it is reached from.
const ADDRESS = "203.0.113.1";
const PORT = 8000;
const [USER, PASSWORD] = ["admin", "correct horse"];

/** Of those that want to be told something. A key that is none is taken by some of them. */
const PARAMETERS: Readonly<Record<string, object>> = {
  bootp: { "no-key": 1 },
  ddns_tuning: { "no-key": 1 },
  lease_cmds: { "no-key": 1 },
  legal_log: { "no-key": 1, prerotate: "", postrotate: "", "timestamp-format": "" },
  flex_id: { "identifier-expression": "'a'", "no-key": 1 },
  flex_option: { options: [] },
  ha: {
    "high-availability": [
      {
        "this-server-name": "one",
        mode: "hot-standby",
        peers: [
          { name: "one", url: `http://${ADDRESS}:8001/`, role: "primary" },
          { name: "two", url: "http://203.0.113.2:8001/", role: "standby" },
        ],
      },
    ],
  },
  ping_check: {},
  radius: {
    dictionary: join(hooksOf("kea3"), "../etc/kea/radius/dictionary"),
    access: { servers: [{ name: "203.0.113.9", secret: "a", "no-key": 1 }] },
    "nas-ports": [{ port: 1, "subnet-id": 1, "no-key": 1 }],
  },
};

describe.skipIf(findKea("kea3", "kea-dhcp4") === undefined)("needs Kea 3", () => {
  let lab: Lab;
  let host: Host;
  let clients: Host;
  let folder: string;

  beforeAll(async () => {
    lab = new Lab();
    const network = lab.network();
    run("ip", "address", "add", "203.0.113.250/24", "dev", network.bridge);
    host = lab.host("server", { ipv6: true });
    host.attach(network, "eth0", `${ADDRESS}/24`);
    clients = lab.host("clients");
    clients.attach(network, "eth0");
    folder = join(lab.folder, "server");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  function socketOf(daemon: string): { "socket-type": string; "socket-name": string } {
    return { "socket-type": "unix", "socket-name": join(folder, `${daemon}.socket`) };
  }

  async function ask(daemon: string, command: string): Promise<unknown> {
    return JSON.parse(await sendCommand(socketOf(daemon)["socket-name"], command));
  }

  describe("kea-dhcp4", () => {
    beforeAll(async () => {
      const authentication = { type: "basic", realm: "kea", clients: [{ user: USER, password: PASSWORD }] };
      const http = { "socket-type": "http", "socket-address": ADDRESS, "socket-port": PORT, authentication };
      const config = {
        "control-sockets": [socketOf("dhcp4"), http],
        subnet4: [{ id: 1, subnet: "203.0.113.0/24", pools: [{ pool: "203.0.113.10-203.0.113.99" }] }],
      };
      await Server.start("kea3", host, config, { folder });
    });

    test("serves a client", async () => {
      using probe = await Probe4.open(clients, "eth0");
      expect((await getServed(probe, "02:00:00:00:00:01")).yiaddr).toBe("203.0.113.10");
    });

    test("answers commands at its UNIX socket", async () => {
      expect(await ask("dhcp4", "version-get")).toMatchObject(VERSION);
    });

    test("answers commands over HTTP to who has the password", async () => {
      const post = (authorization: Record<string, string>) =>
        fetch(`http://${ADDRESS}:${PORT}/`, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...authorization },
          body: JSON.stringify({ command: "version-get" }),
        });
      const answer = await post({ Authorization: `Basic ${btoa(`${USER}:${PASSWORD}`)}` });
      expect(await answer.json()).toMatchObject([VERSION]);
      const refusal = await post({});
      expect(refusal.status).toBe(401);
      expect(refusal.headers.get("WWW-Authenticate")).toBe('Basic realm="kea"');
    });

    test("is reached by its own kea-shell", () => {
      const login = ["--auth-user", USER, "--auth-password", PASSWORD];
      const shell = [findKea("kea3", "kea-shell")!, "--host", ADDRESS, "--port", String(PORT), ...login, "version-get"];
      const answer = host.run("sh", "-c", '"$@" </dev/null', "sh", ...shell);
      expect(JSON.parse(answer)).toMatchObject([VERSION]);
    });
  });

  test("kea-dhcp6 answers commands", async () => {
    const config = { "control-sockets": [socketOf("dhcp6")] };
    await Server.start("kea3", host, config, { family: 6, folder });
    expect(await ask("dhcp6", "version-get")).toMatchObject(VERSION);
  });

  test("kea-dhcp-ddns answers commands", async () => {
    await DnsUpdater.start({
      subject: "kea3",
      folder,
      forward: [],
      reverse: [],
      servers: [],
      extra: { "control-sockets": [socketOf("d2")] },
      start: (command, env) => host.start(command, { env }),
    });
    expect(await ask("d2", "version-get")).toMatchObject(VERSION);
  });

  describe.each([4, 6] as const)("DHCPv%s", (family) => {
    /** Those of the other family aside. */
    function libraries(): object[] {
      const script = join(folder, "script");
      writeFileSync(script, "#!/bin/sh\n", { mode: 0o755 });
      const told: typeof PARAMETERS = {
        ...PARAMETERS,
        run_script: { name: script, "no-key": 1 },
        lease_query: { requesters: [family === 4 ? "203.0.113.9" : "2001:db8::9"] },
      };
      const names = readdirSync(hooksOf("kea3")).map((file) => file.replace(/^libdhcp_|\.so$/g, ""));
      expect(names).toHaveLength(20);
      const usable = names.filter((name) => family === 4 || (name !== "bootp" && name !== "ping_check"));
      return usable.map((name) => ({ library: `libdhcp_${name}.so`, parameters: told[name] }));
    }

    test.each(["kea3", "kotare"] as const)("all hook libraries load in %s", async (subject) => {
      const file = join(folder, `hooks${family}.json`);
      const context = { limits: { "no-key": 1 }, "ddns-tuning": { "no-key": 1 } };
      const config = { "client-classes": [{ name: "a", "user-context": context }], "hooks-libraries": libraries() };
      writeFileSync(file, JSON.stringify({ [`Dhcp${family}`]: config }));
      const run = promisify(execFile)(findDaemon(subject, family)!, ["-T", file], {
        env: { ...process.env, ...privateFolders(folder) },
      });
      await expect(run).resolves.toMatchObject({});
    });
  });
});
