/** Reads a file of reservations: the last line of a subnet and identifier holds, and no line is lost silently. */
import type { ReadReservation } from "../../config/check/read-reservation.ts";
import { formatFault } from "../../config/fault.ts";
import { BadRows } from "../../storage/bad-rows.ts";
import type { Disk } from "../../storage/disk.ts";
import { PIECE, type ReadLine, readLines } from "../../storage/read-lines.ts";
import { GLOBAL, type StoredHost } from "../database/host-database.ts";
import type { HostFileEvent } from "./host-file-event.ts";
import { formatHost, type HostTable, lineStart } from "./host-table.ts";

/** The key of a line that says that a reservation is no more. */
export const REMOVED = "removed";

export interface LoadedHosts {
  /** Bytes of the file that are whole lines. */
  readonly end: number;
  readonly hasBadLines: boolean;
}

interface Loading<Type extends string, Address extends string | number, Reservation extends object> {
  readonly path: string;
  /** As of `HostFileParts`. */
  read(document: object): ReadReservation<Reservation>;
  readonly table: HostTable<Type, Address, Reservation>;
  report(event: HostFileEvent): void;
}

/** Each further bad line is kept aside only. */
const REPORTED = 100;

/** @throws when the file cannot be read, or what is wrong in it cannot be kept */
export async function loadHostFile<Type extends string, Address extends string | number, Reservation extends object>(
  disk: Disk,
  fd: number,
  { path, read, table, report }: Loading<Type, Address, Reservation>,
): Promise<LoadedHosts> {
  const aside = new BadRows(disk, `${path}.bad`);
  let line = 0;
  let badLines = 0;
  let end = 0;
  for await (const lines of readLines(disk, fd)) {
    for (const each of lines) {
      line++;
      end = each.end;
      const what = take(each, read, table);
      if (what === undefined) continue;
      badLines++;
      aside.add(`${path}:${line}: ${what}`, Buffer.from(each.text, "latin1"));
      if (badLines <= REPORTED) report({ kind: "bad-line", file: path, line, what });
    }
    if (aside.isFull) await aside.write();
  }
  await aside.write();
  report({ kind: "file-loaded", file: path, lines: line, badLines });
  return { end, hasBadLines: badLines > 0 };
}

/** @returns what is wrong */
function take<Type extends string, Address extends string | number, Reservation extends object>(
  { text, isTooLong }: ReadLine,
  read: (document: object) => ReadReservation<Reservation>,
  table: HostTable<Type, Address, Reservation>,
): string | undefined {
  if (isTooLong) return `has more than ${PIECE} bytes; this is its beginning`;
  const parsed = parse(text);
  if (typeof parsed === "string") return parsed;
  const { subnetId, reservation: document, isRemoved } = parsed;
  const result = read(document);
  if ("faults" in result) return result.faults.map(formatFault).join("; ");
  const host: StoredHost<Reservation> = { subnetId, reservation: result.reservation };
  if (isRemoved) {
    const former = table.idOf(host);
    if (former !== undefined) table.remove(former);
  } else {
    table.put(host, text.startsWith(lineStart(subnetId)) ? text : formatHost(host));
  }
  return undefined;
}

function parse(text: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`;
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return "is no map: { … }";
  const { "subnet-id": subnetId, [REMOVED]: isRemoved, ...reservation } = json as Record<string, unknown>;
  if (!Number.isInteger(subnetId) || (subnetId as number) < GLOBAL) {
    return 'has no "subnet-id": write the number of the subnet, or 0 for a global reservation';
  }
  return { subnetId: subnetId as number, reservation, isRemoved: isRemoved === true };
}
