/** Finds the frames in a buffer that a BPF device has filled (bpf(4)): one behind the other, each with a header before it. */

import { LITTLE } from "../byte-order.ts";
import type { KernelLayout } from "./kernel-layout.ts";

/** The header's own length, the last field that we read. */
const HEADER_FIELD = 2;

/** Stands before one frame after the other. No length in a header is believed before it fits into the buffer. */
export class BpfBuffer {
  /** To be filled by the kernel; then call `load`. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: KernelLayout;
  #end = 0;
  #next = 0;
  /** Whether the fields below are of a frame. */
  hasFrame = false;
  /** The frame is `bytes[start, start + length)`. */
  start = 0;
  length = 0;
  /** When the kernel took the frame in, in milliseconds of `Date.now()`. */
  time = 0.5;

  /** @param size that the device wants */
  constructor(size: number, layout: KernelLayout) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.#layout = layout;
  }

  /** Goes to the first frame of what the kernel has written: `bytes[0, end)`. */
  load(end: number): void {
    this.#end = end;
    this.#next = 0;
    this.advance();
  }

  /** Goes to the next frame. */
  advance(): void {
    const { bpfHeader, bpfCaptured, bpfSeconds, bpfMicroseconds, bpfAlignment } = this.#layout;
    const at = this.#next;
    this.hasFrame = false;
    if (at + bpfHeader + HEADER_FIELD > this.#end) return;
    const header = this.#view.getUint16(at + bpfHeader, LITTLE);
    const length = this.#view.getUint32(at + bpfCaptured, LITTLE);
    if (header < bpfHeader + HEADER_FIELD || at + header + length > this.#end) return;
    this.hasFrame = true;
    this.start = at + header;
    this.length = length;
    this.time = this.#readTime(at + bpfSeconds) * 1000 + this.#readTime(at + bpfMicroseconds) / 1000;
    this.#next = at + Math.ceil((header + length) / bpfAlignment) * bpfAlignment;
  }

  /** The low half of 8 bytes is enough until 2106. */
  #readTime(at: number): number {
    return this.#view.getUint32(LITTLE ? at : at + this.#layout.bpfTimeSize - 4, LITTLE);
  }
}
