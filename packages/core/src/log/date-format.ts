/** Dates for log lines: strftime's conversions, and log4cplus' `%q` (milliseconds) and `%Q` (with microseconds). */
import { zoneName } from "../base/zone-name.ts";
import type { TextWriter } from "../ip/text-writer.ts";

const ZERO = 0x30;

type Fields = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC. */
  readonly offset: number;
  readonly epoch: number;
};

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function pad(value: number, width = 2, fill = "0"): string {
  return String(value).padStart(width, fill);
}

function dayOfYear(f: Fields): number {
  return (Date.UTC(f.year, f.month, f.day) - Date.UTC(f.year, 0, 0)) / 86_400_000;
}

const conversions: Readonly<Record<string, (f: Fields) => string>> = {
  a: (f) => WEEKDAYS[f.weekday]!.slice(0, 3),
  A: (f) => WEEKDAYS[f.weekday]!,
  b: (f) => MONTHS[f.month]!.slice(0, 3),
  B: (f) => MONTHS[f.month]!,
  c: (f) => strftime("%a %b %e %H:%M:%S %Y", f),
  C: (f) => pad(Math.floor(f.year / 100)),
  d: (f) => pad(f.day),
  D: (f) => strftime("%m/%d/%y", f),
  e: (f) => pad(f.day, 2, " "),
  F: (f) => strftime("%Y-%m-%d", f),
  h: (f) => MONTHS[f.month]!.slice(0, 3),
  H: (f) => pad(f.hour),
  I: (f) => pad(((f.hour + 11) % 12) + 1),
  j: (f) => pad(dayOfYear(f), 3),
  m: (f) => pad(f.month + 1),
  M: (f) => pad(f.minute),
  n: () => "\n",
  p: (f) => (f.hour < 12 ? "AM" : "PM"),
  r: (f) => strftime("%I:%M:%S %p", f),
  R: (f) => strftime("%H:%M", f),
  s: (f) => String(f.epoch),
  S: (f) => pad(f.second),
  t: () => "\t",
  T: (f) => strftime("%H:%M:%S", f),
  u: (f) => String(f.weekday === 0 ? 7 : f.weekday),
  w: (f) => String(f.weekday),
  x: (f) => strftime("%m/%d/%y", f),
  X: (f) => strftime("%H:%M:%S", f),
  y: (f) => pad(f.year % 100),
  Y: (f) => String(f.year),
  z: (f) => {
    const minutes = Math.abs(f.offset);
    return `${f.offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
  },
  Z: (f) => zoneName(f.offset),
  "%": () => "%",
};

/** An unknown conversion stays as it was written. */
function strftime(format: string, fields: Fields): string {
  return format.replace(/%(.)/g, (whole, letter: string) => conversions[letter]?.(fields) ?? whole);
}

function fieldsOf(now: number, utc: boolean): Fields {
  const date = new Date(now);
  const offset = utc ? 0 : -date.getTimezoneOffset();
  const shifted = new Date(now + offset * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    offset,
    epoch: Math.floor(now / 1000),
  };
}

/**
 * @returns what appends the date of a moment, in milliseconds since the epoch. Under load many lines are of one
 * millisecond: the text is made once a second, and only its `%q` and `%Q` are set in between.
 */
export function compileDate(format: string, utc: boolean): (line: TextWriter, now: number) => void {
  const cuts = format.split(/%([qQ])/);
  let second = Number.NaN;
  let bytes: Uint8Array = new Uint8Array(0);
  /** Where the milliseconds stand. */
  let places: number[] = [];
  let last = Number.NaN;

  function make(): void {
    const fields = fieldsOf(1000 * second, utc);
    let text = "";
    places = [];
    for (const [i, cut] of cuts.entries()) {
      if (i % 2 === 0) {
        text += strftime(cut, fields);
        continue;
      }
      places.push(Buffer.byteLength(text));
      text += cut === "q" ? "000" : "000.000";
    }
    bytes = Buffer.from(text);
  }

  function setMillis(millis: number): void {
    for (const at of places) {
      bytes[at] = ZERO + Math.floor(millis / 100);
      bytes[at + 1] = ZERO + (Math.floor(millis / 10) % 10);
      bytes[at + 2] = ZERO + (millis % 10);
    }
  }

  return (line, now) => {
    if (now !== last) {
      const thisSecond = Math.floor(now / 1000);
      if (thisSecond !== second) {
        second = thisSecond;
        make();
      }
      setMillis(now - 1000 * second);
      last = now;
    }
    line.copy(bytes);
  };
}
