/** The example that keeps a hosts file and tells names to Unbound, with Debian's Unbound. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "@kotare/testkit/payloads";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram, type Program } from "../../src/lab/program.ts";
import { client, release } from "../../src/oracle/dhcp4/client.ts";
import { bind } from "../../src/oracle/dhcp4/play.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { Script } from "../../src/oracle/script.ts";
import { Server } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

const isThere = findProgram("unbound") !== undefined;

describe.skipIf(!isThere)("needs unbound", () => {
  let lab: Lab;
  let host: Host;
  let clients: Host;
  let config: string;
  let hosts: string;
  let unbound: Program;

  const startUnbound = async () => {
    unbound = host.start(["unbound", "-d", "-c", config]);
    await unbound.waitFor(/start of service/);
  };
  const ask = (name: string, type: string) => host.run("dig", "+short", "+tries=1", "@127.0.0.1", name, type).trim();

  beforeAll(async () => {
    lab = new Lab();
    ({ server: host, clients } = stage4.plugIn(lab));
    config = join(lab.folder, "unbound.conf");
    hosts = join(lab.folder, "hosts");
    writeFileSync(
      config,
      `server:\n  interface: 127.0.0.1\n  chroot: ""\n  username: ""\n  pidfile: ""\n  use-syslog: no\n  do-ip6: no\n` +
        `  directory: "${lab.folder}"\n  module-config: "iterator"\n  local-zone: "example.org." static\n` +
        `  local-zone: "10.in-addr.arpa." static\nremote-control:\n  control-enable: yes\n` +
        `  control-interface: "${join(lab.folder, "control")}"\n  control-use-cert: no\n`,
    );
    await startUnbound();
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test("a name is there while its lease is, also after Unbound has been started again", async () => {
    const parameters = {
      file: hosts,
      domain: "example.org",
      command: ["unbound-control", "-c", config],
      every: 1,
    };
    const library = join(top, "deploy/extensions/unbound-hosts.mjs");
    await using _ = await Server.start(
      "kotare",
      host,
      {
        subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.99" }] }],
        "hooks-libraries": [{ library, parameters }],
      },
      { folder: join(lab.folder, "server") },
    );
    using voice = await stage4.open(clients);
    const script = new Script(stage4, voice, 1);
    const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });
    const { yiaddr } = await bind(script, client(1), { options: [[12, text("alice")]] });
    await until(() => expect(ask("alice.example.org", "A")).toBe(yiaddr));
    expect(ask("10.0.0.10.in-addr.arpa".replace("10.0.0.10", yiaddr.split(".").reverse().join(".")), "PTR")).toBe(
      "alice.example.org.",
    );
    expect(readFileSync(hosts, "utf8")).toBe(`# by Kotare\n${yiaddr} alice.example.org\n`);
    await unbound.stop();
    await startUnbound();
    await until(() => expect(ask("alice.example.org", "A")).toBe(yiaddr));
    await script.tell("RELEASE", release(client(1), yiaddr));
    await until(() => expect(ask("alice.example.org", "A")).toBe(""));
    expect(readFileSync(hosts, "utf8")).toBe("# by Kotare\n");
  });
});
