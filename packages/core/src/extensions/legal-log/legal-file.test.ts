/** The files of a forensic log: on the disk when that is said, one after the other, and honest about what is missing. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { type LegalDisk, LegalFile, type LegalFileOptions, legalDisk } from "./legal-file.ts";

/** 2026-11-30 12:00:00 UTC. */
const NOON = 1_796_040_000;
let folder: string;
let clock: ManualClock;
let said: string[];
let rotated: string[];
const log = { debug: () => {}, info: () => {}, warn: (text: string) => void said.push(text), error: () => {} };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "legal-"));
  clock = new ManualClock(NOON);
  said = [];
  rotated = [];
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

async function open(change: Partial<LegalFileOptions> = {}, disk?: LegalDisk): Promise<LegalFile> {
  const short = (path: string) => path.slice(folder.length + 1);
  const file = await LegalFile.open(
    {
      folder,
      baseName: "log",
      unit: "day",
      count: 1,
      timestamp: "%s",
      onRotate: (before, after) => void rotated.push(`${short(before)} ${short(after)}`),
      ...change,
    },
    clock,
    log,
    disk,
  );
  onTestFinished(() => file.close());
  return file;
}

const write = (file: LegalFile, ...texts: string[]) => file.append(texts.map((text) => ({ address: undefined, text })));

/** All files and their texts. */
function files(): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

it("each line of an entry has the time", async () => {
  const file = await open();
  await write(file, "one", "two\nlines", "caf\xe9");
  expect(files()).toEqual({ "log.20261130.txt": `${NOON} one\n${NOON} two\n${NOON} lines\n${NOON} caf\xe9\n` });
});

it("goes on in the file that is there, also beside another writer", async () => {
  const [one, two] = [await open(), await open()];
  await write(one, "a");
  await write(two, "b");
  await write(one, "c");
  expect(files()).toEqual({ "log.20261130.txt": `${NOON} a\n${NOON} b\n${NOON} c\n` });
});

it("a file that somebody has moved away is begun anew", async () => {
  const file = await open();
  await write(file, "a");
  renameSync(join(folder, "log.20261130.txt"), join(folder, "old"));
  clock.advance(2);
  await write(file, "b");
  expect(files()).toEqual({ old: `${NOON} a\n`, "log.20261130.txt": `${NOON + 2} b\n` });
});

describe("another file is begun", () => {
  const DAY = 86_400;

  it.each([
    ["day", 1, [DAY], ["log.20261130.txt", "log.20261201.txt"]],
    ["day", 2, [DAY, DAY], ["log.20261130.txt", "log.20261202.txt"]],
    ["month", 1, [DAY, DAY], ["log.20261130.txt", "log.20261201.txt"]],
    ["year", 1, [DAY, 40 * DAY], ["log.20261130.txt", "log.20270110.txt"]],
    ["second", 5, [4, 1], [`log.T0000000000${NOON}.txt`, `log.T0000000000${NOON + 5}.txt`]],
    ["day", 0, [DAY], ["log.20261130.txt"]],
  ] as const)("after each %s, %i", async (unit, count, steps, names) => {
    const file = await open({ unit, count });
    await write(file, "first");
    for (const step of steps) {
      clock.advance(step);
      await write(file, "next");
    }
    expect(Object.keys(files())).toEqual(names);
    expect(Object.values(files()).join("").split("\n")).toHaveLength(steps.length + 2);
    expect(rotated).toEqual(names.length === 1 ? [] : [names.join(" ")]);
  });

  it("none of the lines is lost meanwhile, whoever appends at the time", async () => {
    const file = await open({ unit: "second" });
    const writes: Promise<void>[] = [];
    for (let i = 0; i < 200; i++) {
      writes.push(write(file, `line ${i}`));
      if (i % 20 === 0) clock.advance(1);
      if (i % 7 === 0) await writes[i - 3];
    }
    await Promise.all(writes);
    const lines = Object.values(files()).join("").trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/^\d+ /, ""))).toEqual(Array.from({ length: 200 }, (_, i) => `line ${i}`));
  });
});

describe("a disk that is full", () => {
  it("is told once, and the file says afterwards what is missing", async () => {
    let isFull = false;
    const append: LegalDisk["append"] = async (fd, bytes) => {
      if (!isFull) return legalDisk.append(fd, bytes);
      await legalDisk.append(fd, bytes.subarray(0, 5));
      throw new Error("ENOSPC: no space left on device, write");
    };
    const file = await open({}, { ...legalDisk, append });
    await write(file, "a");
    isFull = true;
    await write(file, "b");
    await write(file, "c\nd");
    isFull = false;
    await write(file, "e");
    await write(file, "f");
    const gap = "3 lines are missing here that could not be written: ENOSPC: no space left on device, write";
    const torn = String(NOON).slice(0, 5);
    expect(files()["log.20261130.txt"]).toBe(
      `${NOON} a\n${torn}\n${torn.slice(0, 4)}\n${NOON} ${gap}\n${NOON} e\n${NOON} f\n`,
    );
    expect(said).toEqual([expect.stringContaining("1 lines could not be written to ")]);
    await file.close();
    expect(said.at(-1)).toContain("3 lines could not be written to ");
  });

  it("costs the next file nothing, where it cannot even be opened for a while", async () => {
    let isBroken = false;
    const open_: LegalDisk["open"] = async (path) => {
      if (isBroken) throw new Error("EACCES: permission denied, open");
      return legalDisk.open(path);
    };
    const file = await open({ unit: "second" }, { ...legalDisk, open: open_ });
    clock.advance(1);
    isBroken = true;
    await write(file, "a");
    isBroken = false;
    await write(file, "b");
    expect(Object.values(files()).join("")).toBe(
      `\n${NOON + 1} 1 lines are missing here that could not be written: EACCES: permission denied, open\n${NOON + 1} b\n`,
    );
  });
});

it("a folder that is not there is an error", async () => {
  await expect(open({ folder: join(folder, "none") })).rejects.toThrow("ENOENT");
});
