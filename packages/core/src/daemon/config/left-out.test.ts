import { expect, onTestFinished, test, vi } from "vitest";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { defineLifeMessages } from "../life-messages.ts";
import { LeftOut } from "./left-out.ts";

const HOUR = 3_600_000;

test("what is left out is said every hour and in the status, until a whole configuration is in force", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const log = new RecordingLogger();
  using leftOut = new LeftOut(2, "a.conf", defineLifeMessages("dhcp4", "DHCP4_"), log);
  expect(leftOut.count).toBe(2);
  expect(leftOut.describe("eth0")).toBe("Degraded: 2 parts of the configuration left out; eth0");
  vi.advanceTimersByTime(2 * HOUR);
  expect(log.lines).toEqual(
    Array(2).fill("DHCP4_CONFIG_DEGRADED degraded: 2 parts of a.conf are left out of service since the start"),
  );
  leftOut.clear();
  expect(leftOut.describe("eth0")).toBe("eth0");
  vi.advanceTimersByTime(HOUR);
  expect(log.lines).toHaveLength(2);
});
