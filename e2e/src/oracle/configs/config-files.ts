/** Configurations to compare: Kea's examples, those that Debian installs, ours, and some for the edges of single keys. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scanConfig } from "@kotare/core/config/load/scan";
import { top } from "../../top.ts";
import type { ConfigMap, Root } from "./config-host.ts";

export interface ConfigFile {
  readonly name: string;
  readonly root: Root;
  /** As it stands, but for the paths, which are in this folder then. */
  read(folder: string): ConfigMap;
}

const DEBIAN = join(top, ".cache/debian/root");
const FOLDERS: readonly (readonly [name: string, path: string])[] = [
  ...["kea4", "kea6", "ddns", "template-power-user-home", "template-ha-mt-tls"].map(
    (name) => [name, join(DEBIAN, "usr/share/doc/kea/examples", name)] as const,
  ),
  ["debian", join(DEBIAN, "etc/kea")],
  ["kotare", join(top, "deploy/examples")],
  ["edges", join(top, "e2e/src/oracle/configs/edges")],
];

export function listConfigFiles(): readonly ConfigFile[] {
  return FOLDERS.filter(([, path]) => existsSync(path)).flatMap(([name, path]) =>
    readdirSync(path)
      .sort()
      .flatMap((file) => describeFile(`${name}/${file}`, readFileSync(join(path, file), "latin1"))),
  );
}

function describeFile(name: string, text: string): ConfigFile[] {
  const root = /"(Dhcp4|Dhcp6|DhcpDdns)"\s*:/.exec(text)?.[1] as Root | undefined;
  if (root === undefined) return [];
  const read = (folder: string) => {
    const moved = text.replace(/"\/(?:tmp|var|run|usr\/local\/(?:var|share))\/(?:[^"]*\/)?/g, `"${folder}/`);
    const { value } = scanConfig({ file: name, text: moved }, { read: (path) => readFileSync(path, "latin1") });
    return adapt((value as Readonly<Record<string, ConfigMap>>)[root]!);
  };
  return [{ name, root, read }];
}

/** Extensions that both have. */
const EXTENSIONS = /libdhcp_(lease|stat)_cmds\.so$/;

/** Without what we have not yet, and what Kea has in other places. */
function adapt(config: ConfigMap): ConfigMap {
  const {
    "hosts-database": _one,
    "hosts-databases": _several,
    "config-control": _control,
    "dhcp4o6-port": _port,
    "control-sockets": _sockets,
    ...kept
  } = config;
  const adapted: Record<string, unknown> = { ...kept };
  const libraries = config["hooks-libraries"] as readonly { readonly library: string }[] | undefined;
  if (libraries !== undefined) {
    adapted["hooks-libraries"] = libraries
      .filter(({ library }) => EXTENSIONS.test(library))
      .map((each) => ({ ...each, library: each.library.split("/").at(-1) }));
  }
  // Databases are not at hand; what else a file says of them is kept.
  const database = config["lease-database"] as ConfigMap | undefined;
  if (database !== undefined && database["type"] !== "memfile") adapted["lease-database"] = { type: "memfile" };
  // Where it is left out Kea's command refuses the file, which the daemon takes at the start.
  const loggers = config["loggers"] as readonly ConfigMap[] | undefined;
  if (loggers !== undefined) adapted["loggers"] = loggers.map((logger) => ({ severity: "INFO", ...logger }));
  return renameInterfaces(adapted) as ConfigMap;
}

/** With interfaces that there are. */
function renameInterfaces(value: unknown): unknown {
  if (value === "eth1961") return "eth1";
  if (Array.isArray(value)) return value.map(renameInterfaces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renameInterfaces(each)]));
}
