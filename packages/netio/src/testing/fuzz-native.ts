/** Throws random frames and arguments at the addon for a while; `fuzz-asan.mjs` runs it where it can do no harm. */

import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commitAt } from "../file.ts";
import { type Address6, readAddress6 } from "../frames/address6.ts";
import { ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders4 } from "../frames/frame4.ts";
import { ETHERTYPE_IPV6 } from "../frames/frame6.ts";
import { listInterfaces, watchInterfaces } from "../interfaces/interfaces.ts";
import { native, OUTGOING, type PacketHandle } from "../native.ts";
import { Poller } from "../poller.ts";
import { openRaw4 } from "../transports/raw/raw4-transport.ts";
import { openRaw6 } from "../transports/raw/raw6-transport.ts";
import { openUdp4 } from "../transports/udp/udp4-transport.ts";
import { sendUnixDatagram } from "../unix-datagram.ts";
import { buildPacket6 } from "./build-packet6.ts";

const LOOPBACK = 0x7f000001;
/** ::1 */
const LOOPBACK6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const seconds = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? Date.now() % 0x7fffffff);
let state = seed | 1;

/** Xorshift: an integer in [0, bound). */
function random(bound: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % bound;
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = random(256);
  return bytes;
}

execFileSync("sh", ["-c", "ip link set lo up; ip link add s0 type veth peer name c0"]);
execFileSync("sh", ["-c", "ip link set s0 mtu 9000 up promisc on; ip link set c0 mtu 9000 up"]);
const server = [...listInterfaces().values()].find(({ name }) => name === "s0")?.index ?? 0;
const wire = [...listInterfaces().values()].find(({ name }) => name === "c0")?.index ?? 0;

function openPacket(ethertype: number, port: number): PacketHandle {
  const handle = native.openPacket(ethertype, port);
  if (typeof handle === "number") throw new Error(`openPacket: ${handle}`);
  return handle;
}

/** A frame of random bytes, or a good one with random ones in it, behind the 8 bytes of MAC and Ethernet type. */
function randomFrame(): Uint8Array {
  const length = random(4) === 0 ? random(9000) : random(700);
  const frame = new Uint8Array(8 + IP_UDP_HEADERS + length);
  if (random(8) === 0) frame.set(randomBytes(frame.length));
  frame.set(random(2) === 0 ? [255, 255, 255, 255, 255, 255, 8, 0] : [...randomBytes(6), 0x81, 0]);
  writeHeaders4(frame, 8 + IP_UDP_HEADERS, length, random(0x7fffffff), random(65536), random(0x7fffffff), 67);
  for (let i = random(4); i > 0; i--) frame[random(frame.length)] = random(256);
  return frame;
}

const GROUP = readAddress6(Buffer.from("ff020000000000000000000000010002", "hex"), 0);

function randomAddress6(): Address6 {
  return readAddress6(randomBytes(16), 0);
}

/** As `randomFrame`, of IPv6: with extension headers, with lying lengths, longer than the ring takes. */
function randomFrame6(): Uint8Array {
  const payload = randomBytes(random(4) === 0 ? random(8900) : random(1300));
  const destination = random(8) === 0 ? randomAddress6() : GROUP;
  const ports = { sourcePort: random(65536), destinationPort: random(16) === 0 ? random(65536) : 547 };
  const packet = { source: randomAddress6(), destination, ...ports, payload };
  const extensions = [0, 43, 44, 60, random(256)];
  const extension = [extensions[random(5)] ?? 0, randomBytes(8 * (1 + random(4)))] as const;
  const bytes = buildPacket6(random(4) === 0 ? { ...packet, extension } : packet);
  for (let i = random(4); i > 0; i--) bytes[random(Math.min(bytes.length, 100))] = random(256);
  return Buffer.concat([Uint8Array.of(0x33, 0x33, 0, 1, 0, 2, 0x86, 0xdd), bytes]);
}

const sender = openPacket(ETHERTYPE_IPV4, 9);

function fuzzRing(): void {
  using server = openRaw4({ serverPort: 67 });
  const direct = random(2) === 0 ? openPacket(ETHERTYPE_IPV4, 67) : openPacket(ETHERTYPE_IPV6, 547);
  for (let i = 0; i < 300; i++) {
    const frame = randomFrame();
    native.sendPacket(sender, frame, Int32Array.of(8, frame.length - 8, wire, 0), 0, 1);
  }
  server.receive(1 + random(400))?.release();
  for (let batch = server.receive(512); batch !== undefined; batch = server.receive(512)) batch.release();
  const buffer = new Uint8Array(random(8000));
  const rows = new Int32Array(random(100));
  for (let i = 0; i < 20; i++) native.receivePacket(direct, buffer, rows, random(40) - 5);
  if (random(2) === 0) native.closePacket(direct);
  native.receivePacket(direct, buffer, rows, 1);
}

/** Its ring and its sockets, on an interface that comes and goes. */
async function fuzzRing6(): Promise<void> {
  using transport = openRaw6(547, { interfaces: listInterfaces() });
  const endpoint = { name: "s0", ifindex: server };
  transport.start(() => transport.receive(1 + random(100))?.release());
  for (let round = 0; round < 3; round++) {
    using _claim = transport.claim(endpoint);
    for (let i = 0; i < 100; i++) {
      const frame = randomFrame6();
      native.sendPacket(sender, frame, Int32Array.of(8, frame.length - 8, wire, 0), 0, 1);
    }
    if (random(2) === 0) transport.pause();
    for (let i = random(4); i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
    transport.refresh();
    for (let batch = transport.receive(512); batch !== undefined; batch = transport.receive(512)) {
      for (const { buffer, offset, length, source, destination } of batch.datagrams) {
        if (offset + length > buffer.length || source.length !== 16 || destination.length !== 16) {
          throw new Error("datagram outside its buffer");
        }
      }
      batch.release();
    }
    transport.resume();
  }
}

/** Rows that point anywhere: refused or sent, never read outside the buffer. */
function fuzzRows(): void {
  using udp = openUdp4([{ address: LOOPBACK, ifindex: 1 }], 1000 + random(60000));
  const sockets = [native.openUdp4(LOOPBACK, 9), native.openUdp6(LOOPBACK6, 9, "lo", random(2) === 0)];
  if (sockets.some((fd) => fd < 0)) throw new Error(`sockets: ${sockets.join(", ")}`);
  for (let i = 0; i < 200; i++) {
    // The family of size and addresses may be another than the socket's.
    const kind = random(2);
    const fd = sockets[random(8) === 0 ? 1 - kind : kind] as number;
    const size = random(16) === 0 ? random(40) : [4, 16][kind];
    const buffer = random(8) === 0 ? randomBytes(random(3000)) : addressedBytes(3000 - random(500), kind === 1);
    const rows = new Int32Array(random(16) === 0 ? random(500) : 500);
    for (let k = 0; k < rows.length; k++) {
      const sound = [16 * random(100), random(500), 1, 9][k % OUTGOING.stride] as number;
      rows[k] = random(40) > 0 ? sound : random(9) === 0 ? random(0xffffffff) : random(5000) - 20;
    }
    const [from, count] = random(4) === 0 ? [random(80) - 5, random(80) - 5] : [0, 1 + random(4)];
    native.sendPacket(sender, buffer, rows, from, count);
    native.sendUdp(fd, size ?? 4, buffer, rows, from, count);
    native.receiveUdp(fd, size ?? 4, buffer, random(4000) - 10, random(4000) - 10, rows, random(100) - 10);
    // With no byte behind the last slot.
    const [slot, limit] = [random(100), 1 + random(12)];
    native.receiveUdp(fd, size ?? 4, new Uint8Array(slot * limit), 0, slot, rows, limit);
    udp.receive(64)?.release();
  }
  for (const fd of sockets) {
    native.udpDrops(fd);
    closeSync(fd);
  }
}

/** The loopback address of a family over and over, so that payloads at multiples of 16 have it as source and destination. */
function addressedBytes(length: number, isIpv6: boolean): Uint8Array {
  const address = isIpv6 ? LOOPBACK6 : Uint8Array.of(127, 0, 0, 1);
  return new Uint8Array(length).map((_, i) => address[i % address.length] as number);
}

/** What TypeScript would never pass. No number is an open descriptor. */
function fuzzArguments(): void {
  const junk: unknown[] = [
    -1,
    1e9,
    1.5,
    Number.NaN,
    "text",
    "",
    null,
    undefined,
    {},
    [],
    Symbol("x"),
    () => 1,
    2n ** 70n,
  ];
  junk.push(
    new Uint8Array(0),
    new Uint8Array(3000),
    new Int32Array(600),
    new Float64Array(9),
    new DataView(new ArrayBuffer(5)),
  );
  const openers = new Set<unknown>([native.openUdp4, native.openUdp6, native.openNetlink, native.holdPort]);
  for (const opener of [native.openIcmp, native.openArp]) openers.add(opener);
  for (const call of Object.values(native) as ((...args: unknown[]) => unknown)[]) {
    for (let i = 0; i < 30; i++) {
      const args = Array.from({ length: random(8) }, () => junk[random(junk.length)]);
      try {
        const result = call(...args);
        if (result instanceof Promise) result.catch(() => undefined);
        if (call === native.openPacket && typeof result === "object") native.closePacket(result as PacketHandle);
        // A number may stand for a descriptor that was opened.
        if (typeof result === "number" && result > 2 && openers.has(call)) closeSync(result);
      } catch {}
    }
  }
}

async function fuzzFiles(folder: string): Promise<void> {
  const path = join(folder, "journal");
  const fd = openSync(path, "w+");
  const expected = new Uint8Array(100_000);
  for (let i = 0; i < 5; i++) {
    const bytes = randomBytes(random(5000));
    const length = random(bytes.length + 1);
    const position = random(95_000);
    expected.set(bytes.subarray(0, length), position);
    await commitAt(fd, bytes, length, position);
  }
  closeSync(fd);
  const written = readFileSync(path);
  if (!written.equals(expected.subarray(0, written.length))) throw new Error("commitAt wrote something else");
  for (let i = 0; i < 20; i++) {
    try {
      sendUnixDatagram(`${random(2) === 0 ? "@" : folder}/${"x".repeat(random(120))}`, randomBytes(random(2000)));
    } catch {}
  }
}

/** Pollers that are paused, disposed at once, forgotten, or disposed in their own callback. */
async function fuzzPollers(): Promise<void> {
  const fd = native.openUdp4(LOOPBACK, 40_000 + random(20_000));
  if (fd < 0) return;
  const forgotten = new Poller(fd, () => undefined);
  forgotten.pause();
  forgotten[Symbol.dispose]();
  forgotten[Symbol.dispose]();
  let calls = 0;
  const watch = watchInterfaces(() => calls++);
  execFileSync("ip", ["link", "set", "c0", "alias", `a${random(1000)}`]);
  using raw = openRaw4({ serverPort: 67 });
  await new Promise<void>((resolve) => {
    raw.start(() => {
      raw[Symbol.dispose]();
      resolve();
    });
    const frame = new Uint8Array(8 + IP_UDP_HEADERS).fill(255);
    frame.set([8, 0], 6);
    writeHeaders4(frame, frame.length, 0, 1, 68, 2, 67);
    native.sendPacket(sender, frame, Int32Array.of(8, IP_UDP_HEADERS, wire, 0), 0, 1);
  });
  watch[Symbol.dispose]();
  closeSync(fd);
  globalThis.gc?.();
}

const folder = mkdtempSync(join(tmpdir(), "netio-fuzz-"));
const end = performance.now() + seconds * 1000;
let rounds = 0;
console.log(`fuzz: seed ${seed}, ${seconds} s`);
for (; performance.now() < end; rounds++) {
  fuzzRing();
  await fuzzRing6();
  fuzzRows();
  fuzzArguments();
  await fuzzFiles(folder);
  await fuzzPollers();
}
rmSync(folder, { recursive: true });
console.log(`fuzz: ${rounds} rounds, nothing found`);
// Handles that were opened with junk arguments may keep the loop alive.
process.exit(0);
