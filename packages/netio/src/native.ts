/** The addon's functions, typed, and the layout of the tables they read and fill; the C side is `native/netio.h`. */

import { createRequire } from "node:module";
import type { KernelLayout } from "./bsd/kernel-layout.ts";

declare const packetBrand: unique symbol;
declare const pollerBrand: unique symbol;
/** An open packet socket with its ring. */
export type PacketHandle = { readonly [packetBrand]: true };
export type PollerHandle = { readonly [pollerBrand]: true };

/** Columns of one received datagram in an `Int32Array`. */
export const RECEIVED = {
  offset: 0,
  length: 1,
  ifindex: 2,
  flags: 3,
  ageMicros: 4,
  /** By UDP sockets only. */
  sourcePort: 5,
  stride: 6,
} as const;

/** Bits of `RECEIVED.flags`. */
export const FLAG = {
  /** The datagram was longer than its room. */
  truncated: 1,
  /** The kernel has verified the UDP checksum, or has not filled it in yet: nothing to verify for us. */
  checksumSettled: 2,
  /** Came with the tag of a VLAN. */
  vlan: 4,
  /** Addressed to another MAC, or tagged for a VLAN that is not set up here. */
  otherHost: 8,
  /** Had IPv6 extension headers: told by UDP sockets of BSDs and macOS only. */
  extensions: 16,
} as const;

/** Columns of one datagram to send in an `Int32Array`; the port is for UDP sockets, else `HAS_HEADERS`. */
export const OUTGOING = { offset: 0, length: 1, ifindex: 2, port: 3, stride: 4 } as const;
export const HAS_HEADERS = -1;

/** Messages that one system call takes at most. */
export const MESSAGES_PER_CALL = 64;

/** Each gives a number of at least 0, or a negative errno. The comments in `native/` say what they do. */
interface Native extends NativeOfLinux, NativeOfBsd {
  openUdp4(address: number, port: number): number;
  openUdp6(address: Uint8Array, port: number, interfaceName: string, besideRing: boolean): number;
  joinGroup(fd: number, group: Uint8Array, ifindex: number): number;
  leaveGroup(fd: number, group: Uint8Array, ifindex: number): number;
  /** Source and destination, of `size` bytes each, come to stand before each payload. */
  receiveUdp(
    fd: number,
    size: number,
    buffer: Uint8Array,
    start: number,
    slot: number,
    received: Int32Array,
    limit: number,
  ): number;
  /** Source and destination, of `size` bytes each, stand before each payload. */
  sendUdp(fd: number, size: number, buffer: Uint8Array, outgoing: Int32Array, from: number, count: number): number;
  udpDrops(fd: number): number;

  openPoller(fd: number, callback: () => void): PollerHandle | number;
  startPoller(poller: PollerHandle): number;
  stopPoller(poller: PollerHandle): number;
  closePoller(poller: PollerHandle): number;

  /** Gives -ENOSYS on BSDs. */
  openNetlink(groups: number): number;
  /** BSDs cannot hold it for one interface alone. */
  holdPort(port: number, interfaceName: string): number;
  openIcmp(): number;
  sendUnix(path: Uint8Array, bytes: Uint8Array): number;

  /** 0, the errno of a failed write, or minus the errno of a failed sync. */
  commit(fd: number, bytes: Uint8Array, length: number, position: number): Promise<number>;
  lock(fd: number): number;
}

interface NativeOfLinux {
  openPacket(ethertype: number, port: number): PacketHandle | number;
  packetFd(packet: PacketHandle): number;
  receivePacket(packet: PacketHandle, buffer: Uint8Array, received: Int32Array, limit: number): number;
  sendPacket(packet: PacketHandle, buffer: Uint8Array, outgoing: Int32Array, from: number, count: number): number;
  packetDrops(packet: PacketHandle): number;
  closePacket(packet: PacketHandle): number;

  openArp(ifindex: number): number;

  takeShortSlices(): number;
}

/** The BSDs and macOS. */
interface NativeOfBsd {
  openBpf(interfaceName: string, ethertype: number, port: number): number;
  bpfBufferLength(fd: number): number;
  bpfDrops(fd: number): number;

  openRouting(): number;
  listInterfaces(): Uint8Array | number;
  isTentative6(interfaceName: string, address: Uint8Array): number;

  kernelLayout(): KernelLayout;
}

/** Beside the bundle first; in the source tree and its tests, where `build.mjs` puts it. */
const PATHS = ["./netio.node", "../dist/netio.node"];

function loadNative(): Native | Error {
  const require = createRequire(import.meta.url);
  for (const path of PATHS) {
    try {
      return require(path) as Native;
    } catch (error) {
      // One that is there and cannot be loaded was built for another system.
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") return error as Error;
    }
  }
  const places = new Set(PATHS.map((path) => new URL(path, import.meta.url).pathname));
  return new Error(`no netio.node at ${[...places].join(" or ")}: run "node packages/netio/build.mjs"`);
}

const loaded = loadNative();

/** Why there is no addon; `undefined` where there is one. */
export const nativeFault: Error | undefined = loaded instanceof Error ? loaded : undefined;

/** Without the addon each of its functions throws `nativeFault`. */
export const native: Native = loaded instanceof Error ? absentNative(loaded) : loaded;

function absentNative(fault: Error): Native {
  const fail = () => {
    throw fault;
  };
  return new Proxy({} as Native, { get: () => fail });
}
