import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { takeOwnSecret } from "./own-secret.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "secret-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const fails = (_: string, error: Error) => {
  throw error;
};
const CLIENT = Uint8Array.of(2, 0, 0, 0, 0, 1);
const MINUTE = 60_000_000_000n;

it("is the same after a restart, and nobody else's business", () => {
  const file = join(folder(), "secret");
  const clock = new ManualClock();
  const first = takeOwnSecret(file, clock, fails);
  const second = takeOwnSecret(file, clock, fails);
  expect(second.secrets.id).toBe(first.secrets.id);
  expect(second.secrets.of(CLIENT)).toEqual(first.secrets.of(CLIENT));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(takeOwnSecret(join(folder(), "secret"), clock, fails).secrets.id).not.toBe(first.secrets.id);
});

it("has numbers that grow within a moment, over a restart, and when the clock is set back by years", () => {
  const file = join(folder(), "secret");
  const clock = new ManualClock();
  const { replay } = takeOwnSecret(file, clock, fails);
  const numbers = [replay.next(), replay.next()];
  expect(numbers[0]).toBe(BigInt(clock.wall()) * 1_000_000_000n);
  clock.advance(3600);
  numbers.push(replay.next());
  const old = new ManualClock(clock.wall() - 100_000_000);
  for (let start = 0; start < 3; start++) {
    const again = takeOwnSecret(file, old, fails).replay;
    numbers.push(again.next(), again.next());
  }
  expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  expect(new Set(numbers).size).toBe(numbers.length);
  // Each start leaves out no more than a minute.
  expect(numbers.at(-1)! - numbers[2]! < 4n * MINUTE).toBe(true);
});

it("writes nothing for numbers of one minute", () => {
  const file = join(folder(), "secret");
  const clock = new ManualClock();
  const { replay } = takeOwnSecret(file, clock, fails);
  replay.next();
  const text = readFileSync(file, "latin1");
  for (let i = 0; i < 1000; i++) replay.next();
  expect(readFileSync(file, "latin1")).toBe(text);
});

it.each([
  ["holds something else", "kauri"],
  ["has half a line", '{"secret":"00'],
  ["is very long", " ".repeat(5000)],
])("a file that %s is told, and stays; there is a secret all the same", (_, text) => {
  const file = join(folder(), "secret");
  writeFileSync(file, text);
  const faults: string[] = [];
  const own = takeOwnSecret(file, new ManualClock(), (path) => faults.push(path));
  own.replay.next();
  expect(faults).toEqual([file]);
  expect(readFileSync(file, "latin1")).toBe(text);
  expect(own.secrets.of(CLIENT)).toHaveLength(16);
});

it("a folder that cannot be written to is told", () => {
  const faults: string[] = [];
  takeOwnSecret(join(folder(), "none", "secret"), new ManualClock(), (_, error) => faults.push(error.message));
  expect(faults).toEqual([expect.stringContaining("ENOENT")]);
});
