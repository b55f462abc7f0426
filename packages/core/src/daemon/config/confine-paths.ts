/**
 * Which files a configuration makes the daemon write. A path in the operator's own file may be anywhere; one that comes
 * with a command must stay in the daemon's directories (CVE-2025-32802), unless it is in force already.
 */
import { basename } from "node:path";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { Service } from "../../control/http/services.ts";
import { type DaemonPaths, leadsInside, resolvePath } from "../paths.ts";

interface Library {
  readonly library: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** The part of every daemon's configuration that names files. */
export type ConfinedConfig = Pick<Dhcp4Config, "loggers" | "control-sockets"> & {
  readonly "lease-database"?: Dhcp4Config["lease-database"];
  readonly "hosts-databases"?: Dhcp4Config["hosts-databases"];
  /** DHCPv6 only, as in Kea. */
  readonly "data-directory"?: string | undefined;
  readonly "hooks-libraries"?: readonly Library[];
  readonly "user-context"?:
    | {
        readonly kotare?:
          | {
              readonly [key: string]: unknown;
              readonly "queue-file"?: string | undefined;
              readonly services?: { readonly [S in Service]?: string | undefined } | undefined;
            }
          | undefined;
      }
    | undefined;
};

/** Where the daemon keeps what it must not lose: leases in a file, its DUID, what the DNS updater knows. */
export function dataDirectoryOf(config: Partial<ConfinedConfig>, paths: DaemonPaths): string {
  return resolvePath(paths.data, config["data-directory"] ?? "");
}

/** Where control sockets are to be. */
export function controlPaths(config: ConfinedConfig, paths: DaemonPaths): readonly string[] {
  return config["control-sockets"].flatMap(({ "socket-name": name }) =>
    name === undefined ? [] : [resolvePath(paths.controlSocket, name)],
  );
}

/** Where the sockets of all daemons of the host are: as the packages have it, unless the configuration says otherwise. */
export function servicePaths(config: ConfinedConfig, paths: DaemonPaths): { readonly [S in Service]: string } {
  const { dhcp4, dhcp6, d2 } = config["user-context"]?.kotare?.services ?? {};
  const path = (given: string | undefined, usual: string) => resolvePath(paths.controlSocket, given ?? usual);
  return {
    dhcp4: path(dhcp4, "kea4-ctrl-socket"),
    dhcp6: path(dhcp6, "kea6-ctrl-socket"),
    d2: path(d2, "kea-ddns-ctrl-socket"),
  };
}

/** Where its extensions are; a library of Kea that is built in is where Kea has it. */
export function extensionPaths(config: ConfinedConfig, paths: DaemonPaths): readonly string[] {
  return (config["hooks-libraries"] ?? []).map(({ library }) => resolvePath(paths.extensions, library));
}

/** One sentence for each path that may not come with a command. */
export function findStrayPaths(config: ConfinedConfig, current: ConfinedConfig, paths: DaemonPaths): readonly string[] {
  const known = new Set(listFiles(current, paths).map(({ path }) => path));
  return listFiles(config, paths)
    .filter(({ path, directory }) => !known.has(path) && !leadsInside(path, directory))
    .map(({ key, path, directory }) => `${key}: ${path} is not inside ${directory}; name it in the configuration file`);
}

/** Parameters of hooks that are built in: files that they call or write, and where these are to be. */
const HOOK_FILES: Readonly<Record<string, Readonly<Record<string, "data" | "scripts" | "legalLog">> | undefined>> = {
  "libdhcp_run_script.so": { name: "scripts" },
  "libdhcp_radius.so": { "session-history": "data" },
  "libdhcp_legal_log.so": { path: "legalLog", prerotate: "scripts", postrotate: "scripts" },
};

function hookFiles({ library, parameters = {} }: Library, paths: DaemonPaths): readonly NamedFile[] {
  const name = basename(library);
  return Object.entries(HOOK_FILES[name] ?? {}).flatMap(([parameter, kind]) => {
    const value = parameters[parameter];
    const directory = paths[kind];
    if (typeof value !== "string" || resolvePath(directory, value) === directory) return [];
    return { key: `${name}: ${parameter}`, directory, path: resolvePath(directory, value) };
  });
}

interface NamedFile {
  readonly key: string;
  readonly path: string;
  readonly directory: string;
}

/** What `loggers[].output` may be beside a file. */
const NO_FILE = /^(?:stdout|stderr|syslog(?::.*)?)$/;

function listFiles(config: ConfinedConfig, paths: DaemonPaths): readonly NamedFile[] {
  const file = (key: string, directory: string, name: string): NamedFile => {
    return { key, directory, path: resolvePath(directory, name) };
  };
  const sockets = controlPaths(config, paths).map((path) => file("control-sockets", paths.controlSocket, path));
  const outputs = config.loggers.flatMap((logger) => logger["output-options"].map(({ output }) => output));
  const logs = outputs.filter((output) => !NO_FILE.test(output)).map((output) => file("loggers", paths.log, output));
  const leases = config["lease-database"]?.type === "memfile" ? config["lease-database"].name : undefined;
  const hosts = (config["hosts-databases"] ?? []).flatMap(({ type, name = "" }) => (type === "file" ? [name] : []));
  const queue = config["user-context"]?.kotare?.["queue-file"];
  const services = Object.values(servicePaths(config, paths));
  const data = dataDirectoryOf(config, paths);
  return [
    ...(data === paths.data ? [] : [file("data-directory", paths.data, data)]),
    ...services.map((path) => file("services", paths.controlSocket, path)),
    ...sockets,
    ...(config["hooks-libraries"] ?? []).flatMap((library) => hookFiles(library, paths)),
    ...logs,
    ...(leases === undefined ? [] : [file("lease-database", paths.data, resolvePath(data, leases))]),
    ...hosts.map((name) => file("hosts-databases", paths.data, resolvePath(data, name))),
    ...(queue === undefined ? [] : [file("queue-file", paths.data, queue)]),
  ];
}
