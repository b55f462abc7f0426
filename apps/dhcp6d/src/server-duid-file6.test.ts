import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@kotare/core/base/clock";
import { formatDuid } from "@kotare/core/dhcp6/duid";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeServerDuid } from "./server-duid-file6.ts";
import { parseText6 } from "./testing/test-server6.ts";

const clock = new ManualClock();
const STORED = "00:01:00:01:22:33:44:55:02:00:00:00:00:77";

let data: string;
let file: string;
let log: RecordingLogger;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "server-duid-"));
  file = join(data, "kea-dhcp6-serverid");
  log = new RecordingLogger();
});

afterEach(() => rm(data, { recursive: true }));

const take = (serverId?: object, more: object = {}) =>
  formatDuid(takeServerDuid(parseText6({ ...(serverId && { "server-id": serverId }), ...more }), data, clock, log));
const complaints = () => log.lines.filter((line) => line.startsWith("DHCP6_SERVERID_FILE_UNUSABLE "));

describe("our own DUID", () => {
  it("is made once and is the same after every restart (RFC 8415 §11)", async () => {
    const first = take({ type: "EN" });
    expect(first).toMatch(/^00:02:00:00:09:bf:/);
    expect(take({ type: "EN" })).toBe(first);
    expect(await readFile(file, "latin1")).toBe(first);
    expect(await readdir(data)).toEqual(["kea-dhcp6-serverid"]);
    expect(complaints()).toEqual([]);
  });

  it("goes through no link that somebody has put in its way", async () => {
    await writeFile(join(data, "other"), "somebody's");
    await symlink("other", `${file}.new`);
    const duid = take({ type: "EN" });
    expect(await readFile(file, "latin1")).toBe(duid);
    expect(await readFile(join(data, "other"), "latin1")).toBe("somebody's");
  });

  it("is the one that Kea has used, also with white space behind it", async () => {
    await writeFile(file, `${STORED}\n`);
    expect(take()).toBe(STORED);
    expect(log.lines).toEqual([`DHCP6_USING_SERVERID our own DUID is ${STORED}`]);
  });

  it("is what the configuration says, and the file follows", async () => {
    await writeFile(file, STORED);
    const said = take({ type: "LL", htype: 8, identifier: "A65DC7410F05" });
    expect(said).toBe("00:03:00:08:a6:5d:c7:41:0f:05");
    expect(await readFile(file, "latin1")).toBe(said);
  });

  it("without persist neither reads nor writes the file", async () => {
    await writeFile(file, STORED);
    expect(take({ type: "EN", identifier: "87ABEF7A5BB545", persist: false })).not.toBe(STORED);
    expect(await readFile(file, "latin1")).toBe(STORED);
  });

  it.each([
    ["no DUID", "hello"],
    ["too much of one", "00:".repeat(131)],
    ["nothing", ""],
  ])("is made anew from a file that holds %s, which is told", async (_, text) => {
    await writeFile(file, text);
    const made = take({ type: "EN" });
    expect(complaints()).toEqual([expect.stringContaining("it holds no DUID")]);
    expect(await readFile(file, "latin1")).toBe(made);
  });

  it("is used although it cannot be kept, which is told", async () => {
    await rm(data, { recursive: true });
    expect(take({ type: "EN" })).toMatch(/^00:02:/);
    expect(complaints()).toEqual([expect.stringContaining("ENOENT")]);
    data = await mkdtemp(join(tmpdir(), "server-duid-"));
    await chmod(data, 0o700);
  });
});
