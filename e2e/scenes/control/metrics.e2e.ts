/** What Prometheus gets of each daemon: after an exchange, in a format that its own tool takes, and only if it may. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FencedBlock, fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getLease } from "../../src/clients/plain-client.ts";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { Server } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

/** What the manual has a user for Prometheus be, and what it has Prometheus do. */
const [USER, JOB] = fencedBlocks(readFileSync(join(top, "docs/metrics.md"), "utf8")) as [FencedBlock, FencedBlock];
const prometheus = JSON.parse(USER.text) as { readonly "password-file": string };
const other = { user: "other", password: "p", "user-context": { kotare: { access: ["status-get"] } } };

/** @param secrets a folder */
function http(port: number, secrets: string) {
  const clients = [{ ...prometheus, "password-file": join(secrets, prometheus["password-file"]) }, other];
  const socket = { "socket-type": "http", "socket-address": "127.0.0.1", "socket-port": port };
  return [{ ...socket, authentication: { type: "basic", clients } }];
}

describe("/metrics", () => {
  let lab: Lab;
  let host: Host;

  beforeAll(async () => {
    lab = new Lab();
    const network = lab.network();
    host = lab.host("server", { ipv6: true });
    host.attach(network, "eth0", "10.0.0.1/24");
    const client = lab.host("client");
    client.attach(network, "eth0");
    writeFileSync(join(lab.folder, prometheus["password-file"]), "p\n", { mode: 0o600 });
    const sockets = (port: number) => ({ "control-sockets": http(port, lab.folder) });
    const folder = (name: string) => join(lab.folder, name);
    const subnet4 = [{ id: 7, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10 - 10.0.0.19" }] }];
    const config6 = {
      "interfaces-config": { interfaces: [] },
      subnet6: [{ id: 8, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/80" }] }],
    };
    await Promise.all([
      Server.start("kotare", host, { subnet4, ...sockets(8000) }, { folder: folder("four") }),
      Server.start("kotare", host, { ...config6, ...sockets(8001) }, { family: 6, folder: folder("six") }),
      DnsUpdater.start({
        ...{ folder: folder("names"), forward: [], reverse: [], servers: [] },
        extra: sockets(8002),
        start: (command, env) => host.start([...command], { env }),
      }),
    ]);
    await getLease(client, "eth0", () => undefined);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const curl = (user: string, port: number, ...words: string[]) =>
    host.run("curl", "-s", "-u", `${user}:p`, ...words, `http://127.0.0.1:${port}/metrics`);

  test("counts a client's exchange", () => {
    const lines = curl("prometheus", 8000).split("\n");
    const place = 'subnet="10.0.0.0/24",subnet_id="7"';
    expect(lines).toEqual(
      expect.arrayContaining([
        'kea_dhcp4_packets_received_total{operation="discover"} 1',
        'kea_dhcp4_packets_sent_total{operation="ack"} 1',
        `kea_dhcp4_addresses_assigned_total{${place},pool="10.0.0.10-10.0.0.19"} 1`,
        `kea_dhcp4_addresses_total{${place},pool=""} 10`,
        "kotare_batch_packets_count 2",
        "kotare_commit_seconds_count 2",
        "kotare_lease_store_up 1",
      ]),
    );
    expect(lines.find((line) => line.startsWith("kotare_lease_file_bytes "))).toMatch(/ \d\d+$/);
  });

  test("is refused to who has not its right", () => {
    expect(curl("other", 8000, "-o", "/dev/null", "-w", "%{http_code}")).toBe("403");
  });

  test("has all that our dashboard shows", () => {
    const dashboard = readFileSync(new URL("../../../deploy/grafana/kotare.json", import.meta.url), "utf8");
    const shown = new Set(dashboard.match(/\b(?:kea|kotare)_\w+(?=\{)/g));
    const told = [8000, 8001, 8002].map((port) => curl("prometheus", port)).join("");
    expect(shown.size).toBeGreaterThan(10);
    expect([...shown].filter((name) => !told.includes(`\n${name}{`) && !told.includes(`\n${name} `))).toEqual([]);
  });

  const promtool = findProgram("promtool");
  test.skipIf(promtool === undefined)("is asked for by what the manual tells Prometheus", () => {
    expect(JOB.language).toBe("yaml");
    for (const name of ["dhcp-ca.pem", "dhcp.password"]) writeFileSync(join(lab.folder, name), "");
    const file = join(lab.folder, "prometheus.yml");
    writeFileSync(file, JOB.text.replaceAll("/etc/prometheus", lab.folder));
    expect(host.run(promtool!, "check", "config", file)).toContain("SUCCESS");
  });

  test.skipIf(promtool === undefined).each([8000, 8001, 8002])("is what promtool wants, port %i", (port) => {
    const check = '"$0" check metrics 2>&1 || exit';
    const get = `curl -s -u prometheus:p http://127.0.0.1:${port}/metrics`;
    expect(host.run("sh", "-c", `${get} | ${check}`, promtool!)).toBe("");
  });
});
