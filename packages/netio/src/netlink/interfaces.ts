/** Watches the host's network interfaces and their addresses. */

import { closeSync, readSync, writeSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { native, nativeFault } from "../native.ts";
import { listByNode, pollInterfaces } from "../polled-interfaces.ts";
import { Poller } from "../poller.ts";
import { checkResult } from "../system-error.ts";
import { encodeDumpRequest, type Interface, InterfaceTable, RTM_GETADDR, RTM_GETLINK } from "./interface-table.ts";

export type { Interface } from "./interface-table.ts";

/** RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR. */
const GROUPS = 0x1 | 0x10 | 0x100;
/** The kernel's dumps come in pieces of at most 32 KiB. */
const PIECE = 32 * 1024;

export interface InterfaceWatch extends Disposable {
  /** All interfaces by index, as they were at the last change. */
  readonly interfaces: ReadonlyMap<number, Interface>;
}

/** The interfaces as they are now, by index. */
export function listInterfaces(): ReadonlyMap<number, Interface> {
  if (nativeFault !== undefined) return listByNode();
  const fd = openDumps();
  try {
    return readInterfaces(fd);
  } finally {
    closeSync(fd);
  }
}

function openDumps(): number {
  return checkResult("socket(AF_NETLINK)", native.openNetlink(0));
}

function readInterfaces(fd: number): ReadonlyMap<number, Interface> {
  for (;;) {
    const table = new InterfaceTable();
    readDump(fd, RTM_GETLINK, table);
    readDump(fd, RTM_GETADDR, table);
    if (!table.interrupted) return table.interfaces;
  }
}

function readDump(fd: number, type: number, table: InterfaceTable): void {
  writeSync(fd, encodeDumpRequest(type));
  const piece = Buffer.allocUnsafe(PIECE);
  while (!table.read(piece.subarray(0, readSync(fd, piece))));
}

/**
 * Calls `onChange` after each change of an interface or an address; the new state is then in `interfaces`. The kernel's
 * messages serve as a bell only: the state is always read whole, so that a lost message costs nothing.
 */
export function watchInterfaces(onChange: (interfaces: ReadonlyMap<number, Interface>) => void): InterfaceWatch {
  if (nativeFault !== undefined) return pollInterfaces(onChange);
  const fd = checkResult("socket(AF_NETLINK)", native.openNetlink(GROUPS));
  // Kept open, so that a process out of descriptors still sees what changes.
  const dumps = openDumps();
  let interfaces = readInterfaces(dumps);
  const poller = new Poller(fd, () => {
    drain(fd);
    const before = interfaces;
    interfaces = readInterfaces(dumps);
    // Many messages are about things that we do not look at, such as the state of a wireless link.
    if (!isDeepStrictEqual(before, interfaces)) onChange(interfaces);
  });
  poller.resume();
  return {
    get interfaces() {
      return interfaces;
    },
    [Symbol.dispose]() {
      poller[Symbol.dispose]();
      closeSync(fd);
      closeSync(dumps);
    },
  };
}

/** Reads away what waits. */
function drain(fd: number): void {
  const piece = Buffer.allocUnsafe(PIECE);
  for (;;) {
    try {
      readSync(fd, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") return;
      // ENOBUFS: the kernel had more to say than found room; the next read goes on behind the gap.
      if (code !== "ENOBUFS") throw error;
    }
  }
}
