/** The example that keeps a hosts file: whose names are in it, and what it tells. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const EXAMPLE = fileURLToPath(new URL("../../../../deploy/extensions/unbound-hosts.mjs", import.meta.url));

let folder: string;
let hosts: string;
let command: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hosts-"));
  hosts = join(folder, "hosts");
  command = join(folder, "control.sh");
  // Each call is one line.
  writeFileSync(command, `#!/bin/sh\necho "$1:" $(/bin/sort) >>${folder}/told\n`, { mode: 0o755 });
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

function start(more: object = {}): Promise<TestServer4> {
  const parameters = { file: hosts, domain: "example.org", command: [command], every: 3600, ...more };
  return TestServer4.start({
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
    "hooks-libraries": [{ library: EXAMPLE, parameters }],
  });
}

const named = (name: string) => ({ options: [[12, Buffer.from(name)]] }) as const;
const told = () => readFileSync(join(folder, "told"), "utf8").trimEnd().split("\n");
const has = (...lines: readonly string[]) =>
  vi.waitFor(() => expect(readFileSync(hosts, "utf8").split("\n").slice(1, -1)).toEqual(lines), 60_000);

it("names come, change and go with their leases", async () => {
  const server = await start();
  const client = new TestClient4(server, 1);
  await client.bind(named("Alice"));
  await has("192.0.2.10 alice.example.org");
  await client.renew("192.0.2.10", named("bob"));
  await has("192.0.2.10 bob.example.org");
  await client.release("192.0.2.10");
  await has();
  await vi.waitFor(() => expect(told()).toHaveLength(5), 60_000);
  expect(told()).toEqual([
    "local_datas_remove: 10.2.0.192.in-addr.arpa alice.example.org",
    "local_datas: 10.2.0.192.in-addr.arpa PTR alice.example.org alice.example.org A 192.0.2.10",
    "local_datas_remove: 10.2.0.192.in-addr.arpa alice.example.org bob.example.org",
    "local_datas: 10.2.0.192.in-addr.arpa PTR bob.example.org bob.example.org A 192.0.2.10",
    "local_datas_remove: 10.2.0.192.in-addr.arpa bob.example.org",
  ]);
});

it("also by command, and when their time is over", async () => {
  const server = await start();
  const lease = { "ip-address": "192.0.2.15", "hw-address": "02:00:00:00:00:05", hostname: "printer.example.net." };
  await server.ask("lease4-add", lease);
  await has("192.0.2.15 printer.example.net");
  await new TestClient4(server, 1).bind(named("alice"));
  await has("192.0.2.15 printer.example.net", "192.0.2.10 alice.example.org");
  await server.ask("lease4-del", { "ip-address": "192.0.2.15" });
  await has("192.0.2.10 alice.example.org");
  server.clock.advance(1e6);
  await server.upkeep().reclaim();
  await has();
});

it("what is in the file already is told at the start; what is no name never gets there", async () => {
  writeFileSync(hosts, "# remark\n192.0.2.11 carol.example.org # here\n\n");
  const server = await start();
  for (const [address, hostname] of Object.entries({ "192.0.2.15": "a b", "192.0.2.16": "-", "192.0.2.11": "alice" })) {
    await server.ask("lease4-add", { "ip-address": address, "hw-address": "02:00:00:00:00:05", hostname });
  }
  await has("192.0.2.11 alice.example.org");
  await vi.waitFor(() => expect(told().join()).toContain("carol.example.org A 192.0.2.11"), 60_000);
});

it("that Unbound is not there is said, and the file is kept all the same", async () => {
  const server = await start({ command: [join(folder, "missing")] });
  await new TestClient4(server, 1).bind(named("alice"));
  await has("192.0.2.10 alice.example.org");
  expect(server.log.lines.join()).toContain("missing fails; Unbound is told later: ");
});
