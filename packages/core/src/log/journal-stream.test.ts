import { closeSync, fstatSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { expect, test } from "vitest";
import { isJournal } from "./journal-stream.ts";

test("a descriptor is the journal's when it is what systemd has connected, and no other", () => {
  const fd = openSync(devNull, "w");
  const { dev, ino } = fstatSync(fd);
  expect(isJournal(fd, `${dev}:${ino}`)).toBe(true);
  expect(isJournal(fd, `${dev}:${ino + 1}`)).toBe(false);
  expect(isJournal(fd, "")).toBe(false);
  expect(isJournal(fd, undefined)).toBe(false);
  closeSync(fd);
  expect(isJournal(fd, `${dev}:${ino}`)).toBe(false);
});
