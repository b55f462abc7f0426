import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFrame4, type FrameFields4, IP_UDP_HEADERS, writeHeaders4 } from "./frame4.ts";

const ETHERNET = 14;
const IP = ETHERNET;
const UDP = IP + 20;
const PAYLOAD = UDP + 8;

/** "hello" from 10.0.0.2:68 to 255.255.255.255:67, with padding to the least Ethernet length. */
function helloFrame(): Uint8Array {
  const frame = new Uint8Array(60);
  frame.set(Buffer.from("ffffffffffff02000000000108 00".replaceAll(" ", ""), "hex"));
  frame.set(Buffer.from("hello"), PAYLOAD);
  writeHeaders4(frame, PAYLOAD, 5, 0x0a000002, 68, 0xffffffff, 67);
  return frame;
}

function decode(frame: Uint8Array, verifyUdp = true): { kind: string; fields: FrameFields4 } {
  const fields: FrameFields4 = { offset: 0, length: 0, source: 0, sourcePort: 0, destination: 0, macOffset: 0 };
  return { kind: decodeFrame4(frame, 0, frame.length, verifyUdp, fields), fields };
}

/** Sets bytes and puts the IP checksum right again, so that only the change itself can be the fault. */
function changed(at: number, ...bytes: number[]): Uint8Array {
  const frame = helloFrame();
  frame.set(bytes, at);
  fixIpChecksum(frame, IP);
  return frame;
}

function fixIpChecksum(frame: Uint8Array, ip: number): void {
  frame.set([0, 0], ip + 10);
  let sum = 0;
  const length = ((frame[ip] as number) & 15) * 4;
  for (let i = 0; i < length; i += 2) sum += ((frame[ip + i] as number) << 8) | (frame[ip + i + 1] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.set([(~sum >> 8) & 0xff, ~sum & 0xff], ip + 10);
}

function withTags(...tags: number[]): Uint8Array {
  const frame = helloFrame();
  return Buffer.concat([frame.subarray(0, 12), Uint8Array.from(tags), frame.subarray(12)]);
}

/** An IP header of 16 bytes, and behind it a UDP header that would do. */
function withShortIpHeader(): Uint8Array {
  const frame = helloFrame();
  frame[IP] = 0x44;
  frame.set([0, 68, 0, 67, 0, 13, 0, 0], IP + 16);
  fixIpChecksum(frame, IP);
  return frame;
}

/** Four bytes of IP options (end of list), as a relay or router may insert. */
function withIpOptions(): Uint8Array {
  const frame = helloFrame();
  const longer = Buffer.concat([frame.subarray(0, UDP), Uint8Array.of(0, 0, 0, 0), frame.subarray(UDP)]);
  longer[IP] = 0x46;
  longer[IP + 3] = 20 + 4 + 8 + 5;
  fixIpChecksum(longer, IP);
  return longer;
}

describe("decodeFrame", () => {
  test("finds the payload and where it came from", () => {
    expect(decode(helloFrame())).toEqual({
      kind: "datagram",
      fields: {
        offset: PAYLOAD,
        length: 5,
        source: 0x0a000002,
        sourcePort: 68,
        destination: 0xffffffff,
        macOffset: 6,
      },
    });
  });

  test("works anywhere in a larger buffer, and sees no byte outside the frame", () => {
    const frame = helloFrame();
    const buffer = new Uint8Array(200).fill(0xee);
    buffer.set(frame, 77);
    const fields: FrameFields4 = { offset: 0, length: 0, source: 0, sourcePort: 0, destination: 0, macOffset: 0 };
    expect(decodeFrame4(buffer, 77, frame.length, true, fields)).toBe("datagram");
    expect(fields).toMatchObject({ offset: 77 + PAYLOAD, macOffset: 83 });
    for (let size = 0; size < PAYLOAD + 5; size++) expect(decodeFrame4(buffer, 77, size, true, fields)).toBe("bad");
  });

  test.each([
    { title: "RFC 791, 3.1: options before the UDP header are skipped", frame: withIpOptions(), kind: "datagram" },
    { title: "802.1Q: a priority tag is no VLAN", frame: withTags(0x81, 0, 0x60, 0), kind: "datagram" },
    { title: "802.1Q: a tag with a VLAN id", frame: withTags(0x81, 0, 0, 5), kind: "otherVlan" },
    { title: "802.1ad: a service tag with a VLAN id", frame: withTags(0x88, 0xa8, 0, 5), kind: "otherVlan" },
    { title: "a second tag", frame: withTags(0x81, 0, 0, 0, 0x81, 0, 0, 5), kind: "bad" },
    { title: "a tag, but no packet", frame: withTags(0x81, 0, 0, 5).slice(0, 33), kind: "bad" },
    { title: "another Ethernet type", frame: changed(12, 0x86, 0xdd), kind: "bad" },
    { title: "IP version 6", frame: changed(IP, 0x65), kind: "bad" },
    { title: "an IP header shorter than it can be", frame: withShortIpHeader(), kind: "bad" },
    { title: "an IP header longer than the packet", frame: changed(IP, 0x4f), kind: "bad" },
    { title: "an IP total length beyond the frame", frame: changed(IP + 2, 0, 47), kind: "bad" },
    { title: "an IP total length without room for UDP", frame: changed(IP + 2, 0, 27), kind: "bad" },
    { title: "an IP total length of 0", frame: changed(IP + 2, 0, 0), kind: "bad" },
    { title: "another protocol", frame: changed(IP + 9, 6), kind: "bad" },
    { title: "the first fragment", frame: changed(IP + 6, 0x20, 0), kind: "fragment" },
    { title: "a later fragment", frame: changed(IP + 6, 0, 1), kind: "fragment" },
    { title: "the last offset a fragment can have", frame: changed(IP + 6, 0x1f, 0xff), kind: "fragment" },
    { title: "RFC 3514: the reserved bit", frame: changed(IP + 6, 0x80, 0), kind: "datagram" },
    { title: "a UDP length beyond the IP packet", frame: changed(UDP + 4, 0, 14), kind: "bad" },
    { title: "a UDP length shorter than its header", frame: changed(UDP + 4, 0, 7), kind: "bad" },
  ])("$title: $kind", ({ frame, kind }) => {
    expect(decode(frame, false).kind).toBe(kind);
  });

  test.each([
    { title: "RFC 768: a UDP checksum of 0 is none", frame: changed(UDP + 6, 0, 0), kind: "datagram" },
    { title: "a wrong UDP checksum", frame: changed(UDP + 6, 1, 1), kind: "bad" },
    { title: "a payload that is not what the checksum says", frame: changed(PAYLOAD, 0x48), kind: "bad" },
    { title: "a source that is not what the checksum says", frame: changed(IP + 15, 9), kind: "bad" },
  ])("with checksums verified, $title: $kind", ({ frame, kind }) => {
    expect(decode(frame).kind).toBe(kind);
  });

  test("a wrong IP checksum is bad even where the UDP checksum is not to be verified", () => {
    const frame = helloFrame();
    frame[IP + 8] = 63;
    expect(decode(frame, false).kind).toBe("bad");
  });

  test("a UDP checksum that the kernel has not filled in yet is not verified", () => {
    expect(decode(changed(UDP + 6, 1, 1), false).kind).toBe("datagram");
  });

  test("a UDP length shorter than the IP packet cuts the payload", () => {
    const frame = changed(UDP + 4, 0, 10);
    expect(decode(frame, false)).toMatchObject({ kind: "datagram", fields: { length: 2 } });
  });

  test("any bytes give a datagram inside the frame, or a reason to drop it", () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(helloFrame(), withIpOptions(), withTags(0x81, 0, 0, 0)),
        fc.array(fc.tuple(fc.nat(63), fc.nat(255)), { maxLength: 4 }),
        fc.nat(64),
        fc.boolean(),
      )
      .map(([frame, changes, size, fix]) => {
        const copy = frame.slice(0, Math.min(size, frame.length));
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        const header = ((copy[IP] ?? 0) & 15) * 4;
        if (fix && header >= 12 && copy.length >= IP + header) fixIpChecksum(copy, IP);
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated), fc.boolean(), (frame, verify) => {
        const { kind, fields } = decode(frame, verify);
        expect(["datagram", "fragment", "bad", "otherVlan"]).toContain(kind);
        if (kind !== "datagram") return;
        expect(fields.length).toBeGreaterThanOrEqual(0);
        expect(fields.offset).toBeGreaterThanOrEqual(PAYLOAD);
        expect(fields.offset + fields.length).toBeLessThanOrEqual(frame.length);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("writeHeaders", () => {
  test("RFC 791, RFC 768: writes both headers with their checksums", () => {
    const buffer = new Uint8Array(IP_UDP_HEADERS + 5).fill(0xee);
    buffer.set(Buffer.from("hello"), IP_UDP_HEADERS);
    writeHeaders4(buffer, IP_UDP_HEADERS, 5, 0x00000000, 68, 0xffffffff, 67);
    expect(Buffer.from(buffer).toString("hex")).toBe(
      "45000021 00004000 40113acd 00000000 ffffffff 00440043 000dbb7b 68656c6c6f".replaceAll(" ", ""),
    );
  });

  test("RFC 768: a checksum that comes out as 0 is sent as all ones", () => {
    const buffer = new Uint8Array(IP_UDP_HEADERS + 2);
    // What the sum lacks to all ones, found with a payload of 0.
    writeHeaders4(buffer, IP_UDP_HEADERS, 2, 1, 67, 2, 68);
    buffer.copyWithin(IP_UDP_HEADERS, IP_UDP_HEADERS - 2, IP_UDP_HEADERS);
    writeHeaders4(buffer, IP_UDP_HEADERS, 2, 1, 67, 2, 68);
    expect([...buffer.subarray(IP_UDP_HEADERS - 2, IP_UDP_HEADERS)]).toEqual([0xff, 0xff]);
  });

  test("what it writes, decodeFrame reads", () => {
    const uint32 = fc.integer({ min: 0, max: 0xffffffff });
    const port = fc.nat(65535);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1400 }),
        uint32,
        uint32,
        port,
        port,
        (payload, source, to, from, toPort) => {
          const frame = new Uint8Array(PAYLOAD + payload.length);
          frame.set(payload, PAYLOAD);
          frame.set([8, 0], 12);
          writeHeaders4(frame, PAYLOAD, payload.length, source, from, to, toPort);
          expect(decode(frame)).toEqual({
            kind: "datagram",
            fields: {
              offset: PAYLOAD,
              length: payload.length,
              source,
              sourcePort: from,
              destination: to,
              macOffset: 6,
            },
          });
        },
      ),
    );
  });
});
