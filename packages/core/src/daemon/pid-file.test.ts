import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PidFile, takePidFile } from "./pid-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pid-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const take = (program = "kea-dhcp4", where = directory) => takePidFile(where, "/etc/kea/kea-dhcp4.conf", program);
const path = () => join(directory, "kea-dhcp4.kea-dhcp4.pid");

function held(outcome: ReturnType<typeof take>): PidFile {
  if (outcome.kind !== "held") throw new Error(JSON.stringify(outcome));
  return outcome.file;
}

describe("the pid file", () => {
  it("has Kea's name, holds the process id, and goes away with the daemon", () => {
    const file = held(take());
    expect(file.path).toBe(path());
    expect(readFileSync(path(), "utf8")).toBe(`${process.pid}\n`);
    file.release();
    expect(statSync(path(), { throwIfNoEntry: false })).toBeUndefined();
  });

  it("keeps a second instance out, whoever it is", () => {
    const file = held(take());
    expect(take()).toEqual({ kind: "running", pid: process.pid, path: path() });
    file.release();
    held(take()).release();
  });

  it.each([
    ["of a process that is gone", "4194304"],
    ["of a process that is another program now", String(process.ppid)],
    ["of this very process, as in a container that was started again", String(process.pid)],
    ["with nothing in it", ""],
    ["with something else in it", "dhcp\n"],
  ])("left over by a crash, %s, is no obstacle", (_, content) => {
    writeFileSync(path(), content);
    held(take()).release();
  });

  it("of a Kea that runs keeps us out, although it takes no lock", () => {
    const program = readFileSync(`/proc/${process.ppid}/comm`, "utf8").trimEnd();
    writeFileSync(join(directory, `kea-dhcp4.${program}.pid`), `${process.ppid}\n`);
    expect(take(program)).toMatchObject({ kind: "running", pid: process.ppid });
  });

  it("that is no file is not waited for, and warned of", () => {
    spawnSync("mkfifo", [path()]);
    expect(take()).toMatchObject({ kind: "unusable", error: { message: `${path()} is no regular file` } });
  });

  it("makes its directory when that is missing (pain 11: /run/kea missing)", () => {
    held(take("kea-dhcp4", join(directory, "run/kea"))).release();
    expect(statSync(join(directory, "run/kea")).mode & 0o027).toBe(0);
  });

  it("that cannot be written is a warning, not a refusal", () => {
    writeFileSync(join(directory, "file"), "");
    expect(take("kea-dhcp4", join(directory, "file/kea"))).toMatchObject({
      kind: "unusable",
      error: expect.any(Error),
    });
  });

  it("is never written through a link that somebody put there", () => {
    writeFileSync(join(directory, "victim"), "precious");
    symlinkSync(join(directory, "victim"), path());
    expect(take().kind).toBe("unusable");
    expect(readFileSync(join(directory, "victim"), "utf8")).toBe("precious");
  });
});
