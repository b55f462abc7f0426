/** Errors of system calls that the addon made, in the shape of Node's own. */

import { getSystemErrorMap, getSystemErrorName } from "node:util";

export interface SystemError extends Error {
  /** The errno's name, such as `EPERM`. */
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** `errno` is negative, as the addon and libuv write it; `advice` says what to do about it. */
export function systemError(syscall: string, errno: number, advice = ""): SystemError {
  const code = systemErrorCode(errno);
  const text = getSystemErrorMap().get(errno)?.[1] ?? "unknown error";
  const message = `${code}: ${text}, ${syscall}${advice === "" ? "" : `: ${advice}`}`;
  return Object.assign(new Error(message), { code, errno, syscall });
}

/** `getSystemErrorName` throws for what libuv does not list. */
export function systemErrorCode(errno: number): string {
  return getSystemErrorMap().has(errno) ? getSystemErrorName(errno) : `errno ${-errno}`;
}

/** Passes a result of at least 0 through and throws a negative one. */
export function checkResult(syscall: string, result: number, advice?: string): number {
  if (result < 0) throw systemError(syscall, result, advice);
  return result;
}
