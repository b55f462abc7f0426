/** Intervals of durations, and alarms about them. */
import { expect, it } from "vitest";
import { Alarms, type TellAlarm } from "./alarms.ts";
import { type DurationKey, Durations, type Interval, meanOf } from "./durations.ts";

const KEY: DurationKey = {
  "query-type": "DHCPDISCOVER",
  "response-type": "DHCPOFFER",
  "start-event": "process_started",
  "stop-event": "process_completed",
  "subnet-id": 7,
};

it("an interval is complete when the first time behind it comes, which begins the next one", () => {
  const reported: Interval[] = [];
  const durations = new Durations(1000, (_, interval) => reported.push(interval));
  for (const [micros, now] of [
    [10, 0],
    [31, 500],
    [20, 999],
  ] as const) {
    durations.add(KEY, micros, now);
  }
  expect(durations.list()).toMatchObject([{ key: KEY, last: undefined }]);
  durations.add(KEY, 99, 1000);
  const last = { start: 0, occurrences: 3, min: 10, max: 31, total: 61 };
  expect(reported).toEqual([last]);
  expect(durations.list()).toMatchObject([{ last }]);
  expect(meanOf(last)).toBe(20);
});

it("durations are listed in the order of their keys", () => {
  const durations = new Durations(1000, () => {});
  for (const type of ["DHCPREQUEST", "DHCPDISCOVER"]) durations.add({ ...KEY, "query-type": type }, 1, 0);
  expect(durations.list().map(({ key }) => key["query-type"])).toEqual(["DHCPDISCOVER", "DHCPREQUEST"]);
});

it("an alarm sounds above its high mark, again after a while, and is over below its low mark", () => {
  const told: string[] = [];
  const tell: TellAlarm = (id, values) => void told.push([id, ...Object.values(values)].join(" "));
  const keys = { "duration-key": KEY, "enable-alarm": true, "high-water-ms": 500, "low-water-ms": 25 };
  const alarms = new Alarms([keys], 300, tell);
  const means = (...points: readonly [mean: number, now: number][]) => {
    told.length = 0;
    for (const [mean, now] of points) {
      alarms.check(KEY, { start: 0, occurrences: 1, min: 0, max: 0, total: mean * 1000 }, now);
    }
    return told;
  };
  expect(means([500, 0])).toEqual([]);
  expect(means([700, 1000])).toEqual([
    "PERFMON_ALARM_TRIGGERED DHCPDISCOVER.DHCPOFFER.process_started-process_completed.7 1970-01-01T00:00:01.000Z 700 500",
  ]);
  expect(means([700, 1299], [30, 1299])).toEqual([]);
  expect(means([30, 1300])).toEqual([expect.stringMatching(/^PERFMON_ALARM_TRIGGERED .* 30 500$/)]);
  expect(means([10, 1301])).toEqual([expect.stringMatching(/^PERFMON_ALARM_CLEARED .* 10 25$/)]);
  expect(means([10, 1302])).toEqual([]);
});

it("an alarm that is off does not sound", () => {
  const keys = { "duration-key": KEY, "enable-alarm": false, "high-water-ms": 500, "low-water-ms": 25 };
  new Alarms([keys], 0, () => expect.unreachable()).check(
    KEY,
    { start: 0, occurrences: 1, min: 0, max: 0, total: 1e9 },
    0,
  );
});
