import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Destination } from "./destination.ts";
import { Sink } from "./sink.ts";

/** Keeps what it is given; writes wait until `release`. */
class SlowDestination implements Destination {
  readonly written: string[] = [];
  #release: () => void = () => {};

  write(lines: Uint8Array): Promise<void> {
    this.written.push(Buffer.from(lines).toString());
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  writeSync(lines: Uint8Array): void {
    this.written.push(Buffer.from(lines).toString());
  }

  release(): void {
    this.#release();
  }

  reopen(): void {}

  async close(): Promise<void> {}
}

const open = (destination: Destination) =>
  new Sink(
    destination,
    () => {},
    (line, count) => line.utf8(`lost ${count}\n`),
  );

function add(sink: Sink, line: string): void {
  sink.begin()!.utf8(line);
  sink.end();
}

describe("a sink", () => {
  it("writes what has gathered as one chunk, and the next when that is done", async () => {
    const destination = new SlowDestination();
    const sink = open(destination);
    add(sink, "a\n");
    add(sink, "ü東😀\n");
    sink.drain();
    await new Promise(setImmediate);
    add(sink, "c\n");
    sink.drain();
    await new Promise(setImmediate);
    expect(destination.written).toEqual(["a\nü東😀\n"]);
    destination.release();
    await new Promise(setImmediate);
    expect(sink.drain()).toBe(false);
    await new Promise(setImmediate);
    expect(destination.written).toEqual(["a\nü東😀\n", "c\n"]);
  });

  it("writes whole chunks while lines come fast, and the rest when they no longer do", async () => {
    const destination = new SlowDestination();
    const sink = open(destination);
    const line = `${"x".repeat(49_999)}\n`;
    const fates: string[] = [];
    for (const count of [2, 2, 1, 0]) {
      for (let i = 0; i < count; i++) add(sink, line);
      const areLeft = sink.drain();
      await new Promise(setImmediate);
      destination.release();
      await new Promise(setImmediate);
      fates.push(`${destination.written.map((chunk) => chunk.length / line.length)} ${areLeft}`);
    }
    expect(fates).toEqual([" true", "4 false", "4 true", "4,1 false"]);
  });

  it("takes a line of any length whole", async () => {
    const destination = new SlowDestination();
    const sink = open(destination);
    const long = `${"東".repeat(100_000)}\n`;
    add(sink, "a\n");
    add(sink, long);
    add(sink, "b\n");
    sink.flushSync();
    expect(destination.written.join("")).toBe(`a\n${long}b\n`);
  });

  it("writes at the end of the process what waits behind a chunk under way", async () => {
    const destination = new SlowDestination();
    const sink = open(destination);
    add(sink, "a\n");
    sink.drain();
    await new Promise(setImmediate);
    add(sink, "b\n");
    sink.flushSync();
    expect(destination.written).toEqual(["a\n", "b\n"]);
  });

  it("can rely on Node to finish at exit the writes that are under way", () => {
    const directory = mkdtempSync(join(tmpdir(), "exit-"));
    const file = join(directory, "out");
    const script = `
      const fs = require("node:fs");
      const fd = fs.openSync(${JSON.stringify(file)}, "a");
      for (let i = 0; i < 20; i++) fs.write(fd, "x".repeat(65536), () => {});
      process.exit(0);`;
    spawnSync(process.execPath, ["-e", script]);
    expect(readFileSync(file).length).toBe(20 * 65_536);
    rmSync(directory, { recursive: true });
  });
});
