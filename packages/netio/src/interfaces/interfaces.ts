/** The host's network interfaces and their addresses, by the best that this process has. */

import { readSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { RoutingInterfaces } from "../bsd/routing-interfaces.ts";
import { IS_BSD } from "../bsd/this-kernel.ts";
import { NetlinkInterfaces } from "../linux/netlink-interfaces.ts";
import { nativeFault } from "../native.ts";
import { Poller } from "../poller.ts";
import type { Interfaces, InterfaceWatch } from "./interface.ts";
import type { Bell, InterfaceSource } from "./interface-source.ts";
import { NodeInterfaces } from "./node-interfaces.ts";

/** How often one looks where nobody tells of changes, in milliseconds. */
const PERIOD = 2000;
/** No message of a kernel is longer than what Linux puts into one piece. */
const PIECE = 32 * 1024;

/** The interfaces as they are now. */
export function listInterfaces(): Interfaces {
  const source = openSource(false);
  try {
    return source.read();
  } finally {
    source[Symbol.dispose]();
  }
}

/** Calls `onChange` after each change of an interface or an address; the new state is then in `interfaces`. */
export function watchInterfaces(onChange: (interfaces: Interfaces) => void): InterfaceWatch {
  return watchSource(openSource(true), onChange);
}

/** @param rings whether it is to have a bell, if the system has any */
function openSource(rings: boolean): InterfaceSource {
  if (nativeFault !== undefined) return new NodeInterfaces();
  return IS_BSD ? new RoutingInterfaces(rings) : new NetlinkInterfaces(rings);
}

/** As `watchInterfaces`. @param source belongs to the watch from now on */
export function watchSource(source: InterfaceSource, onChange: (interfaces: Interfaces) => void): InterfaceWatch {
  let interfaces = source.read();
  const look = () => {
    const before = interfaces;
    interfaces = source.read();
    // Many messages are about things that we do not look at, such as the state of a wireless link.
    if (!isDeepStrictEqual(before, interfaces)) onChange(interfaces);
  };
  const { bell } = source;
  const poller = bell && new Poller(bell.fd, () => (drain(bell) ? look() : undefined));
  poller?.resume();
  const timer = source.isSilent ? setInterval(look, PERIOD) : undefined;
  return {
    get interfaces() {
      return interfaces;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      poller?.[Symbol.dispose]();
      source[Symbol.dispose]();
    },
  };
}

/** Reads away what waits. @returns whether any of it concerns us */
function drain(bell: Bell): boolean {
  const piece = Buffer.allocUnsafe(PIECE);
  for (let concerned = false; ; ) {
    try {
      const length = readSync(bell.fd, piece);
      concerned ||= bell.concernsUs(piece.subarray(0, length));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") return concerned;
      // The kernel had more to say than found room; the next read goes on behind the gap.
      if (code !== "ENOBUFS") throw error;
      concerned = true;
    }
  }
}
