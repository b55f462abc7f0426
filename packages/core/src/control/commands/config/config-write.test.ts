import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DaemonContext } from "../../daemon-context.ts";
import { ConfigAnswer } from "./config-answer.ts";
import { configWrite } from "./config-write.ts";

const OLD = '# ours\n{ "Dhcp4": { "valid-lifetime": 1 } }\n';
const NEW = { "valid-lifetime": 4000 };

let folder: string;
let own: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
  own = join(folder, "kea-dhcp4.conf");
  await writeFile(own, OLD, { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

async function write(filename?: string): Promise<string> {
  const context = {
    configFile: own,
    configAnswer: () => new ConfigAnswer("Dhcp4", () => NEW),
  } as Partial<DaemonContext> as DaemonContext;
  const answer = await configWrite.call(filename === undefined ? {} : { filename }, context);
  return "text" in answer ? String(answer.text) : "";
}

const read = async (path: string) => JSON.parse(await readFile(path, "latin1")) as unknown;

describe("config-write", () => {
  it("replaces the server's own file, which keeps its mode", async () => {
    expect(await write()).toBe(`Configuration written to ${own} successful`);
    expect(await read(own)).toEqual({ Dhcp4: NEW });
    expect((await stat(own)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["kea-dhcp4.conf"]);
  });

  it("leaves it behind the link that it is behind", async () => {
    await mkdir(join(folder, "real"));
    await writeFile(join(folder, "real/file"), OLD);
    await rm(own);
    await symlink("real/file", own);
    await write();
    expect(await readlink(own)).toBe("real/file");
    expect(await read(own)).toEqual({ Dhcp4: NEW });
  });

  it("writes a new file, and a configuration that is there", async () => {
    for (let i = 0; i < 2; i++) {
      expect(await write("copy.conf")).toContain("successful");
      expect(await read(join(folder, "copy.conf"))).toEqual({ Dhcp4: NEW });
    }
  });

  it.each([
    ["a key", "is there, and is no Dhcp4 configuration", (path: string) => writeFile(path, "secret")],
    ["another daemon's", "is no Dhcp4 configuration", (path: string) => writeFile(path, '{ "Dhcp6": {} }')],
    ["a link", "is a link", (path: string) => symlink(own, path)],
    ["a pipe", "is no regular file", async (path: string) => void spawnSync("mkfifo", [path])],
    ["a folder", "is no regular file", (path: string) => mkdir(path)],
  ])("does not touch what is not its own: %s", async (_, why, make) => {
    const other = join(folder, "other");
    await make(other);
    const before = await stat(other);
    expect(await write("other")).toMatch(new RegExp(`^Error during write-config: ${other} .*${why.slice(3)}`));
    expect((await stat(other)).ino).toBe(before.ino);
    expect(await readFile(own, "latin1")).toBe(OLD);
  });

  it("cannot be led elsewhere by a link in the place of what it writes before", async () => {
    const victim = join(folder, "victim");
    await writeFile(victim, "somebody's");
    await symlink("victim", join(folder, `.kea-dhcp4.conf.${process.pid}`));
    await write();
    expect(await readFile(victim, "latin1")).toBe("somebody's");
  });
});
