/** Answers for people: lists of maps as tables, maps as lines, and what is left as it is. */
import { readable } from "../../base/readable.ts";

type Map = Readonly<Record<string, unknown>>;

/** Columns that come first, in this order. */
const FIRST = ["name", "id", "ip-address", "prefix-len", "type", "hw-address", "duid", "iaid", "client-id", "hostname"];

/** @param answer as it was sent, parsed */
export function formatAnswer(answer: unknown): string {
  if (!isMap(answer)) return `${formatValue(answer)}\n`;
  const { text, arguments: found } = answer;
  const parts = [formatFound(found), typeof text === "string" ? `${fromBytes(text)}\n` : ""];
  return parts.filter((part) => part !== "").join("\n");
}

function formatFound(found: unknown): string {
  if (found === undefined) return "";
  if (Array.isArray(found)) return `${(found as readonly unknown[]).map(formatValue).join("\n")}\n`;
  if (!isMap(found)) return `${formatValue(found)}\n`;
  const result = found["result-set"];
  if (isResultSet(result)) return formatTable(result.columns, result.rows);
  const [list] = Object.values(found).filter(isMaps);
  if (list !== undefined && Object.values(found).filter(isStructure).length === 1) return formatList(list);
  return formatLines(found);
}

interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

function isResultSet(value: unknown): value is ResultSet {
  return isMap(value) && Array.isArray(value["columns"]) && Array.isArray(value["rows"]);
}

function formatList(list: readonly Map[]): string {
  const names = new Set(list.flatMap((item) => Object.keys(item)));
  const columns = [...FIRST.filter((name) => names.delete(name)), ...names];
  return formatTable(
    columns,
    list.map((item) => columns.map((name) => (name === "cltt" ? formatTime(item[name]) : item[name]))),
  );
}

function formatTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return "";
  const lines = [columns, ...rows].map((row) => row.map(formatValue));
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** One line a value, with the way to it: `dhcp-state.globally-disabled  false`. */
function formatLines(map: Map): string {
  const lines = [...flatten(map, "")];
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${formatValue(value)}\n`).join("");
}

function* flatten(value: unknown, name: string): Generator<[name: string, value: unknown]> {
  if (isMap(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) yield* flatten(inner, name === "" ? key : `${name}.${key}`);
  } else if (Array.isArray(value) && value.some(isStructure)) {
    for (const [i, inner] of value.entries()) yield* flatten(inner, `${name}[${i}]`);
  } else yield [name, value];
}

function formatValue(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? fromBytes(value) : JSON.stringify(value);
}

function formatTime(seconds: unknown): unknown {
  return typeof seconds === "number" ? new Date(seconds * 1000).toISOString().replace(".000Z", "Z") : seconds;
}

/** Kea's texts have one character a byte. */
function fromBytes(text: string): string {
  return /^[\0-\xff]*$/.test(text) ? readable(text) : text;
}

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMaps(value: unknown): value is readonly Map[] {
  return Array.isArray(value) && value.every(isMap);
}

function isStructure(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
