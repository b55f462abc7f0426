import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commitAt, lockExclusive } from "./file.ts";

const folder = mkdtempSync(join(tmpdir(), "netio-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("commitAt", () => {
  test("writes the first bytes of the buffer at the position and leaves the rest of the file alone", async () => {
    const path = join(folder, "journal");
    const fd = openSync(path, "w+");
    await commitAt(fd, Buffer.from("one two three"), 7, 0);
    await commitAt(fd, Buffer.from("TWO..."), 3, 4);
    closeSync(fd);
    expect(readFileSync(path, "utf8")).toBe("one TWO");
  });

  test("writes many megabytes whole", async () => {
    const path = join(folder, "large");
    const bytes = Buffer.alloc(20_000_000, "0123456789");
    const fd = openSync(path, "w");
    await commitAt(fd, bytes, bytes.length, 0);
    closeSync(fd);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("syncs also when there is nothing to write", async () => {
    const fd = openSync(join(folder, "empty"), "w");
    await expect(commitAt(fd, new Uint8Array(0), 0, 0)).resolves.toBeUndefined();
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
    await expect(commitAt(fd, Buffer.from("x"), 1, 0)).rejects.toMatchObject({ code, syscall });
    closeSync(fd);
  });

  test("a closed descriptor is an error of the write", async () => {
    await expect(commitAt(999_999, Buffer.from("x"), 1, 0)).rejects.toMatchObject({ code: "EBADF", syscall: "pwrite" });
  });

  test.each([
    { length: 5, position: 0 },
    { length: -1, position: 0 },
    { length: 1, position: -1 },
  ])("refuses length $length at $position of four bytes", async ({ length, position }) => {
    await expect(commitAt(1, new Uint8Array(4), length, position)).rejects.toThrow(RangeError);
  });
});

describe("lockExclusive", () => {
  test("is held by one open file at a time, and free again when it closes", () => {
    const path = join(folder, "locked");
    const first = openSync(path, "w");
    const second = openSync(path, "r");
    expect(lockExclusive(first)).toBe(true);
    expect(lockExclusive(second)).toBe(false);
    closeSync(first);
    expect(lockExclusive(second)).toBe(true);
    closeSync(second);
  });

  test("a closed descriptor is an error", () => {
    expect(() => lockExclusive(999_999)).toThrow(expect.objectContaining({ code: "EBADF", syscall: "flock" }));
  });
});
