/** Kea's lease file as a test looks at it: the last row of an address counts. */
import { readFileSync } from "node:fs";

export interface LeaseRow {
  readonly address: string;
  readonly hwaddr: string;
  readonly clientId: string;
  readonly validLifetime: number;
  readonly expire: number;
  readonly subnetId: number;
  readonly hostname: string;
  readonly state: number;
}

/** The rows in the file's order, without the header; a torn last line is left out. */
export function* readRows(path: string): Generator<LeaseRow> {
  const text = readFileSync(path, "latin1");
  const lines = text.slice(0, text.lastIndexOf("\n")).split("\n");
  for (const line of lines.slice(1)) {
    const fields = line.split(",");
    yield {
      address: fields[0]!,
      hwaddr: fields[1]!,
      clientId: fields[2]!,
      validLifetime: Number(fields[3]),
      expire: Number(fields[4]),
      subnetId: Number(fields[5]),
      hostname: fields[8]!,
      state: Number(fields[9]),
    };
  }
}

/** What the file says of each address; a row with lifetime 0 removes it, unless it is a declined or reclaimed one. */
export function readLeases(path: string): Map<string, LeaseRow> {
  const leases = new Map<string, LeaseRow>();
  for (const row of readRows(path)) {
    if (row.validLifetime === 0 && row.state === 0) leases.delete(row.address);
    else leases.set(row.address, row);
  }
  return leases;
}

/** Whether somebody holds the address now. */
export function isHeld(row: LeaseRow | undefined): boolean {
  return row !== undefined && row.state === 0 && row.expire > Date.now() / 1000;
}
