import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { type DelayHistogram, watchStalls } from "./watch-stalls.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("the longest stall of a period above 10 ms is told once", () => {
  const logger = new RecordingLogger();
  const histogram = {
    max: 0,
    enable: () => {},
    disable: () => {},
    reset: () => {
      histogram.max = 0;
    },
  };
  const watch = watchStalls(logger, histogram satisfies DelayHistogram);
  for (const milliseconds of [0, 14.9, 43, 0]) {
    histogram.max = milliseconds * 1e6;
    vi.advanceTimersByTime(10_000);
  }
  expect(watch.longest()).toBe(0);
  histogram.max = 9e6;
  expect(watch.longest()).toBe(4);
  vi.advanceTimersByTime(10_000);
  expect(watch.longest()).toBe(4);
  watch[Symbol.dispose]();
  histogram.max = 1e9;
  vi.advanceTimersByTime(10_000);
  expect(logger.lines).toEqual([expect.stringMatching(/^DAEMON_STALLED the main loop was held for 38 ms/)]);
});
