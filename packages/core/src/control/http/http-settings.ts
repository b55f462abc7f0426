/** What an HTTP socket is to be, out of Kea's keys. */
import { createSecureContext } from "node:tls";

import type { Listener } from "@kotare/extension";
import { readTlsFiles, type TlsFiles } from "../../base/tls-files.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import { HTTP_PORT } from "../../config/schema/control-sockets.ts";
import type { Logger } from "../../log/logger.ts";
import type { Rights } from "../access.ts";
import { authMessages } from "../messages.ts";
import { Users } from "./users.ts";

type SocketConfig = Dhcp4Config["control-sockets"][number];

export interface HttpSettings {
  readonly address: string;
  readonly port: number;
  /** Kea has TLS wherever its files are named, whatever the type says. */
  readonly tls: (TlsFiles & { readonly isCertRequired: boolean }) | undefined;
  /** `undefined` where nobody has to log in. */
  readonly users: Users | undefined;
  /** What those may who need not log in. */
  readonly rights: Rights;
  /** On every answer. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** @param usual the address unless one is given */
export function httpSettings(socket: SocketConfig, usual: string, log: Logger): HttpSettings {
  const { "socket-address": address = usual, "socket-port": port = HTTP_PORT, "http-headers": headers = [] } = socket;
  const fail = (error: string) => log.log(authMessages.HTTP_AUTH_FILE_UNREADABLE, { address, port, error });
  return { address, port, tls: tlsOf(socket), users: usersOf(socket, fail), rights: "write", headers };
}

/** Of a socket that an extension asks for. */
export function listenerSettings({ address, port, login, tls, commands }: Listener): HttpSettings {
  const access: Rights = commands ?? "write";
  const clients = login === undefined ? [] : [{ ...login, "user-context": { kotare: { access } } }];
  const authentication = { type: "basic", realm: "", directory: "", clients } as const;
  // Nothing is in a file.
  const users = login === undefined ? undefined : Users.load(authentication, () => undefined);
  return { address, port, tls, users, rights: access, headers: [] };
}

/** Opens nothing. @returns one sentence for each file that cannot be used now */
export function checkHttpFiles(sockets: readonly SocketConfig[]): readonly string[] {
  const faults: string[] = [];
  for (const [i, socket] of sockets.entries()) {
    if (socket["socket-type"] === "unix") continue;
    const fail = (what: string) => void faults.push(`control-sockets[${i}]: ${what}`);
    usersOf(socket, fail);
    try {
      const tls = tlsOf(socket);
      if (tls !== undefined) createSecureContext(readTlsFiles(tls));
    } catch (error) {
      fail((error as Error).message);
    }
  }
  return faults;
}

function usersOf({ authentication }: SocketConfig, fail: (what: string) => void): Users | undefined {
  const isGuarded = authentication !== undefined && authentication.clients.length > 0;
  return isGuarded ? Users.load(authentication, fail) : undefined;
}

/** Sockets of the same name are the same, whatever else changes: one of another name cannot take over its connections. */
export function nameOf({ address, port, tls }: HttpSettings): string {
  const kind = tls === undefined ? "http" : tls.isCertRequired ? "https, certificates" : "https";
  return `${kind} ${address} ${port}`;
}

function tlsOf(socket: SocketConfig): HttpSettings["tls"] {
  const { "trust-anchor": trustAnchor, "cert-file": certificate, "key-file": key } = socket;
  if (!trustAnchor || !certificate || !key) return undefined;
  return { trustAnchor, certificate, key, isCertRequired: socket["cert-required"] ?? true };
}
