/** The interfaces as Linux tells of them by rtnetlink. */

import { closeSync, readSync, writeSync } from "node:fs";
import type { Interfaces } from "../interfaces/interface.ts";
import type { Bell, InterfaceSource } from "../interfaces/interface-source.ts";
import { native } from "../native.ts";
import { checkResult } from "../system-error.ts";
import { encodeDumpRequest, InterfaceTable, RTM_GETADDR, RTM_GETLINK } from "./interface-table.ts";

/** RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR. */
const GROUPS = 0x1 | 0x10 | 0x100;
/** The kernel's dumps come in pieces of at most 32 KiB. */
const PIECE = 32 * 1024;

export class NetlinkInterfaces implements InterfaceSource {
  readonly isSilent = false;
  readonly bell: Bell | undefined;
  /** Kept open, so that a process out of descriptors still sees what changes. */
  readonly #dumps: number;

  constructor(rings: boolean) {
    // The groups are about nothing else.
    this.bell = rings ? { fd: openSocket(GROUPS), concernsUs: () => true } : undefined;
    this.#dumps = openSocket(0);
  }

  read(): Interfaces {
    for (;;) {
      const table = new InterfaceTable();
      this.#readDump(RTM_GETLINK, table);
      this.#readDump(RTM_GETADDR, table);
      if (!table.interrupted) return table.interfaces;
    }
  }

  #readDump(type: number, table: InterfaceTable): void {
    writeSync(this.#dumps, encodeDumpRequest(type));
    const piece = Buffer.allocUnsafe(PIECE);
    while (!table.read(piece.subarray(0, readSync(this.#dumps, piece))));
  }

  [Symbol.dispose](): void {
    if (this.bell !== undefined) closeSync(this.bell.fd);
    closeSync(this.#dumps);
  }
}

function openSocket(groups: number): number {
  return checkResult("socket(AF_NETLINK)", native.openNetlink(groups));
}
