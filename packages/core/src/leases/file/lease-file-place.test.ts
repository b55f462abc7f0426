import { spawnSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { diskError } from "../../storage/testing/crash-disk.ts";
import { CrashRun, LEASE_FILE } from "../testing/crash-run.ts";
import { family4 } from "../testing/test-families.ts";

const lease = (member: number) => family4.lease(member, {});

let folder: string;
let path: string;
let events: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "leases-"));
  path = join(folder, "kea-leases4.csv");
  events = [];
});
afterEach(() => rm(folder, { recursive: true }));

const open = (file = path) =>
  family4.openFile({ path: file, clock: new ManualClock(), report: ({ kind }) => void events.push(kind) });
type Store = Awaited<ReturnType<typeof open>>;

async function put(store: Store, member: number): Promise<void> {
  const batch = store.begin();
  batch.put(lease(member));
  expect(await batch.commit()).toEqual({ kind: "durable" });
}

/** What a restart finds. */
async function placesIn(file: string): Promise<number[]> {
  const store = await open(file);
  const found = await family4.leases(store).page(-1, 10);
  await store.close();
  return found.map((each) => family4.memberOf(each));
}

const lossOf = () => events.filter((kind) => kind === "file-lost" || kind === "file-begun");

describe("a lease file that is taken away while it is in use", () => {
  it.each<[string, () => Promise<void>]>([
    ["removed", () => rm(path)],
    ["moved", () => rename(path, `${path}.moved`)],
  ])("is begun anew with all leases: %s", async (_, takeAway) => {
    const store = await open();
    await put(store, 1);
    await takeAway();
    await put(store, 2);
    await store.lookForFile();
    expect(lossOf()).toEqual(["file-lost", "file-begun"]);
    await put(store, 3);
    await store.lookForFile();
    expect(lossOf()).toHaveLength(2);
    await store.close();
    expect(await placesIn(path)).toEqual([1, 2, 3]);
  });

  it("is looked for each second", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const store = await open();
    await put(store, 1);
    await rm(path);
    vi.advanceTimersByTime(999);
    expect(lossOf()).toEqual([]);
    vi.advanceTimersByTime(1);
    await vi.waitFor(() => expect(lossOf()).toEqual(["file-lost", "file-begun"]), 60_000);
    await store.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    expect(await placesIn(path)).toEqual([1]);
  });

  it.each<[string, (store: Store) => Promise<void>]>([
    ["each second", (store) => store.lookForFile()],
    ["before a rewrite", (store) => store.compact()],
    ["at the end", async () => {}],
  ])("does not cost the file that was put in its place: %s", async (_, look) => {
    const store = await open();
    await put(store, 1);
    await rename(path, `${path}.moved`);
    await writeFile(path, "somebody's");
    await look(store);
    await store.close();
    expect(lossOf()).toEqual(["file-lost", "file-begun"]);
    expect(await readFile(`${path}.found`, "latin1")).toBe("somebody's");
    expect(await placesIn(path)).toEqual([1]);
  });

  it("is not acknowledged from while no new one can be made, and service comes back by itself", async () => {
    const run = await CrashRun.open(family4);
    expect(await run.commit(lease(1))).toBe(true);
    await run.disk.remove(LEASE_FILE);
    run.disk.fault = (call) => (call === "pwrite" ? diskError(call, "ENOSPC") : undefined);
    await run.store.lookForFile();
    expect(await run.commit(lease(2))).toBe(false);
    run.disk.fault = () => undefined;
    run.clock.advance(11);
    expect(await run.commit(lease(3))).toBe(true);
    expect(run.events.map(({ kind }) => kind).filter((kind) => kind.startsWith("file-"))).toEqual([
      "file-loaded",
      "file-lost",
      "file-begun",
    ]);
    expect(await run.reload()).toEqual(run.acknowledged());
    await run.store.close();
  });
});

describe("a lease file behind a link", () => {
  it("stays where it is, with all that is beside it", async () => {
    const elsewhere = join(folder, "disk");
    await mkdir(elsewhere);
    await symlink("disk/leases.csv", path);
    const store = await open();
    await put(store, 1);
    await store.compact();
    await store.close();
    expect(await readlink(path)).toBe("disk/leases.csv");
    expect(await placesIn(join(elsewhere, "leases.csv"))).toEqual([1]);
    expect((await lstat(join(elsewhere, "leases.csv.lock"))).isFile()).toBe(true);
  });

  it("that leads nowhere is waited for, and one that leads in circles refused", async () => {
    await symlink("away/leases.csv", path);
    await expect(open()).rejects.toMatchObject({ code: "ENOENT" });
    await rm(path);
    await symlink(path, path);
    await expect(open()).rejects.toThrow(`${path} is a link that leads round in circles`);
  });
});

describe("what is no file", () => {
  it.each(["", ".completed", ".2", ".1", ".pid", ".lock"])(
    "is refused in words, and not waited for: %s",
    async (suffix) => {
      spawnSync("mkfifo", [path + suffix]);
      await expect(open()).rejects.toThrow(`${path}${suffix} is no regular file`);
    },
  );

  it("is not written through where we make a file: a link", async () => {
    const other = join(folder, "other");
    await writeFile(other, "somebody's");
    for (const suffix of [".output", ".new"]) await symlink(other, path + suffix);
    const store = await open();
    await store.compact();
    await rm(path);
    await store.lookForFile();
    await store.close();
    await symlink(other, `${path}.bad`);
    await writeFile(path, "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname\nx\n");
    await expect(open()).rejects.toThrow(`${path}.bad is a link`);
    expect(await readFile(other, "latin1")).toBe("somebody's");
  });
});
