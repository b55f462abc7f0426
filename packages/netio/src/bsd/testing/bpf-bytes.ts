/** Makes what a BPF device gives, by the layout of a kernel's headers: there is no such kernel here to record it from. */

import { LITTLE } from "../../byte-order.ts";
import type { KernelLayout } from "../kernel-layout.ts";

/** Header, frame and padding. @param time in milliseconds of `Date.now()` */
export function encodeBpfFrame(layout: KernelLayout, frame: Uint8Array, time: number): Uint8Array {
  const { bpfAlignment, bpfHeader, bpfSeconds, bpfMicroseconds, bpfCaptured, bpfLength, bpfTimeSize } = layout;
  // The kernel makes the header so long that what is behind the Ethernet header is aligned, too.
  const header = align(bpfHeader + 2 + ETHERNET_HEADER, bpfAlignment) - ETHERNET_HEADER;
  const bytes = new Uint8Array(align(header + frame.length, bpfAlignment));
  const view = new DataView(bytes.buffer);
  const putTime = (at: number, value: number) =>
    bpfTimeSize === 8 ? view.setBigInt64(at, BigInt(value), LITTLE) : view.setInt32(at, value, LITTLE);
  putTime(bpfSeconds, Math.floor(time / 1000));
  putTime(bpfMicroseconds, Math.round((time % 1000) * 1000));
  view.setUint32(bpfCaptured, frame.length, LITTLE);
  view.setUint32(bpfLength, frame.length, LITTLE);
  view.setUint16(bpfHeader, header, LITTLE);
  bytes.set(frame, header);
  return bytes;
}

const ETHERNET_HEADER = 14;

function align(length: number, unit: number): number {
  return Math.ceil(length / unit) * unit;
}
