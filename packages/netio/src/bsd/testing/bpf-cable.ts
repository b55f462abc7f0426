/** Two BPF devices at the ends of a cable, made of files: what one end sends, the other reads as its kernel would lay it out. */

import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BpfDevice } from "../bpf-device.ts";
import type { KernelLayout } from "../kernel-layout.ts";
import { encodeBpfFrame } from "./bpf-bytes.ts";

/** More than a FIFO holds, so that no read ends within a frame. */
const BUFFER = 256 * 1024;
const MAC_LENGTH = 6;

/** @param macs of the two ends */
export function plugCable(layout: KernelLayout, macs: readonly [Uint8Array, Uint8Array]): [BpfDevice, BpfDevice] {
  const folder = mkdtempSync(join(tmpdir(), "netio-cable-"));
  try {
    const fifos = ["there", "back"].map((name) => join(folder, name)) as [string, string];
    execFileSync("mkfifo", fifos);
    // Open both ways, so that it never ends.
    const [there, back] = fifos.map((fifo) => openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK));
    const [toThere, toBack] = fifos.map((fifo) => openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
    return [new CableEnd(back!, toThere!, macs[0], layout), new CableEnd(there!, toBack!, macs[1], layout)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class CableEnd extends BpfDevice {
  readonly #out: number;
  readonly #mac: Uint8Array;
  readonly #layout: KernelLayout;

  constructor(fd: number, out: number, mac: Uint8Array, layout: KernelLayout) {
    super(fd, BUFFER, layout);
    this.#out = out;
    this.#mac = mac;
    this.#layout = layout;
  }

  override get drops(): number {
    return 0;
  }

  override write(buffer: Uint8Array, start: number, end: number): number {
    const frame = buffer.slice(start, end);
    frame.set(this.#mac, MAC_LENGTH);
    writeSync(this.#out, encodeBpfFrame(this.#layout, frame, Date.now()));
    return 1;
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    closeSync(this.#out);
  }
}
