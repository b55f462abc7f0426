/** Keeps a UDP port of an interface taken while whole frames are received there. */

import { closeSync } from "node:fs";
import { IS_BSD } from "../bsd/this-kernel.ts";
import { native } from "../native.ts";
import { checkResult } from "../system-error.ts";
import { SharedDescriptors } from "./shared-descriptors.ts";

/** BSDs and macOS bind a port of all interfaces or of none: the first who holds it binds it for all. */
const shares = new SharedDescriptors();

/**
 * Binds 0.0.0.0:`port` on one interface and drops what arrives there, so that the kernel sends no "port unreachable" to
 * clients and a second server on the port is noticed.
 * @throws EADDRINUSE when another process has the port there, EACCES or EPERM without the capability, ENODEV without the
 *   interface.
 */
export function holdPort(port: number, interfaceName: string): Disposable {
  if (IS_BSD) return shares.take(port, () => bind(port, interfaceName));
  const fd = bind(port, interfaceName);
  return { [Symbol.dispose]: () => closeSync(fd) };
}

function bind(port: number, interfaceName: string): number {
  return checkResult("bind", native.holdPort(port, interfaceName), `UDP port ${port} on ${interfaceName}`);
}
