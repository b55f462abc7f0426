import { EventEmitter } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import { PlainError } from "../base/plain-error.ts";
import { RecordingLogger } from "../log/testing/recording-logger.ts";
import { guardProcess, traceOf } from "./guard-process.ts";

class FakeProcess extends EventEmitter {
  mask = 0;

  umask(mask: number): void {
    this.mask = mask;
  }
}

describe("a guarded process", () => {
  let guarded: FakeProcess;
  let logger: RecordingLogger;
  let faults: number;
  let flushes: number;

  beforeEach(() => {
    guarded = new FakeProcess();
    logger = new RecordingLogger();
    faults = 0;
    flushes = 0;
    guardProcess(Object.assign(logger, { flushSync: () => flushes++ }), () => faults++, guarded);
  });

  it("makes no file that the world can read (CVE-2025-32803)", () => {
    expect(guarded.mask).toBe(0o027);
  });

  it.each(["uncaughtException", "unhandledRejection"])("logs and counts what nobody caught (%s)", (event) => {
    guarded.emit(event, new Error("oops"));
    expect(logger.lines).toEqual([expect.stringMatching(/^DAEMON_UNEXPECTED_ERROR .*Error: oops < at /)]);
    expect(faults).toBe(1);
  });

  it("writes out its log when it ends", () => {
    guarded.emit("exit", 1);
    expect(flushes).toBe(1);
  });
});

it("a trace is one line, causes included", () => {
  const fault = new Error("outer", { cause: new Error("inner") });
  expect(traceOf(fault)).toMatch(/^Error: outer < at .*; caused by Error: inner < at [^\n]*$/);
  expect(traceOf("text")).toBe("text");
  expect(traceOf(new PlainError("no such database"))).toBe("no such database");
});
