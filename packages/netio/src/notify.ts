/** Tells the service manager how the daemon is, as sd_notify(3) does. */

import { sendUnixDatagram } from "./unix-datagram.ts";

/** The variables of sd_notify(3) that we use. */
export interface NotifyState {
  readonly READY?: "1";
  readonly RELOADING?: "1";
  readonly STOPPING?: "1";
  /** Still alive: wanted at least every WATCHDOG_USEC. */
  readonly WATCHDOG?: "1";
  /** `CLOCK_MONOTONIC` in microseconds, wanted with RELOADING. */
  readonly MONOTONIC_USEC?: string;
  /** One line about the daemon, for `systemctl status`. */
  readonly STATUS?: string;
}

/**
 * Sends the state to the socket that NOTIFY_SOCKET names. Without one nobody asked and nothing happens.
 * @returns false when nobody asked.
 * @throws as `sendUnixDatagram`.
 */
export function notify(state: NotifyState, socket: string | undefined = process.env["NOTIFY_SOCKET"]): boolean {
  if (socket === undefined || socket === "") return false;
  // A line feed would start another variable.
  const lines = Object.entries(state).map(([name, value]) => `${name}=${String(value).replaceAll("\n", " ")}\n`);
  sendUnixDatagram(socket, Buffer.from(lines.join("")));
  return true;
}
