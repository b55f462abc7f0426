/** `libdhcp_run_script.so`: what a script is told, and scripts that cannot be called. Kea's own calls are the oracle's matter. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "script-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

function start(parameters: object): Promise<TestServer4> {
  return TestServer4.start({
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
    "hooks-libraries": [{ library: "/x/libdhcp_run_script.so", parameters }],
  });
}

it("a script is called for a lease that is given, and not for an offer", async () => {
  const path = join(folder, "note.sh");
  writeFileSync(path, `#!/bin/sh\n/usr/bin/env >${folder}/$$.new; /bin/mv ${folder}/$$.new ${folder}/$1.call\n`);
  chmodSync(path, 0o755);
  const server = await start({ name: path });
  await new TestClient4(server, 1).bind({ options: [[12, Buffer.from("alice")]] });
  const calls = () => readdirSync(folder).filter((name) => name.endsWith(".call"));
  await vi.waitFor(() => expect(calls()).toEqual(["leases4_committed.call"]), 60_000);
  const environment = readFileSync(join(folder, "leases4_committed.call"), "utf8");
  expect(environment).toContain("LEASES4_AT0_ADDRESS=192.0.2.10\n");
  expect(environment).toContain("LEASES4_AT0_HOSTNAME=alice\n");
  expect(environment).toContain("QUERY4_TYPE=DHCPREQUEST\n");
});

it.each<[string, (path: string) => void, string]>([
  ["missing", () => {}, "cannot be called (ENOENT); check the path"],
  ["not executable", (path) => writeFileSync(path, ""), "make it executable: chmod +x"],
  ["a folder", (path) => void mkdirSync(path), "it is no file; check the path"],
])("a configuration is refused with a script that is %s", async (_, prepare, words) => {
  const name = join(folder, "a.sh");
  prepare(name);
  await expect(start({ name })).rejects.toThrow(words);
});

it("that nobody waits for the script is said, where it is wanted otherwise", async () => {
  const server = await start({ name: "/bin/true", sync: true });
  expect(server.log.lines.join()).toContain("sync has no effect, as in Kea: nobody waits for /bin/true");
});
