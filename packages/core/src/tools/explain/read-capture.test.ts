import { describe, expect, it, test } from "vitest";
import { readCapture } from "./read-capture.ts";

const [LITTLE, BIG] = [true, false];
const frames = [Buffer.from("first frame, of some length"), Buffer.from("second")];

function u32(value: number, isLittle: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (isLittle) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

function pcap(link: number, isLittle: boolean, magic = 0xa1b2_c3d4, packets: readonly Buffer[] = frames): Buffer {
  const number = (value: number) => u32(value, isLittle);
  const header = [magic, 0x0004_0002, 0, 0, 65_535, link].map(number);
  const records = packets.flatMap((frame) => [...[7, 8, frame.length, frame.length].map(number), frame]);
  return Buffer.concat([...header, ...records]);
}

function block(type: number, body: Buffer, isLittle: boolean): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  const length = u32(12 + padded.length, isLittle);
  return Buffer.concat([u32(type, isLittle), length, padded, length]);
}

function pcapng(link: number, isLittle: boolean): Buffer {
  const number = (value: number) => u32(value, isLittle);
  const section = Buffer.concat([number(0x1a2b_3c4d), Buffer.from([0, 1, 0, 0]), Buffer.alloc(8, 0xff)]);
  const linkType = isLittle ? Buffer.from([link & 255, link >> 8, 0, 0]) : Buffer.from([link >> 8, link & 255, 0, 0]);
  return Buffer.concat([
    block(0x0a0d_0d0a, section, isLittle),
    block(1, Buffer.concat([linkType, number(0)]), isLittle),
    block(5, Buffer.from("statistics of nobody"), isLittle),
    block(6, Buffer.concat([...[0, 1, 2, frames[0]!.length, frames[0]!.length].map(number), frames[0]!]), isLittle),
    block(3, Buffer.concat([number(frames[1]!.length), frames[1]!]), isLittle),
  ]);
}

describe("all frames are read of", () => {
  test.each([
    ["pcap", pcap(1, LITTLE)],
    ["pcap of the other byte order", pcap(1, BIG)],
    ["pcap with nanoseconds", pcap(1, LITTLE, 0xa1b2_3c4d)],
    ["pcapng", pcapng(1, LITTLE)],
    ["pcapng of the other byte order", pcapng(1, BIG)],
  ])("%s", (_, capture) => {
    expect([...readCapture(capture)].map(String)).toEqual(frames.map(String));
  });
});

test.each([
  [101, 0],
  [113, 16],
  [276, 20],
])("frames of link type %i get an Ethernet header", (link, before) => {
  const packets = [0x45, 0x60].map((version) => Buffer.from([...Buffer.alloc(before), version, 1, 2]));
  expect([...readCapture(pcap(link, LITTLE, undefined, packets))].map((frame) => frame.toString("hex"))).toEqual([
    "0000000000000000000000000800450102",
    "00000000000000000000000086dd600102",
  ]);
});

describe("what is no capture is told", () => {
  const whole = pcap(1, LITTLE);
  it.each([
    ["nothing", Buffer.alloc(0), /is no capture/],
    ["text", Buffer.from("some text that is long enough"), /is no capture/],
    ["a capture that was cut", whole.subarray(0, whole.length - 1), /ends at byte \d+, amid a packet/],
    ["a capture that was cut in a header", whole.subarray(0, 30), /ends at byte 30, amid a packet/],
    ["another link", pcap(119, LITTLE), /link type 119/],
    ["a block without a length", Buffer.concat([pcapng(1, LITTLE), Buffer.alloc(12)]), /without a length at byte/],
  ])("%s", (_, bytes, words) => {
    expect(() => [...readCapture(bytes)]).toThrow(words);
  });

  it("wherever it is cut", () => {
    for (const capture of [whole, pcapng(1, BIG)]) {
      for (let length = 0; length < capture.length; length++) {
        let read = 0;
        try {
          for (const frame of readCapture(capture.subarray(0, length))) read += frame.length;
        } catch (error) {
          expect((error as Error).message).toMatch(/^(is no capture|ends at byte|has a block)/);
        }
        expect(read).toBeLessThanOrEqual(length);
      }
    }
  });
});
