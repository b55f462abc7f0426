/** Lines of dnsmasq's configuration, with those of the files that it includes. */
import { dirname, join } from "node:path";

export interface DnsmasqLine {
  readonly file: string;
  /** From 1. */
  readonly number: number;
  readonly key: string;
  /** Behind the `=`, as it stands. */
  readonly value: string;
  /** Why nothing of it can be used. */
  readonly fault?: string;
}

export interface DnsmasqFiles {
  read(path: string): string;
  /** The names in a folder. */
  list(path: string): readonly string[];
}

const DEPTH = 10;

/** Without comments and empty lines. */
export function readLines(file: string, files: DnsmasqFiles, depth = 0): DnsmasqLine[] {
  return files
    .read(file)
    .split("\n")
    .flatMap((text, i): DnsmasqLine[] => {
      const [, key, value = ""] =
        /^\s*([a-z0-9-]+)\s*(?:=\s*((?:"[^"]*"|[^"])*?))?\s*(?:(?<=\s)#.*)?$/i.exec(text) ?? [];
      if (/^\s*(#|$)/.test(text)) return [];
      const line = { file, number: i + 1, key: key ?? text.trim(), value };
      if (key === undefined) return [{ ...line, fault: "is no line of dnsmasq's" }];
      return included(line, files, depth) ?? [line];
    });
}

/** @returns `undefined` for a line that includes nothing */
function included(line: DnsmasqLine, files: DnsmasqFiles, depth: number): DnsmasqLine[] | undefined {
  const { key, value, file } = line;
  const [name = "", ...endings] = value.split(",").map((word) => word.trim());
  const path = join(name.startsWith("/") ? "/" : dirname(file), name);
  try {
    if (depth > DEPTH) return undefined;
    if (key === "conf-file") return readLines(path, files, depth + 1);
    if (key === "conf-dir") {
      const isWanted = (each: string) =>
        !/^[.#]|~$|#$/.test(each) &&
        endings.every(
          (ending) => !ending || (ending.startsWith("*") ? each.endsWith(ending.slice(1)) : !each.endsWith(ending)),
        );
      return [...files.list(path)]
        .sort()
        .filter(isWanted)
        .flatMap((each) => readLines(join(path, each), files, depth + 1));
    }
    if (key === "dhcp-hostsfile" || key === "dhcp-optsfile") {
      const own = key === "dhcp-hostsfile" ? "dhcp-host" : "dhcp-option";
      return files
        .read(path)
        .split("\n")
        .flatMap((text, i) => {
          const value = text.replace(/#.*/, "").trim();
          return value === "" ? [] : [{ file: path, number: i + 1, key: own, value }];
        });
    }
    return undefined;
  } catch (error) {
    return [{ ...line, fault: `cannot be read: ${(error as Error).message}` }];
  }
}

/** `45m`, `12h`, `2d`, `1w`, `infinite`, or seconds. @returns `undefined` for none of them */
export function parseTime(text: string): number | undefined {
  if (text === "infinite") return 0xffff_ffff;
  const [, number, unit] = /^(\d+)([mhdw]?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}

const UNITS = { "": 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Why a line is lost. */
export class Lost extends Error {}
