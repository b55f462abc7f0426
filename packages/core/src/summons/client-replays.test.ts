import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClientReplays } from "./client-replays.ts";

const id = (number: number) => Uint8Array.of(1, number >> 8, number & 0xff);

let folder: string;
let file: string;
const faults: string[] = [];
const open = () => new ClientReplays(file, (_, error) => faults.push(error.message));

describe("RFC 3118 §5.6.1: the last number of a client", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "replays-"));
    file = join(folder, "replays");
    faults.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is the greatest one, also after a restart; nobody else may read the file", async () => {
    const replays = open();
    replays.note(id(1), 5n);
    replays.note(id(2), 2n ** 64n - 1n);
    await replays.settled();
    replays.note(id(1), 9n);
    replays.note(id(1), 7n);
    await replays.settled();
    const again = open();
    expect([id(1), id(2), id(3)].map((each) => again.last(each))).toEqual([9n, 2n ** 64n - 1n, undefined]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(faults).toEqual([]);
  });

  it("is of those clients that were heard last, in a file that does not grow without end", async () => {
    const replays = new ClientReplays(file, undefined, 100);
    for (let round = 0; round < 4; round++) {
      for (let number = 0; number < 101; number++) replays.note(id(number), BigInt(number + round + 1));
      await replays.settled();
      expect(statSync(file).size).toBeLessThanOrEqual(200 * 50);
    }
    expect([replays.last(id(0)), replays.last(id(1))]).toEqual([undefined, 5n]);
    expect(open().last(id(100))).toBe(104n);
  });

  it("is found behind a line that a crash has cut off, and never written where a link leads", async () => {
    const replays = open();
    replays.note(id(1), 5n);
    await replays.settled();
    appendFileSync(file, "0123456789abc");
    const theirs = join(folder, "theirs");
    writeFileSync(theirs, "theirs");
    symlinkSync(theirs, `${file}.new`);
    const again = open();
    again.note(id(2), 6n);
    await again.settled();
    expect(readFileSync(theirs, "latin1")).toBe("theirs");
    expect(readFileSync(file, "latin1").split("\n")).toHaveLength(3);
    expect([id(1), id(2)].map((each) => open().last(each))).toEqual([5n, 6n]);
    rmSync(file);
    symlinkSync(theirs, file);
    again.note(id(2), 7n);
    await again.settled();
    expect([readFileSync(theirs, "latin1"), faults.length]).toEqual(["theirs", 1]);
  });

  it("is in memory only where the file is none of ours; a disk that fails is told once, and written when it is back", async () => {
    mkdirSync(file);
    const without = open();
    without.note(id(1), 5n);
    expect([without.last(id(1)), faults.length]).toEqual([5n, 1]);
    rmSync(file, { recursive: true });
    faults.length = 0;
    const replays = open();
    symlinkSync("/nowhere/at/all", file);
    mkdirSync(`${file}.new`);
    for (const number of [1, 2]) {
      replays.note(id(number), 5n);
      await replays.settled();
    }
    expect(faults).toHaveLength(1);
    rmSync(`${file}.new`, { recursive: true });
    replays.note(id(3), 6n);
    await replays.settled();
    expect([1, 2, 3].map((number) => open().last(id(number)))).toEqual([5n, 5n, 6n]);
  });
});
