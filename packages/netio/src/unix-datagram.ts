/** Datagrams to AF_UNIX sockets, which Node cannot send: syslog and systemd's notifications. */

import { native } from "./native.ts";
import { checkResult } from "./system-error.ts";

/**
 * Sends one datagram to the socket at `path`, or to an abstract name written with a leading `@`. Never waits.
 * @throws ENOENT or ECONNREFUSED when nobody listens, EAGAIN when the receiver's queue is full, EMSGSIZE.
 */
export function sendUnixDatagram(path: string, bytes: Uint8Array): void {
  const name = Buffer.from(path);
  if (path.startsWith("@")) name[0] = 0;
  checkResult("sendto", native.sendUnix(name, bytes), path);
}
