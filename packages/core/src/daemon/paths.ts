/** Where a daemon keeps its files: Kea's default places and the environment variables that move them. */
import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { thisSystem } from "@kotare/netio/systems/this-system";

export interface DaemonPaths {
  /** `KEA_DHCP_DATA_DIR`: leases and server ids. */
  readonly data: string;
  /** `KEA_PIDFILE_DIR` */
  readonly pid: string;
  /** `KEA_LOG_FILE_DIR` */
  readonly log: string;
  /** `KEA_CONTROL_SOCKET_DIR` */
  readonly controlSocket: string;
  /** `KEA_HOOKS_PATH`: extensions of the operator's own. */
  readonly extensions: string;
  /** `KEA_HOOK_SCRIPTS_PATH`: scripts that extensions call. */
  readonly scripts: string;
  /** `KEA_LEGAL_LOG_DIR`: the forensic log. */
  readonly legalLog: string;
  /** `KOTARE_MANUAL_DIR`: the manual as a browser reads it, where its package is installed. */
  readonly manual: string;
}

/** @param environment usually `process.env`; an empty variable counts as not set */
export function daemonPaths(
  environment: Readonly<Record<string, string | undefined>>,
  { places } = thisSystem,
): DaemonPaths {
  return {
    data: environment["KEA_DHCP_DATA_DIR"] || places.data,
    pid: environment["KEA_PIDFILE_DIR"] || places.run,
    log: environment["KEA_LOG_FILE_DIR"] || "/var/log/kea",
    controlSocket: environment["KEA_CONTROL_SOCKET_DIR"] || places.run,
    extensions: environment["KEA_HOOKS_PATH"] || places.extensions,
    scripts: environment["KEA_HOOK_SCRIPTS_PATH"] || places.scripts,
    legalLog: environment["KEA_LEGAL_LOG_DIR"] || "/var/log/kea",
    manual: environment["KOTARE_MANUAL_DIR"] || places.manual,
  };
}

/** The configuration of commands that name none. */
export function usualConfig(
  keaName: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return environment["KOTARE_CONFIG"] || `/etc/kea/${keaName}.conf`;
}

/** A path of the operator's own file may be anywhere; a relative one means the daemon's directory of that kind. */
export function resolvePath(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

/** Whether a path leads to something in the directory, at any depth. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(resolve(directory), resolve(path));
  return way !== "" && way !== ".." && !way.startsWith("../");
}

/** As `isInside`, of where the links on the way lead: whoever may write to the directory can make one. */
export function leadsInside(path: string, directory: string): boolean {
  return isInside(path, directory) && isInside(behindLinks(path), behindLinks(directory));
}

/** As the kernel's own bound. */
const MOST_LINKS = 40;

/** Where a path leads, whether there is anything or not. */
function behindLinks(path: string, links = 0): string {
  const at = resolve(path);
  try {
    return realpathSync(at);
  } catch {
    const parent = dirname(at);
    if (parent === at || links === MOST_LINKS) return at;
    const folder = behindLinks(parent, links);
    const target = linkAt(at);
    return target === undefined ? join(folder, basename(at)) : behindLinks(resolve(folder, target), links + 1);
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
