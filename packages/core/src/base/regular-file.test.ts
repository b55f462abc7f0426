import { spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileSync, followLinks, NotRegularError, openRegular, readSmallFile } from "./regular-file.ts";

let folder: string;
let file: string;
let link: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "regular-"));
  file = join(folder, "file");
  link = join(folder, "link");
  writeFileSync(file, "somebody's");
  symlinkSync("file", link);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a small file", () => {
  it("is read, also behind a link", () => {
    expect(readSmallFile(file, 10).toString()).toBe("somebody's");
    expect(readSmallFile(link, 4096).toString()).toBe("somebody's");
  });

  it("that is long is refused, and so is what is no file, at once", () => {
    expect(() => readSmallFile(file, 9)).toThrow(new NotRegularError(`${file} has more than 9 bytes`));
    spawnSync("mkfifo", [join(folder, "pipe")]);
    for (const other of ["/dev/zero", folder, join(folder, "pipe")]) {
      expect(() => readSmallFile(other, 4096)).toThrow(new NotRegularError(`${other} is no regular file`));
    }
    expect(() => readSmallFile(join(folder, "none"), 1)).toThrow("ENOENT");
  });
});

describe("links", () => {
  it("are not followed where that is not wanted", async () => {
    const opened = openRegular(link, constants.O_RDWR | constants.O_NOFOLLOW);
    await expect(opened).rejects.toThrow(new NotRegularError(`${link} is a link`));
    closeSync(await openRegular(file, constants.O_RDWR | constants.O_NOFOLLOW));
  });

  it("give way to a new file", () => {
    const fd = createFileSync(link, 0o640);
    writeSync(fd, "ours");
    closeSync(fd);
    expect([readFileSync(link, "utf8"), readFileSync(file, "utf8")]).toEqual(["ours", "somebody's"]);
  });

  it("are followed to their ends, be there something or not", async () => {
    symlinkSync("link", join(folder, "second"));
    symlinkSync("/none/at/all", join(folder, "dangling"));
    symlinkSync("circle", join(folder, "circle"));
    expect(await followLinks(join(folder, "second"))).toBe(file);
    expect(await followLinks(join(folder, "dangling"))).toBe("/none/at/all");
    expect(await followLinks(join(folder, "new"))).toBe(join(folder, "new"));
    await expect(followLinks(join(folder, "circle"))).rejects.toThrow("leads round in circles");
  });
});
