/** What the C library calls the time zone: `CET`. JavaScript knows its offset only. */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";

const DATABASE = "/usr/share/zoneinfo";
const LOCAL = "/etc/localtime";

/** Names by their offsets from UTC, in minutes: where several have one, the one that came last. */
let names: ReadonlyMap<number, string> | undefined;

/** @param offset minutes east of UTC */
export function zoneName(offset: number): string {
  names ??= readZone(process.env["TZ"]);
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
  return names.get(offset) ?? (offset === 0 ? "UTC" : `${offset < 0 ? "-" : "+"}${hours}`);
}

/** @param zone as the variable `TZ` has it */
export function readZone(zone: string | undefined): ReadonlyMap<number, string> {
  const name = zone?.replace(/^:/, "");
  const path = name === undefined ? LOCAL : isAbsolute(name) ? name : join(DATABASE, name);
  try {
    return namesIn(readFileSync(path));
  } catch {
    // None at all means UTC.
    return new Map();
  }
}

const HEADER = 44;

/** Of a file of the zone database (RFC 8536 §3). The first part, with times of 32 bits, has the same names. */
function namesIn(file: Buffer): ReadonlyMap<number, string> {
  if (file.toString("latin1", 0, 4) !== "TZif") return new Map();
  const [times, types, characters] = [32, 36, 40].map((at) => file.readUInt32BE(at)) as [number, number, number];
  const indexes = HEADER + 4 * times;
  const records = indexes + times;
  const texts = records + 6 * types;
  const found = new Map<number, string>();
  const used = [...file.subarray(indexes, records)];
  // Those that no time changes to come first: they are what held before.
  const order = [...Array.from({ length: types }, (_, type) => type).filter((type) => !used.includes(type)), ...used];
  for (const type of order) {
    const at = records + 6 * type;
    const start = texts + file[at + 5]!;
    const end = Math.min(file.indexOf(0, start), texts + characters);
    const offset = file.readInt32BE(at) / 60;
    found.delete(offset);
    found.set(offset, file.toString("latin1", start, end));
  }
  return found;
}
