/** The row with the figures of the manual's chapter about sizing (docs/sizing.md): what our daemon alone takes of a machine. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { delay } from "../lab/program.ts";
import { sendCommand } from "../subject/command.ts";
import type { DhcpConfig } from "../subject/server.ts";
import { Bed, kotare } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { firstOf, macOf, writeLeases } from "./lease-files.ts";
import { type Measured, median, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

const MANY = 100_000;
const SUBNETS = 10_000;
const CHANGES = 20;
const FLUSHES = 200;
const MIB = 2 ** 20;
/** What loading needed has then been given back. */
const SETTLED_MS = 3000;
const HOSTS_FILE = "hosts.jsonl";

export function sizingRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "sizing",
    async measure({ seconds }, say) {
      const empty = await memoryOf(family);
      const leases = await memoryOf(family, {}, (folder) =>
        writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, MANY)),
      );
      const hosts = await memoryOf(family, { "hosts-databases": [{ type: "file", name: HOSTS_FILE }] }, (folder) =>
        writeReservations(folder, family),
      );
      const served = await serve(family, seconds);
      const measured = [
        figure("memory of a daemon that nobody has asked yet", "MiB", empty, 130),
        figure(`memory after ${seconds} s at ${STEADY_RATE}/s`, "MiB", served.memory, 250),
        figure(`more memory with ${MANY} leases`, "MiB", leases - empty, 25),
        figure(`more memory with ${MANY} reservations in a file`, "MiB", hosts - empty, 65),
        figure("lease file, a lease", "bytes", served.row, 130),
        figure("network, an exchange", "bytes", served.wire, 2000),
        figure(`a subnet of ${SUBNETS} changed`, "ms CPU", await changeSubnets(family), 50),
        figure("a flush of this disk", "ms", await flushTime(family), 10),
      ];
      for (const { measure, unit, values } of measured) say(`${measure}: ${values[kotare.name]!.toFixed(2)} ${unit}`);
      return measured;
    },
  };
}

/** @param most what the manual may say */
function figure(measure: string, unit: string, value: number, most: number): Measured {
  const ratio = value / most;
  return { measure, unit, values: { [kotare.name]: value }, ratio, target: `≤ ${most} ${unit}`, met: ratio <= 1 };
}

/** @param prepare puts files where the daemon looks for them */
async function memoryOf(family: BenchFamily, config: DhcpConfig = {}, prepare: (folder: string) => void = () => {}) {
  await using bed = new Bed(family);
  const folder = bed.newFolder();
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  prepare(folder);
  const server = await bed.start({ ...kotare, config }, [family.large.subnet], { folder });
  await delay(SETTLED_MS);
  return server.usage().memory / MIB;
}

function writeReservations(folder: string, { family, large }: BenchFamily): void {
  const lines = Array.from({ length: MANY }, (_, index) => {
    const address = large.member(index);
    const gives = family === 4 ? { "ip-address": address } : { "ip-addresses": [address] };
    const reservation = {
      "subnet-id": large.subnet.id,
      "hw-address": macOf(index),
      hostname: `host-${index}`,
      ...gives,
    };
    return `${JSON.stringify(reservation)}\n`;
  });
  writeFileSync(join(folder, HOSTS_FILE), lines.join(""), { mode: 0o640 });
}

/** What new clients take. */
async function serve(family: BenchFamily, seconds: number) {
  await using bed = new Bed(family);
  const server = await bed.start(kotare, [family.large.subnet]);
  await delay(SETTLED_MS);
  const [file, wire] = [statSync(server.leaseFile).size, onWire(bed)];
  // Not for so long that the lease file is rewritten.
  const { completed } = await bed.load({ rate: STEADY_RATE, seconds });
  return {
    memory: server.usage().memory / MIB,
    row: (statSync(server.leaseFile).size - file) / completed,
    wire: (onWire(bed) - wire) / completed,
  };
}

/** Bytes that have passed the server's interface, either way. */
function onWire({ server }: Bed): number {
  const fields = /eth0:\s*(.*)/.exec(server.run("cat", "/proc/net/dev"))![1]!.split(/\s+/).map(Number);
  return fields[0]! + fields[8]!;
}

/** @returns milliseconds of processor time of each change */
async function changeSubnets(family: BenchFamily): Promise<number> {
  await using bed = new Bed(family);
  const folder = bed.newFolder();
  const subnets = [
    family.large.subnet,
    ...Array.from({ length: SUBNETS - 1 }, (_, index) => family.otherSubnet(index)),
  ];
  const server = await bed.start(kotare, subnets, { folder });
  await delay(SETTLED_MS);
  await change(family, join(folder, "control"), 0);
  const before = server.usage().cpu;
  for (let i = 1; i <= CHANGES; i++) await change(family, join(folder, "control"), i);
  return (1000 * (server.usage().cpu - before)) / CHANGES;
}

async function change(family: BenchFamily, socket: string, index: number): Promise<void> {
  const { id, subnet } = family.otherSubnet(index) as { id: number; subnet: string };
  const edit = { [`subnet${family.family}`]: [{ id, subnet, "valid-lifetime": 3600 + index }] };
  const answer = await sendCommand(socket, `subnet${family.family}-delta-add`, edit);
  if (!/"result": ?0/.test(answer)) throw new Error(answer);
}

/** @returns milliseconds until what was appended to a file is on this disk */
async function flushTime(family: BenchFamily): Promise<number> {
  await using bed = new Bed(family);
  const file = openSync(join(bed.lab.folder, "flushed"), "a");
  const times = Array.from({ length: FLUSHES }, () => {
    const began = performance.now();
    writeSync(file, Buffer.alloc(4096));
    fdatasyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  return median(times);
}
