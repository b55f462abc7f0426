/** Whole ARP frames in and out of one interface: a packet socket on Linux, a BPF device elsewhere. */

import { closeSync, readSync, writeSync } from "node:fs";
import { type BpfDevice, openBpfDevice } from "./bsd/bpf-device.ts";
import { IS_BSD } from "./bsd/this-kernel.ts";
import { ARP_FRAME, ETHERTYPE_ARP } from "./frames/arp.ts";
import type { Interface } from "./interfaces/interface.ts";
import { native } from "./native.ts";
import { checkResult } from "./system-error.ts";

export interface ArpLink extends Disposable {
  readonly fd: number;
  /** @returns the next frame that waits, valid until the next call; `undefined` where none does */
  read(): Uint8Array | undefined;
  /** @throws a system error where the frame does not go */
  write(frame: Uint8Array): void;
}

/** @throws EPERM or EACCES without the right to do so, ENXIO or ENODEV without the interface */
export function openArpLink({ index, name }: Interface): ArpLink {
  return IS_BSD ? new BpfArpLink(openBpfDevice(name, ETHERTYPE_ARP, 0)) : new PacketArpLink(index);
}

class PacketArpLink implements ArpLink {
  readonly fd: number;
  readonly #room = new Uint8Array(ARP_FRAME);

  constructor(ifindex: number) {
    this.fd = checkResult("socket(AF_PACKET)", native.openArp(ifindex));
  }

  read(): Uint8Array | undefined {
    try {
      return this.#room.subarray(0, readSync(this.fd, this.#room));
    } catch {
      // Nothing waits, or the interface is down.
      return undefined;
    }
  }

  write(frame: Uint8Array): void {
    writeSync(this.fd, frame);
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

export class BpfArpLink implements ArpLink {
  readonly fd: number;
  readonly #device: BpfDevice;

  constructor(device: BpfDevice) {
    this.fd = device.fd;
    this.#device = device;
  }

  read(): Uint8Array | undefined {
    const { frames } = this.#device;
    if (!frames.hasFrame && !this.#device.read()) return undefined;
    const frame = frames.bytes.subarray(frames.start, frames.start + Math.min(frames.length, ARP_FRAME));
    frames.advance();
    return frame;
  }

  write(frame: Uint8Array): void {
    checkResult("write(/dev/bpf)", this.#device.write(frame, 0, frame.length));
  }

  [Symbol.dispose](): void {
    this.#device[Symbol.dispose]();
  }
}
