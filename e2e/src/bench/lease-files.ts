/** Lease files of any size, as Kea would have left them. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { leaseFile } from "../subject/server.ts";
import type { BenchFamily } from "./family.ts";

const LIFETIME = 86_400;
const ROWS_A_WRITE = 10_000;

/** Of client `number` of such a file. */
export function macOf(number: number): string {
  const hex = number.toString(16).padStart(8, "0");
  return `06:00:${hex.replace(/..(?=.)/g, "$&:")}`;
}

/** Writes leases of these addresses or prefixes, each to a client of its own, all good for a day. */
export function writeLeases(
  folder: string,
  { family, header, formatLease }: BenchFamily,
  subnetId: number,
  addresses: Iterable<string>,
): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const file = openSync(leaseFile({ folder, family }), "w", 0o640);
  const expire = Math.floor(Date.now() / 1000) + LIFETIME;
  let text = `${header}\n`;
  let rows = 0;
  for (const address of addresses) {
    const hwaddr = macOf(++rows);
    const hostname = `host-${rows}.example.org`;
    text += `${formatLease({ address, hwaddr, lifetime: LIFETIME, expire, subnetId, hostname })}\n`;
    if (rows % ROWS_A_WRITE === 0) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  // Whatever is measured next must not wait for the disk to take these.
  fsyncSync(file);
  closeSync(file);
}

/** The pool's first `count` addresses or prefixes. */
export function* firstOf({ member }: { member(index: number): string }, count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield member(i);
}
