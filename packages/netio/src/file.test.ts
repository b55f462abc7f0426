import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commitAt, lockExclusive } from "./file.ts";
import { commitByNode, lockByProgram } from "./file-by-node.ts";
import { freebsd } from "./systems/freebsd.ts";
import { linux } from "./systems/linux.ts";
import { macos } from "./systems/macos.ts";

const folder = mkdtempSync(join(tmpdir(), "netio-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

const commits = [
  { name: "commitAt", commit: commitAt },
  { name: "commitByNode", commit: commitByNode },
];

describe.each(commits)("$name", ({ commit }) => {
  test("writes the first bytes of the buffer at the position and leaves the rest of the file alone", async () => {
    const path = join(folder, "journal");
    const fd = openSync(path, "w+");
    await commit(fd, Buffer.from("one two three"), 7, 0);
    await commit(fd, Buffer.from("TWO..."), 3, 4);
    closeSync(fd);
    expect(readFileSync(path, "utf8")).toBe("one TWO");
  });

  test("writes many megabytes whole", async () => {
    const path = join(folder, "large");
    const bytes = Buffer.alloc(20_000_000, "0123456789");
    const fd = openSync(path, "w");
    await commit(fd, bytes, bytes.length, 0);
    closeSync(fd);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("syncs also when there is nothing to write", async () => {
    const fd = openSync(join(folder, "empty"), "w");
    await expect(commit(fd, new Uint8Array(0), 0, 0)).resolves.toBeUndefined();
    closeSync(fd);
  });

  const failures = [
    { title: "a full disk is an error of the write", path: "/dev/full", code: "ENOSPC", syscall: "pwrite" },
    // The null device takes writes and knows no sync.
    {
      title: "a failed sync is told apart from a failed write",
      path: "/dev/null",
      code: "EINVAL",
      syscall: "fdatasync",
    },
  ];
  test.each(failures)("$title", async ({ path, code, syscall }) => {
    const fd = openSync(path, "w");
    await expect(commit(fd, Buffer.from("x"), 1, 0)).rejects.toMatchObject({ code, syscall });
    closeSync(fd);
  });

  test("a closed descriptor is an error of the write", async () => {
    await expect(commit(999_999, Buffer.from("x"), 1, 0)).rejects.toMatchObject({ code: "EBADF", syscall: "pwrite" });
  });

  test.each([
    { length: 5, position: 0 },
    { length: -1, position: 0 },
    { length: 1, position: -1 },
  ])("refuses length $length at $position of four bytes", async ({ length, position }) => {
    await expect(commit(1, new Uint8Array(4), length, position)).rejects.toThrow(RangeError);
  });
});

const locks = [
  { name: "lockExclusive", lock: lockExclusive },
  { name: "lockByProgram of Linux and NetBSD", lock: (fd: number) => lockByProgram(fd, linux) },
  { name: "lockByProgram of OpenBSD and macOS", lock: (fd: number) => lockByProgram(fd, macos) },
];

describe.each(locks)("$name", ({ lock }) => {
  test("is held by one open file at a time, and free again when it closes", () => {
    const path = join(folder, "locked");
    const first = openSync(path, "w");
    const second = openSync(path, "r");
    expect(lock(first)).toBe(true);
    expect(lock(second)).toBe(false);
    closeSync(first);
    expect(lock(second)).toBe(true);
    closeSync(second);
  });

  test("a closed descriptor is an error", () => {
    expect(() => lock(999_999)).toThrow(expect.objectContaining({ code: "EBADF", syscall: "flock" }));
  });
});

test("a system without the program that locks says so", () => {
  const fd = openSync(join(folder, "locked"), "r");
  expect(() => lockByProgram(fd, freebsd)).toThrow(/cannot be locked without the addon or the program lockf/);
  closeSync(fd);
});
