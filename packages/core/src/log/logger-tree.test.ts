import { mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { debug, defineMessages, error, info, warn } from "./catalogue.ts";
import type { LoggerConfig } from "./logger-config.ts";
import { outputTo } from "./logger-config.ts";
import { LoggerTree } from "./logger-tree.ts";

const { T_ERROR, T_WARN, T_INFO, T_DEBUG40 } = defineMessages("leases", {
  T_ERROR: error("error", "doc"),
  T_WARN: warn("warn", "doc"),
  T_INFO: info("info {n}", "doc"),
  T_DEBUG40: debug(40, "debug", "doc"),
});
const { T_PACKET } = defineMessages("packets", { T_PACKET: info("packet", "doc") });

let directory: string;
let logger: LoggerTree;
let datagrams: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "log-"));
  datagrams = [];
  logger = new LoggerTree({
    program: "kea-dhcp4",
    logDirectory: directory,
    destination: "first.log",
    now: () => 0,
    sendDatagram: (path, bytes) => datagrams.push(`${path} ${Buffer.from(bytes).toString()}`),
  });
});
afterEach(async () => {
  await logger.close();
  await rm(directory, { recursive: true });
});

function configOf(name: string, severity: LoggerConfig["severity"], debuglevel = 0, ...files: string[]): LoggerConfig {
  const outputs = files.map((file) => ({ ...outputTo(file), pattern: "%p %c %m%n" }));
  return { name, severity, debuglevel, "output-options": outputs };
}

async function linesOf(file: string): Promise<string[]> {
  await logger.flush();
  return (await readFile(join(directory, file), "utf8")).split("\n").slice(0, -1);
}

describe("levels", () => {
  it.each([
    ["NONE", 0, [false, false, false, false]],
    ["FATAL", 0, [false, false, false, false]],
    ["ERROR", 0, [true, false, false, false]],
    ["WARN", 0, [true, true, false, false]],
    ["INFO", 99, [true, true, true, false]],
    ["DEBUG", 39, [true, true, true, false]],
    ["DEBUG", 40, [true, true, true, true]],
  ] as const)("severity %s at debug level %d shows what is as severe", (severity, level, expected) => {
    logger.configure([configOf("kea-dhcp4", severity, level)]);
    expect([T_ERROR, T_WARN, T_INFO, T_DEBUG40].map((message) => logger.isEnabled(message))).toEqual(expected);
  });

  it("of a child logger go before those of the root", () => {
    logger.configure([configOf("kea-dhcp4", "DEBUG", 99), configOf("kea-dhcp4.leases", "ERROR")]);
    expect(logger.isEnabled(T_WARN)).toBe(false);
    expect(logger.isEnabled(T_PACKET)).toBe(true);
  });

  it("are INFO before a configuration is there, and after one without loggers", () => {
    expect([logger.isEnabled(T_INFO), logger.isEnabled(T_DEBUG40)]).toEqual([true, false]);
    logger.configure([configOf("kea-dhcp4", "ERROR")]);
    logger.configure([]);
    expect(logger.isEnabled(T_INFO)).toBe(true);
  });

  it("are all open with -d, whatever the configuration says", () => {
    const verbose = new LoggerTree({ program: "kea-dhcp4", logDirectory: directory, verbose: true });
    verbose.configure([configOf("kea-dhcp4", "NONE")]);
    expect(verbose.isEnabled(T_DEBUG40)).toBe(true);
  });
});

describe("outputs", () => {
  it("get nothing that is below the level", async () => {
    logger.configure([configOf("kea-dhcp4", "WARN", 0, "a.log")]);
    logger.log(T_INFO, { n: 1 });
    logger.log(T_WARN);
    expect(await linesOf("a.log")).toEqual(["WARN kea-dhcp4.leases T_WARN warn"]);
  });

  it("are those of the root where a child names none, and only its own where it does", async () => {
    logger.configure([
      configOf("kea-dhcp4", "INFO", 0, "root.log"),
      configOf("kea-dhcp4.leases", "INFO", 0, "child.log"),
    ]);
    logger.log(T_PACKET);
    logger.log(T_WARN);
    expect(await linesOf("root.log")).toEqual(["INFO kea-dhcp4.packets T_PACKET packet"]);
    expect(await linesOf("child.log")).toEqual(["WARN kea-dhcp4.leases T_WARN warn"]);
  });

  it("may be several for one logger, and one file may serve several loggers", async () => {
    logger.configure([
      configOf("kea-dhcp4", "INFO", 0, "a.log", "b.log"),
      configOf("kea-dhcp4.leases", "INFO", 0, "a.log"),
    ]);
    logger.log(T_PACKET);
    logger.log(T_WARN);
    expect((await linesOf("a.log")).length).toBe(2);
    expect((await linesOf("b.log")).length).toBe(1);
  });

  it("lose no line when a reload changes them", async () => {
    for (let n = 0; n < 1000; n++) {
      if (n % 100 === 0) logger.configure([configOf("kea-dhcp4", "INFO", 0, n % 200 === 0 ? "a.log" : "b.log")]);
      logger.log(T_INFO, { n });
    }
    const numbers = [...(await linesOf("a.log")), ...(await linesOf("b.log"))].map((line) =>
      Number(line.split(" ").at(-1)),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  it("go to a new file after a reload when the old one was moved away", async () => {
    const config = [configOf("kea-dhcp4", "INFO", 0, "a.log")];
    logger.configure(config);
    logger.log(T_INFO, { n: 1 });
    await logger.flush();
    await rename(join(directory, "a.log"), join(directory, "moved.log"));
    logger.configure(config);
    logger.log(T_INFO, { n: 2 });
    expect(await linesOf("a.log")).toEqual(["INFO kea-dhcp4.leases T_INFO info 2"]);
  });

  it("are files that the world cannot read (CVE-2025-32803)", async () => {
    logger.configure([configOf("kea-dhcp4", "INFO", 0, "new/a.log")]);
    logger.log(T_WARN);
    await logger.flush();
    expect((await stat(join(directory, "new/a.log"))).mode & 0o777).toBe(0o640);
    expect((await stat(join(directory, "new"))).mode & 0o027).toBe(0);
  });

  it("keep maxver old files and never grow above maxsize", async () => {
    const output = { ...outputTo("r.log"), maxsize: 204_800, maxver: 2, pattern: "%m%n" };
    logger.configure([{ name: "kea-dhcp4", severity: "INFO", debuglevel: 0, "output-options": [output] }]);
    for (let n = 0; n < 60_000; n++) logger.log(T_INFO, { n });
    await logger.flush();
    const sizes = await Promise.all(
      ["r.log", "r.log.1", "r.log.2"].map(async (f) => (await stat(join(directory, f))).size),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(204_800);
    await expect(stat(join(directory, "r.log.3"))).rejects.toThrow("ENOENT");
    const kept = [...(await linesOf("r.log.2")), ...(await linesOf("r.log.1")), ...(await linesOf("r.log"))];
    const first = Number(kept[0]!.split(" ").at(-1));
    expect(kept).toEqual(Array.from({ length: 60_000 - first }, (_, i) => `T_INFO info ${first + i}`));
  });

  it("never put a device aside, by whatever name", async () => {
    await symlink("/dev/null", join(directory, "null"));
    const output = { ...outputTo("null"), maxsize: 204_800, maxver: 2, pattern: "%m%n" };
    logger.configure([{ name: "kea-dhcp4", severity: "INFO", debuglevel: 0, "output-options": [output] }]);
    for (let n = 0; n < 60_000; n++) logger.log(T_INFO, { n });
    await logger.flush();
    expect(await readdir(directory)).not.toContain("null.1");
    expect(await readlink(join(directory, "null"))).toBe("/dev/null");
  });

  it("never go into another's file behind a link", async () => {
    await writeFile(join(directory, "other"), "somebody's");
    await symlink("other", join(directory, "linked.log"));
    logger.configure([{ ...configOf("kea-dhcp4", "INFO"), "output-options": [outputTo("linked.log")] }]);
    logger.log(T_INFO, { n: 1 });
    await logger.flush();
    expect(await readFile(join(directory, "other"), "utf8")).toBe("somebody's");
  });

  it("to syslog are one datagram a line with facility and severity", async () => {
    const output = { ...outputTo("syslog:daemon"), pattern: "%m" };
    logger.configure([{ name: "kea-dhcp4", severity: "INFO", debuglevel: 0, "output-options": [output] }]);
    logger.log(T_ERROR);
    logger.log(T_INFO, { n: 5 });
    await logger.flush();
    expect(datagrams.length).toBe(2);
    expect(datagrams[0]).toMatch(/^\/dev\/log <27>Jan {2}1 \d\d:\d\d:\d\d kea-dhcp4\[\d+\]: T_ERROR error$/);
    expect(datagrams[1]).toMatch(/^\/dev\/log <30>.* T_INFO info 5$/);
  });

  it("get the last of many lines without waiting for another", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    logger.configure([{ ...configOf("kea-dhcp4", "INFO"), "output-options": [outputTo("syslog")] }]);
    const seen: number[] = [];
    for (const count of [1, 1000, 0]) {
      for (let n = 0; n < count; n++) logger.log(T_INFO, { n });
      vi.runOnlyPendingTimers();
      await new Promise(setImmediate);
      seen.push(datagrams.length);
    }
    expect(seen).toEqual([1, 1, 1001]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that overflow drop lines, keep serving, and say how many are missing", async () => {
    for (let n = 0; n < 200_000; n++) logger.log(T_INFO, { n });
    await logger.flush();
    logger.log(T_WARN);
    const lines = await linesOf("first.log");
    expect(lines.at(-1)).toContain("T_WARN");
    const lost = Number(/LOG_LINES_LOST (\d+) log lines were lost/.exec(lines.at(-2)!)![1]);
    expect(lines.length - 2 + lost).toBe(200_000);
  });

  it("that cannot be written lose lines, come back by themselves, and say how many are missing", async () => {
    await writeFile(join(directory, "blocked"), "");
    logger.configure([configOf("kea-dhcp4", "INFO", 0, "blocked/a.log", "b.log")]);
    logger.log(T_INFO, { n: 1 });
    await logger.flush();
    await logger.flush();
    expect(await linesOf("b.log")).toEqual([
      "INFO kea-dhcp4.leases T_INFO info 1",
      expect.stringMatching(
        /^ERROR kea-dhcp4 LOG_OUTPUT_FAILED cannot write to log output .*blocked\/a.log: E(EXIST|NOTDIR)/,
      ),
    ]);
    await rm(join(directory, "blocked"));
    logger.log(T_INFO, { n: 2 });
    await logger.flush();
    logger.log(T_INFO, { n: 3 });
    expect(await linesOf("blocked/a.log")).toEqual([
      "INFO kea-dhcp4.leases T_INFO info 2",
      "WARN kea-dhcp4 LOG_LINES_LOST 2 log lines were lost before this one",
      "INFO kea-dhcp4.leases T_INFO info 3",
    ]);
  });

  it("are written out synchronously when the process ends", async () => {
    logger.log(T_WARN);
    logger.flushSync();
    expect(await readFile(join(directory, "first.log"), "utf8")).toContain("T_WARN warn\n");
  });
});

describe("names", () => {
  it("that are no logger of ours are told to the caller", () => {
    const unknown = logger.configure([configOf("kea-dhcp4", "INFO"), configOf("kea-dhcp4.lease-cmds-hooks", "DEBUG")]);
    expect(unknown).toEqual(["kea-dhcp4.lease-cmds-hooks"]);
  });
});
