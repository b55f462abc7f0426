/** Imports go down the layers of `packages/core/src`, and across packages only where the design has an arrow. */
import { type Fault, isTypeScript, type Rule, type SourceFile } from "../source-files.ts";
import { type Import, importsOf, resolveImport } from "./imports.ts";

/** Folders of `packages/core/src`, lowest first; folders of one row do not know each other. */
const LAYERS: readonly (readonly string[])[] = [
  ["base"],
  ["ip"],
  ["wire", "storage"],
  ["options"],
  ["dhcp4", "dhcp6", "ncr", "log", "stats"],
  ["expressions", "names"],
  ["classify"],
  ["config"],
  ["subnets", "leases", "hosts"],
  ["allocate", "config-database", "summons"],
  ["control", "databases"],
  ["daemon"],
  ["tools"],
  ["program"],
  ["ddns", "extensions"],
  ["server"],
];

/** Rooms of a folder of `packages/core/src` that is a house of its own, in the same manner. */
const ROOMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  hosts: [["model"], ["database"], ["file"], ["sql"]],
  leases: [["model"], ["user-context"], ["csv", "limits"], ["rows"], ["table"], ["file", "database", "statistics"]],
};

/** Where only tests have business: these rooms and files may import anything below them, and nobody else them. */
const TESTS = /\.(test|contract|vectors|e2e|cluster)(\.ts)?$|\/testing\/|^e2e\/|^packages\/testkit\//;

/** Arrows between neighbours of one row, each with its reason. */
const SIDEWAYS: ReadonlyMap<string, string> = new Map([
  ["subnets → hosts", "a compiled subnet holds the reservations made in it"],
  [
    "hosts → leases",
    "what is reserved is of one of the types that leases have, and many are kept in memory as leases are",
  ],
  ["subnets → leases", "a compiled subnet holds the ranges and cursors of its pools"],
]);

/** What a package may import of ours; an app never another app. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  netio: [],
  extension: [],
  "high-availability": ["extension", "testkit"],
  core: ["extension", "high-availability", "netio"],
  convert: ["core"],
  load: ["core", "netio", "testkit"],
  testkit: ["core", "netio"],
  presubmit: ["core"],
  "web-page": [],
  mysql: ["core", "testkit"],
  postgresql: ["core", "testkit"],
  dhcp4d: ["convert", "core", "extension", "netio", "testkit", "mysql", "postgresql"],
  dhcp6d: ["convert", "core", "extension", "netio", "testkit", "mysql", "postgresql"],
  d2d: ["core", "netio", "testkit"],
  e2e: ["convert", "core", "load", "netio", "testkit", "mysql", "postgresql"],
  deploy: ["core", "extension", "high-availability", "testkit", "d2d", "dhcp4d", "dhcp6d"],
};

export const layers: Rule = (files) =>
  files.filter(isTypeScript).flatMap((file) => importsOf(file).flatMap((found) => check(file, found)));

function check(file: SourceFile, { target, line }: Import): Fault[] {
  const fault = (what: string) => [{ path: file.path, line, what }];
  const from = packageOf(file.path);
  if (from === undefined) return [];
  const isTest = TESTS.test(file.path);
  if (!isTest && TESTS.test(target.replace("@kotare/", "packages/"))) return fault(`${target} is for tests only`);
  if (target.startsWith("@kotare/")) {
    const to = target.split("/")[1]!;
    const allowed = PACKAGES[from];
    if (allowed === undefined) return fault(`package ${from} is not in the table of packages`);
    return to === from || !allowed.includes(to) ? fault(`${from} must not import ${to}`) : [];
  }
  if (!target.startsWith(".")) return [];
  const path = resolveImport(file, target);
  if (packageOf(path) !== from) return fault(`${target} leaves the package: import it as @kotare/…`);
  const here = layerOf(file.path);
  const there = layerOf(path);
  if (here === undefined || there === undefined) return [];
  if (here === there) return isTest ? [] : checkRooms(ROOMS[here], roomOf(file.path), roomOf(path)).flatMap(fault);
  const [low, high] = [rankOf(LAYERS, there), rankOf(LAYERS, here)];
  if (high < 0) return fault(`${here} is not in the table of layers`);
  if (low < high || SIDEWAYS.has(`${here} → ${there}`)) return [];
  return fault(`${here} must not import ${there}: imports go down only`);
}

/** `packages/core/src/…` → `core`, `apps/dhcp4d/…` → `dhcp4d`, `e2e/…` → `e2e`, `deploy/…` → `deploy`. */
function packageOf(path: string): string | undefined {
  const [top, name] = path.split("/");
  return top === "e2e" || top === "deploy" ? top : top === "packages" || top === "apps" ? name : undefined;
}

function layerOf(path: string): string | undefined {
  return /^packages\/core\/src\/([^/]+)\//.exec(path)?.[1];
}

function roomOf(path: string): string {
  return /^packages\/core\/src\/[^/]+\/([^/]+)\//.exec(path)?.[1] ?? "";
}

function checkRooms(rooms: readonly (readonly string[])[] | undefined, here: string, there: string): string[] {
  if (rooms === undefined || here === there) return [];
  const [low, high] = [rankOf(rooms, there), rankOf(rooms, here)];
  if (high < 0) return [`room '${here}' is not in the table of rooms`];
  return low < high ? [] : [`room '${here}' must not import '${there}': imports go down only`];
}

function rankOf(layers: readonly (readonly string[])[], name: string): number {
  return layers.findIndex((row) => row.includes(name));
}
