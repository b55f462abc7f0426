import { describe, expect, it } from "vitest";
import { TextWriter } from "../ip/text-writer.ts";
import { type Arguments, defineMessages, info, type Message, warn } from "./catalogue.ts";
import { compileDate } from "./date-format.ts";
import { DEFAULT_PATTERN, Layout } from "./layout.ts";

const { T_INFO } = defineMessages("leases", { T_INFO: info("text", "doc") });
const { T_WARN } = defineMessages("", { T_WARN: warn("text", "doc") });
const NOW = Date.UTC(2026, 10, 4, 5, 30, 23, 63);
/** Its text alone, without an id before it. */
const hello: Message<Arguments> = { ...T_INFO, write: (line) => line.utf8("hello"), format: () => "hello" };

/** What stands in the buffer already must stay. */
function lineOf(layout: Layout, message: Message<Arguments>, now = NOW): string {
  const line = new TextWriter(1);
  line.utf8("before|");
  layout.write(line, now, message, undefined);
  expect(line.toString().slice(0, 7)).toBe("before|");
  return line.toString().slice(7);
}

describe("a layout", () => {
  it("writes Kea's default line", () => {
    const line = lineOf(new Layout(DEFAULT_PATTERN.replace("%D", "%d"), "kea-dhcp4"), T_INFO);
    expect(line).toBe(`2026-11-04 05:30:23.063 INFO  [kea-dhcp4.leases/${process.pid}.0] T_INFO text\n`);
  });

  it.each([
    ["%p|%c|%m", "INFO|kea-dhcp4.leases|hello"],
    ["%c{1} %m%n", "leases hello\n"],
    ["[%7p][%-7p][%.3p]", "[   INFO][INFO   ][NFO]"],
    ["%-8.3m|%8m|", "llo|   hello|"],
    ["100%% %m", "100% hello"],
    ["%m %F%L%M%x", "hello "],
    ["%J %m", "%J hello"],
    ["a\\nb", "a\nb"],
    ["%d{%H:%M} %m", "05:30 hello"],
    ["%.6d{%S.%q}|%-8d{%q}|%m", "23.063|063     |hello"],
    ["%.3d{%S.%q}|%m", "063|hello"],
    ["%t/%i", `0/${process.pid}`],
  ])("takes apart %s", (pattern, line) => {
    expect(lineOf(new Layout(pattern, "kea-dhcp4"), hello)).toBe(line);
  });

  it("names the root logger by the program alone", () => {
    expect(lineOf(new Layout("%p %c", "kea-dhcp4"), T_WARN)).toBe("WARN kea-dhcp4");
  });
});

describe("the lines of a layout", () => {
  it("carry the time of each", () => {
    const layout = new Layout("%d{%S.%q} %m", "kea-dhcp4");
    expect([NOW, NOW, NOW + 1].map((now) => lineOf(layout, hello, now))).toEqual([
      "23.063 hello",
      "23.063 hello",
      "23.064 hello",
    ]);
  });
});

function dateOf(write: ReturnType<typeof compileDate>, now: number): string {
  const line = new TextWriter(1);
  write(line, now);
  return line.toString();
}

describe("a date format", () => {
  it.each([
    ["%Y-%m-%d %H:%M:%S.%q", "2026-11-04 05:30:23.063"],
    ["%a %A %b %B %e %y %j", "Wed Wednesday Nov November  4 26 308"],
    ["%I:%M %p %z %s", "05:30 AM +0000 1793770223"],
    ["%F %T %D %R", "2026-11-04 05:30:23 11/04/26 05:30"],
    ["%Q%%", "063.000%"],
    ["%!", "%!"],
    ["am %d. März, %S.%q s, %q", "am 04. März, 23.063 s, 063"],
  ])("writes %s", (format, text) => {
    expect(dateOf(compileDate(format, true), NOW)).toBe(text);
  });

  it("moves on with milliseconds, seconds and backward jumps of the clock", () => {
    const format = compileDate("%S.%q", true);
    expect([0, 0, 1, 999, 1000, 61_500, 500].map((now) => dateOf(format, now))).toEqual([
      "00.000",
      "00.000",
      "00.001",
      "00.999",
      "01.000",
      "01.500",
      "00.500",
    ]);
  });
});
