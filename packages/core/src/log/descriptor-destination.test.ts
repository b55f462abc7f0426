import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DescriptorDestination } from "./descriptor-destination.ts";
import { FileDestination } from "./file-destination.ts";

/** More than any pipe holds. */
const lines = Buffer.alloc(1 << 20, "a line of text\n");

let directory: string;
let fd: number;
let reader: FileHandle;

async function openPipe(flags: number): Promise<void> {
  directory = mkdtempSync(join(tmpdir(), "pipe-"));
  const path = join(directory, "pipe");
  spawnSync("mkfifo", [path]);
  reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  fd = openSync(path, constants.O_WRONLY | flags);
}

afterEach(async () => {
  closeSync(fd);
  await reader.close();
  rmSync(directory, { recursive: true });
});

/** Reads until `write` is over; what has come. */
async function readAll(write: Promise<void>): Promise<Buffer> {
  const parts: Buffer[] = [];
  const piece = Buffer.alloc(1 << 16);
  let isWritten = false;
  void write.finally(() => {
    isWritten = true;
  });
  for (;;) {
    const isLast = isWritten;
    const count = await reader.read(piece).then(
      ({ bytesRead }) => bytesRead,
      (error: NodeJS.ErrnoException) => (error.code === "EAGAIN" ? 0 : Promise.reject(error)),
    );
    parts.push(Buffer.from(piece.subarray(0, count)));
    if (isLast && count === 0) return Buffer.concat(parts);
  }
}

describe.each([
  ["a pipe", 0],
  ["a pipe that somebody made non-blocking", constants.O_NONBLOCK],
])("standard output into %s", (_, flags) => {
  beforeEach(() => openPipe(flags));

  it("does not stop the main loop when nobody reads, and goes on when somebody does", async () => {
    const write = new DescriptorDestination(fd).write(lines);
    for (let turn = 0; turn < 100; turn++) await nextTurn();
    expect((await readAll(write)).equals(lines)).toBe(true);
    await write;
  });
});

describe("a log file that is a pipe", () => {
  beforeEach(() => openPipe(0));

  it("has all lines, as fast as somebody reads", async () => {
    const file = new FileDestination(join(directory, "pipe"), 0, 1);
    const write = file.write(lines);
    expect((await readAll(write)).equals(lines)).toBe(true);
    await write;
    await file.close();
  });

  it("is waited for by nobody when it has no reader", async () => {
    spawnSync("mkfifo", [join(directory, "other")]);
    await expect(new FileDestination(join(directory, "other"), 0, 1).write(lines)).rejects.toThrow("ENXIO");
  });
});
