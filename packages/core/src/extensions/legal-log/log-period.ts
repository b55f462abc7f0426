/** After which time a forensic log goes on in another file, and what the files are called: as in Kea. */
import type { Seconds } from "../../base/clock.ts";

export const TIME_UNITS = ["second", "day", "month", "year"] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** `kea-legal.20261130.txt`, or `kea-legal.T00000000001796050229.txt` where files last for seconds. */
export function nameLogFile(baseName: string, unit: TimeUnit, now: Seconds): string {
  const time = unit === "second" ? `T${String(Math.floor(now)).padStart(20, "0")}` : showDay(now);
  return `${baseName}.${time}.txt`;
}

function showDay(now: Seconds): string {
  const date = new Date(1000 * now);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${date.getFullYear()}${month}${day}`;
}

/** The number of the second, day, month or year, in the time zone of this host. */
export function numberOf(unit: TimeUnit, now: Seconds): number {
  const date = new Date(1000 * now);
  switch (unit) {
    case "second":
      return Math.floor(now);
    case "day":
      return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
    case "month":
      return 12 * date.getFullYear() + date.getMonth();
    case "year":
      return date.getFullYear();
  }
}
