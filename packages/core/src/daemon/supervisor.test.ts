import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingLogger } from "../log/testing/recording-logger.ts";
import { Supervisor } from "./supervisor.ts";

let told: object[];
let logger: RecordingLogger;

beforeEach(() => {
  told = [];
  logger = new RecordingLogger();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const supervisorIn = (environment: Record<string, string>) =>
  new Supervisor(logger, { NOTIFY_SOCKET: "/run/notify", ...environment }, (state) => told.push(state) > 0);

describe("the service manager", () => {
  it("is told when the daemon is ready, reloads and stops", () => {
    const supervisor = supervisorIn({});
    supervisor.ready("eth0 served");
    supervisor.reloading();
    supervisor.ready("eth0 served");
    supervisor.status("eth0 down");
    supervisor.stopping();
    expect(told).toEqual([
      { READY: "1", STATUS: "eth0 served" },
      { RELOADING: "1", MONOTONIC_USEC: expect.stringMatching(/^\d+$/), STATUS: "Reloading" },
      { READY: "1", STATUS: "eth0 served" },
      { STATUS: "eth0 down" },
      { STOPPING: "1", STATUS: "Stopping" },
    ]);
  });

  it("hears from the main loop twice in its watchdog time", () => {
    const watchdog = supervisorIn({ WATCHDOG_USEC: "10000000", WATCHDOG_PID: String(process.pid) }).startWatchdog();
    vi.advanceTimersByTime(20_000);
    watchdog[Symbol.dispose]();
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual(Array(4).fill({ WATCHDOG: "1" }));
  });

  it.each([
    ["has no watchdog", {}],
    ["watches another process", { WATCHDOG_USEC: "10000000", WATCHDOG_PID: "1" }],
  ])("hears nothing regularly when it %s", (_, environment) => {
    supervisorIn(environment).startWatchdog();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  it("does not stop the daemon by being away", () => {
    const away = () => {
      throw new Error("ECONNREFUSED");
    };
    new Supervisor(logger, { NOTIFY_SOCKET: "/run/notify" }, away).ready("up");
    expect(logger.ids).toEqual(["DAEMON_SUPERVISOR_UNREACHABLE"]);
  });
});
