import { spawn, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { family4 } from "../testing/test-families.ts";

const ROOT = fileURLToPath(new URL("../../../../..", import.meta.url));

/** Renews 200 leases over and over, four batches at a time, rewrites the file all the while, and prints what is durable. */
const CHILD = `
import { systemClock } from "../../base/clock.ts";
import { family4 } from "../testing/test-families.ts";

const store = await family4.openFile({
  path: process.argv[2],
  clock: systemClock,
  report: (event) => { if ("error" in event) console.log("error", event.error.message); },
  rewriteStep: 2000,
});
let turn = Math.max(0, ...store.page(-1, 1000).map((lease) => lease.cltt));
async function renew() {
  for (;;) {
    const cltt = ++turn;
    const member = cltt % 200;
    const batch = store.begin();
    batch.put(family4.lease(member, { cltt }));
    if ((await batch.commit()).kind === "durable") console.log("durable", member, cltt);
  }
}
async function rewrite() {
  for (;;) await store.compact();
}
await Promise.all([renew(), renew(), renew(), renew(), rewrite()]);
`;

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leases-"));
  program = join(folder, "child.mjs");
  await copyFile(join(ROOT, "packages/netio/dist/netio.node"), join(folder, "netio.node"));
  const flags = ["--bundle", "--platform=node", "--format=esm", "--conditions=@kotare/source", "--loader=ts"];
  const bundled = spawnSync(join(ROOT, "node_modules/.bin/esbuild"), [...flags, `--outfile=${program}`], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    input: CHILD,
    encoding: "utf8",
  });
  expect(bundled.stderr).not.toContain("[ERROR]");
});
afterAll(() => rm(folder, { recursive: true }));

test("a daemon killed with SIGKILL again and again has lost nothing that it acknowledged", async () => {
  const path = join(folder, "kea-leases4.csv");
  const acknowledged = new Map<number, number>();
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
    let lines = 0;
    for await (const line of createInterface(child.stdout)) {
      const [what, member, cltt] = line.split(" ");
      expect(what).toBe("durable");
      acknowledged.set(Number(member), Number(cltt));
      if (++lines === 300 + round) child.kill("SIGKILL");
    }
    expect(lines).toBeGreaterThanOrEqual(300 + round);
    const store = await family4.openFile({ path, maxRowErrors: 1, clock: new ManualClock(), report: () => {} });
    const found = new Map((await store.page(-1, 1000)).map((lease) => [family4.memberOf(lease), lease.cltt]));
    await store.close();
    for (const [member, cltt] of acknowledged) expect(found.get(member)).toBeGreaterThanOrEqual(cltt);
  }
});
