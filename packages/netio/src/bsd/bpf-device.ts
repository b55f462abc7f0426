/** A BPF device of one interface, as a file: whole frames come in buffers and go one by one. */

import { closeSync, readSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { native } from "../native.ts";
import { checkResult } from "../system-error.ts";
import { BpfBuffer } from "./bpf-buffer.ts";
import type { KernelLayout } from "./kernel-layout.ts";
import { kernelLayout } from "./this-kernel.ts";

export class BpfDevice implements Disposable {
  readonly fd: number;
  /** What was read last, before the first frame that nobody has taken yet. */
  readonly frames: BpfBuffer;

  constructor(fd: number, bufferLength: number, layout: KernelLayout) {
    this.fd = fd;
    this.frames = new BpfBuffer(bufferLength, layout);
  }

  /** Frames that found no room since the device was opened. */
  get drops(): number {
    return Math.max(0, native.bpfDrops(this.fd));
  }

  /** Reads what waits, all frames of the last time being taken. @returns whether there was anything */
  read(): boolean {
    try {
      this.frames.load(readSync(this.fd, this.frames.bytes));
    } catch {
      // Nothing waits, or the interface is down or gone, which the watch of interfaces tells.
      return false;
    }
    return this.frames.hasFrame;
  }

  /** Sends `buffer[start, end)`, a frame. @returns 1, or a negative errno */
  write(buffer: Uint8Array, start: number, end: number): number {
    try {
      writeSync(this.fd, buffer, start, end - start);
      return 1;
    } catch (error) {
      return (error as NodeJS.ErrnoException).errno ?? -constants.errno.EIO;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

/**
 * @param ethertype of what is to come and to go; IPv4 and IPv6 with UDP to `port` only
 * @throws EACCES or EPERM for who is not root, ENXIO without the interface, EPROTOTYPE where it has no Ethernet frames.
 */
export function openBpfDevice(interfaceName: string, ethertype: number, port: number): BpfDevice {
  const fd = checkResult("open(/dev/bpf)", native.openBpf(interfaceName, ethertype, port), interfaceName);
  return new BpfDevice(fd, checkResult("BIOCGBLEN", native.bpfBufferLength(fd)), kernelLayout());
}
