import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { address6, buildPacket6 } from "../testing/build-packet6.ts";
import { decodeFrame6, type FrameFields6, IPV6_UDP_HEADERS, writeHeaders6 } from "./frame6.ts";

const IP = 14;
const UDP = IP + 40;
const PAYLOAD = UDP + 8;

const ETHERNET_HEADER = Buffer.from("333300010002" + "020000000001" + "86dd", "hex");
const EXTENSION = new Uint8Array(8);

const hello = {
  source: address6("fe80000000000000000000000000000b"),
  sourcePort: 546,
  destination: address6("ff020000000000000000000000010002"),
  destinationPort: 547,
  payload: Buffer.from("hello"),
};

const address = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => address6(Buffer.from(bytes).toString("hex")));

/** The frame, with some bytes of padding. */
function frameOf(packet: Uint8Array): Uint8Array {
  return Buffer.concat([ETHERNET_HEADER, packet, Uint8Array.of(0xee, 0xee)]);
}

const helloFrame = (): Uint8Array => frameOf(buildPacket6(hello));

function decode(frame: Uint8Array, verifyUdp = true): { kind: string; fields: FrameFields6 } {
  const fields = { offset: 0, length: 0, sourceOffset: 0, sourcePort: 0, destinationOffset: 0, macOffset: 0 };
  return { kind: decodeFrame6(frame, 0, frame.length, verifyUdp, fields), fields };
}

function changed(at: number, ...bytes: number[]): Uint8Array {
  const frame = helloFrame();
  frame.set(bytes, at);
  return frame;
}

describe("decodeFrame6", () => {
  test("finds the payload and where it came from", () => {
    expect(decode(helloFrame())).toEqual({
      kind: "datagram",
      fields: {
        offset: PAYLOAD,
        length: 5,
        sourceOffset: IP + 8,
        sourcePort: 546,
        destinationOffset: IP + 24,
        macOffset: 6,
      },
    });
  });

  test("works anywhere in a larger buffer, and sees no byte outside the frame", () => {
    const frame = helloFrame();
    const buffer = new Uint8Array(200).fill(0xee);
    buffer.set(frame, 77);
    const { fields } = decode(frame);
    expect(decodeFrame6(buffer, 77, frame.length, true, fields)).toBe("datagram");
    expect(fields).toMatchObject({ offset: 77 + PAYLOAD, sourceOffset: 77 + IP + 8, macOffset: 83 });
    for (let size = 0; size < PAYLOAD + 5; size++) expect(decodeFrame6(buffer, 77, size, true, fields)).toBe("bad");
  });

  test.each([
    { title: "another Ethernet type", frame: changed(12, 0x08, 0x00), kind: "bad" },
    { title: "IP version 4", frame: changed(IP, 0x45), kind: "bad" },
    { title: "traffic class and flow label", frame: changed(IP, 0x6f, 0xff, 0xff, 0xff), kind: "datagram" },
    { title: "another protocol", frame: changed(IP + 6, 6), kind: "bad" },
    {
      title: "an extension header, which the ring's filter leaves to the sockets",
      frame: frameOf(buildPacket6({ ...hello, extension: [60, EXTENSION] })),
      kind: "bad",
    },
    { title: "a payload length beyond the frame", frame: changed(IP + 4, 0, 16), kind: "bad" },
    { title: "a payload length without room for UDP", frame: changed(IP + 4, 0, 7), kind: "bad" },
    { title: "RFC 2675: the payload length 0 of a jumbogram", frame: changed(IP + 4, 0, 0), kind: "bad" },
    { title: "a UDP length beyond the IP packet", frame: changed(UDP + 4, 0, 14), kind: "bad" },
    { title: "a UDP length shorter than its header", frame: changed(UDP + 4, 0, 7), kind: "bad" },
    { title: "RFC 2675: the UDP length 0 of a jumbogram", frame: changed(UDP + 4, 0, 0), kind: "bad" },
  ])("$title: $kind", ({ frame, kind }) => {
    expect(decode(frame, false).kind).toBe(kind);
  });

  test.each([
    { title: "RFC 8200, 8.1: a UDP checksum of 0 is not allowed", frame: changed(UDP + 6, 0, 0) },
    { title: "a wrong UDP checksum", frame: changed(UDP + 6, 1, 1) },
    { title: "a payload that is not what the checksum says", frame: changed(PAYLOAD, 0x48) },
    { title: "a source that is not what the checksum says", frame: changed(IP + 23, 9) },
    { title: "a destination that is not what the checksum says", frame: changed(IP + 24, 9) },
  ])("with checksums verified, $title: bad", ({ frame }) => {
    expect(decode(frame).kind).toBe("bad");
    expect(decode(frame, false).kind).toBe("datagram");
  });

  test("a UDP length shorter than the IP packet cuts the payload", () => {
    expect(decode(changed(UDP + 4, 0, 10), false)).toMatchObject({ kind: "datagram", fields: { length: 2 } });
  });

  test("RFC 8200, 8.1: the checksum covers addresses, length and protocol", () => {
    // The checksum of this packet was calculated by other means.
    const packet =
      "60000000 000d1140 fe80000000000000000000000000000b ff020000000000000000000000010002" +
      "02220223 000dba2b 68656c6c6f";
    expect(Buffer.from(buildPacket6(hello)).toString("hex")).toBe(packet.replaceAll(" ", ""));
    expect(decode(frameOf(Buffer.from(packet.replaceAll(" ", ""), "hex"))).kind).toBe("datagram");
  });

  test("any bytes give a datagram inside the frame, or a reason to drop it", () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(helloFrame(), frameOf(buildPacket6({ ...hello, extension: [0, EXTENSION] }))),
        fc.array(fc.tuple(fc.nat(70), fc.nat(255)), { maxLength: 4 }),
        fc.nat(80),
      )
      .map(([frame, changes, size]) => {
        const copy = frame.slice(0, Math.min(size, frame.length));
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated), fc.boolean(), (frame, verify) => {
        const { kind, fields } = decode(frame, verify);
        expect(["datagram", "bad"]).toContain(kind);
        if (kind !== "datagram") return;
        expect(fields.length).toBeGreaterThanOrEqual(0);
        expect(fields.offset).toBe(PAYLOAD);
        expect(fields.offset + fields.length).toBeLessThanOrEqual(frame.length);
      }),
      { numRuns: 5000 },
    );
  });

  test("what buildPacket6 writes is read, whatever the payload and the addresses", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1400 }), address, address, (payload, source, destination) => {
        const { kind, fields } = decode(frameOf(buildPacket6({ ...hello, payload, source, destination })));
        expect(kind).toBe("datagram");
        expect(fields.length).toBe(payload.length);
      }),
    );
  });
});

describe("writeHeaders6", () => {
  test("writes what buildPacket6 writes, whatever the payload and the addresses, and nothing around it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1400 }), address, address, (payload, source, destination) => {
        const offset = 1 + IPV6_UDP_HEADERS;
        const buffer = new Uint8Array(offset + payload.length + 1).fill(0xee);
        buffer.set(payload, offset);
        writeHeaders6(buffer, offset, payload.length, source, 546, destination, 547);
        const packet = buildPacket6({ ...hello, payload, source, destination });
        expect(Buffer.from(buffer)).toEqual(Buffer.concat([Uint8Array.of(0xee), packet, Uint8Array.of(0xee)]));
      }),
    );
  });
});
