import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BpfBuffer } from "./bpf-buffer.ts";
import { encodeBpfFrame } from "./testing/bpf-bytes.ts";
import { KERNEL_LAYOUTS, type Kernel } from "./testing/kernel-layouts.ts";

const TIME = Date.UTC(2026, 10, 30) + 250;

function load(kernel: Kernel, bytes: Uint8Array): BpfBuffer {
  const buffer = new BpfBuffer(4096, KERNEL_LAYOUTS[kernel]);
  buffer.bytes.set(bytes);
  buffer.load(bytes.length);
  return buffer;
}

function framesOf(buffer: BpfBuffer): string[] {
  const frames: string[] = [];
  for (; buffer.hasFrame; buffer.advance()) {
    frames.push(Buffer.from(buffer.bytes.subarray(buffer.start, buffer.start + buffer.length)).toString());
  }
  return frames;
}

/** Typed from the manual pages and headers, two frames of 5 and 3 bytes each, to check the encoder of the tests below. */
const TYPED: Readonly<Record<Kernel, string>> = {
  // struct timeval of 16 bytes, caplen, datalen, hdrlen 34, of which 26 have a meaning; to multiples of 8.
  freebsd: `
    80f3 1b6a 0000 0000  90d0 0300 0000 0000  0500 0000 0500 0000  2200 0000 0000 0000 0000  68656c6c6f  00
    80f3 1b6a 0000 0000  90d0 0300 0000 0000  0300 0000 0300 0000  2200 0000 0000 0000 0000  796f75  000000`,
  netbsd: `
    80f3 1b6a 0000 0000  90d0 0300 0000 0000  0500 0000 0500 0000  2200 0000 0000 0000 0000  68656c6c6f  00
    80f3 1b6a 0000 0000  90d0 0300 0000 0000  0300 0000 0300 0000  2200 0000 0000 0000 0000  796f75  000000`,
  // Four bytes for each half of the time, caplen, datalen, hdrlen 30, ifidx, flowid, flags, drops, csumflags; to multiples of 4.
  openbsd: `
    80f3 1b6a 90d0 0300  0500 0000 0500 0000  1e00 0100 0000 00 00 0000 0000 0000  68656c6c6f  00
    80f3 1b6a 90d0 0300  0300 0000 0300 0000  1e00 0100 0000 00 00 0000 0000 0000  796f75  000000`,
  // Four bytes for each half of the time, caplen, datalen, hdrlen 18; to multiples of 4.
  macos: `
    80f3 1b6a 90d0 0300  0500 0000 0500 0000  1200  68656c6c6f  00
    80f3 1b6a 90d0 0300  0300 0000 0300 0000  1200  796f75  000000`,
};

describe.each(Object.keys(KERNEL_LAYOUTS) as Kernel[])("a buffer of a BPF device of %s", (kernel) => {
  const layout = KERNEL_LAYOUTS[kernel];

  test("has frames one behind the other, each with its time", () => {
    const buffer = load(kernel, Buffer.from(TYPED[kernel].replaceAll(/\s/g, ""), "hex"));
    expect(buffer.time).toBe(1780216704.25e3);
    expect(framesOf(buffer)).toEqual(["hello", "you"]);
  });

  test("gives all frames of any lengths", () => {
    const texts = fc.array(
      fc.string({ maxLength: 60 }).map((text) => Buffer.from(text).toString()),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(texts, (frames) => {
        const bytes = Buffer.concat(frames.map((frame) => encodeBpfFrame(layout, Buffer.from(frame), TIME)));
        expect(framesOf(load(kernel, bytes))).toEqual(frames);
      }),
    );
  });

  test("the padding behind the last frame may be missing", () => {
    const bytes = encodeBpfFrame(layout, Buffer.from("x"), TIME);
    const unpadded = bytes.subarray(0, bytes.lastIndexOf(0x78) + 1);
    expect(unpadded.length).toBeLessThan(bytes.length);
    expect(framesOf(load(kernel, unpadded))).toEqual(["x"]);
  });

  test("no length is believed that does not fit", () => {
    const whole = encodeBpfFrame(layout, Buffer.from("hello, you"), TIME);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 512 }), fc.nat(512), (bytes, end) => {
        const buffer = load(kernel, Buffer.concat([whole, bytes]).subarray(0, end));
        let last = 0;
        for (; buffer.hasFrame; buffer.advance()) {
          expect(buffer.start).toBeGreaterThan(last);
          expect(buffer.start + buffer.length).toBeLessThanOrEqual(end);
          last = buffer.start;
        }
      }),
    );
  });
});
