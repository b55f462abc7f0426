/** Errors of system calls that the addon made, in the shape of Node's own. */

import { getSystemErrorMap, getSystemErrorName } from "node:util";
import { thisSystem } from "./systems/this-system.ts";

export interface SystemError extends Error {
  /** The errno's name, such as `EPERM`. */
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** What the kernel means by refusing our sockets and routes. */
const MISSING_CAPABILITY: Readonly<Record<string, string>> = {
  "bind EACCES": "CAP_NET_BIND_SERVICE",
  "bind EPERM": "CAP_NET_RAW",
  "RTM_DELROUTE EPERM": "CAP_NET_ADMIN",
  "RTM_NEWROUTE EPERM": "CAP_NET_ADMIN",
  "socket(AF_PACKET) EPERM": "CAP_NET_RAW",
  "socket(IPPROTO_ICMP) EPERM": "CAP_NET_RAW",
};

/** `errno` is negative, as the addon and libuv write it; `subject` says what it was about, such as a path. */
export function systemError(syscall: string, errno: number, subject?: string): SystemError {
  const code = systemErrorCode(errno);
  const text = getSystemErrorMap().get(errno)?.[1] ?? "unknown error";
  const capability = MISSING_CAPABILITY[`${syscall} ${code}`];
  const advice = capability && thisSystem.privilegeAdvice(capability);
  const parts = [`${code}: ${text}, ${syscall}`, subject, advice];
  return Object.assign(new Error(parts.filter(Boolean).join(": ")), { code, errno, syscall });
}

/** `getSystemErrorName` throws for what libuv does not list. */
export function systemErrorCode(errno: number): string {
  return getSystemErrorMap().has(errno) ? getSystemErrorName(errno) : `errno ${-errno}`;
}

/** Passes a result of at least 0 through and throws a negative one. */
export function checkResult(syscall: string, result: number, subject?: string): number {
  if (result < 0) throw systemError(syscall, result, subject);
  return result;
}
