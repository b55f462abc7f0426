/** Throws random frames and arguments at the addon for a while; `fuzz-asan.mjs` runs it where it can do no harm. */

import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commitAt } from "./file.ts";
import { ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders } from "./frame.ts";
import { listInterfaces, watchInterfaces } from "./interfaces.ts";
import { native, OUTGOING, type PacketHandle } from "./native.ts";
import { Poller } from "./poller.ts";
import { openRaw } from "./raw-transport.ts";
import { openUdp } from "./udp-transport.ts";
import { sendUnixDatagram } from "./unix-datagram.ts";

const LOOPBACK = 0x7f000001;
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
  writeHeaders(frame, 8 + IP_UDP_HEADERS, length, random(0x7fffffff), random(65536), random(0x7fffffff), 67);
  for (let i = random(4); i > 0; i--) frame[random(frame.length)] = random(256);
  return frame;
}

const sender = openPacket(ETHERTYPE_IPV4, 9);

function fuzzRing(): void {
  using server = openRaw({ serverPort: 67 });
  const direct = openPacket(ETHERTYPE_IPV4, 67);
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

/** Rows that point anywhere: refused or sent, never read outside the buffer. */
function fuzzRows(): void {
  using udp = openUdp([{ address: LOOPBACK, ifindex: 1 }], 1000 + random(60000));
  const fd = native.openUdp(LOOPBACK, 0);
  for (let i = 0; i < 200; i++) {
    const buffer = randomBytes(random(3000));
    const rows = new Int32Array(random(500));
    for (let k = 0; k < rows.length; k++) {
      const sound = random(5) === 0 ? undefined : [undefined, undefined, 1, 9][k % OUTGOING.stride];
      rows[k] = sound ?? (random(9) === 0 ? random(0xffffffff) : random(2000) - 20);
    }
    const size = random(20) === 0 ? random(40) : ([4, 16][random(2)] ?? 4);
    const from = random(80) - 5;
    const count = random(80) - 5;
    native.sendPacket(sender, buffer, rows, from, count);
    native.sendUdp(fd, size, buffer, rows, from, count);
    native.receiveUdp(fd, size, buffer, random(4000) - 10, random(4000) - 10, rows, random(100) - 10);
    udp.receive(64)?.release();
  }
  native.udpDrops(fd);
  closeSync(fd);
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
  for (const call of Object.values(native) as ((...args: unknown[]) => unknown)[]) {
    for (let i = 0; i < 30; i++) {
      const args = Array.from({ length: random(8) }, () => junk[random(junk.length)]);
      try {
        const result = call(...args);
        if (result instanceof Promise) result.catch(() => undefined);
        if (call === native.openPacket && typeof result === "object") native.closePacket(result as PacketHandle);
        // A number may stand for a descriptor that was opened.
        if (typeof result === "number" && result > 2 && (call === native.openUdp || call === native.openNetlink)) {
          closeSync(result);
        }
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
  const fd = native.openUdp(LOOPBACK, 40_000 + random(20_000));
  if (fd < 0) return;
  const forgotten = new Poller(fd, () => undefined);
  forgotten.pause();
  forgotten[Symbol.dispose]();
  forgotten[Symbol.dispose]();
  let calls = 0;
  const watch = watchInterfaces(() => calls++);
  execFileSync("ip", ["link", "set", "c0", "alias", `a${random(1000)}`]);
  using raw = openRaw({ serverPort: 67 });
  await new Promise<void>((resolve) => {
    raw.start(() => {
      raw[Symbol.dispose]();
      resolve();
    });
    const frame = new Uint8Array(8 + IP_UDP_HEADERS).fill(255);
    frame.set([8, 0], 6);
    writeHeaders(frame, frame.length, 0, 1, 68, 2, 67);
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
  fuzzRows();
  fuzzArguments();
  await fuzzFiles(folder);
  await fuzzPollers();
}
rmSync(folder, { recursive: true });
console.log(`fuzz: ${rounds} rounds, nothing found`);
// Handles that were opened with junk arguments may keep the loop alive.
process.exit(0);
