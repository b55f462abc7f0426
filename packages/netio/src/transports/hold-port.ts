/** Keeps a UDP port of an interface taken while packet sockets serve it. */

import { closeSync } from "node:fs";
import { native } from "../native.ts";
import { checkResult } from "../system-error.ts";

/**
 * Binds 0.0.0.0:`port` on one interface and drops what arrives there, so that the kernel sends no "port unreachable" to
 * clients and a second server on the port is noticed.
 * @throws EADDRINUSE when another process has the port there, EACCES or EPERM without the capability, ENODEV without the
 *   interface.
 */
export function holdPort(port: number, interfaceName: string): Disposable {
  const fd = checkResult("bind", native.holdPort(port, interfaceName), `UDP port ${port} on ${interfaceName}`);
  return { [Symbol.dispose]: () => closeSync(fd) };
}
