/** Reads the lease files at start: Kea's set in Kea's order, the last row of an address holds, no row is lost silently. */

import { BadRows } from "../../storage/bad-rows.ts";
import type { Disk } from "../../storage/disk.ts";
import type { OpenFile } from "../../storage/journal.ts";
import { NEWLINE } from "../../storage/row-writer.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { type LeaseCsv, LONGEST_ROW } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";
import type { Report } from "./lease-file-event.ts";
import type { LeaseFiles } from "./lease-files.ts";

/** Where the rows go, and what the family makes of them. */
export interface RowSink<Row extends Lease> {
  readonly csv: LeaseCsv<Lease, Row>;
  readonly row: Row;
  /** The row has been filled: it puts or removes a lease. */
  take(): void;
  /** Rows so far whose subnet-id was not that of their address. */
  readonly wrongSubnets: number;
}

export interface LoadedFiles {
  /** The live one. */
  readonly file: OpenFile;
  /** Files that Kea left beside the live one. */
  readonly leftovers: boolean;
  /** The files hold more than they should, or in an older form: rewrite them. */
  readonly rewrite: boolean;
}

/** Reading and taking in this much takes some three milliseconds; then others have their turn. */
const CHUNK = 128 * 1024;
/** Of a row that is too long so much is kept. */
const BEGINNING = 1024;
const TOO_LONG = `has more than ${LONGEST_ROW} bytes; its first ${BEGINNING} follow`;
/** Each further bad row of a file is counted only. */
const REPORTED = 100;

/**
 * Loads all files and leaves the live one open, cut back to its last whole line, durable, and with a header.
 * @param maxRowErrors bad rows allowed in each file; 0 for any number
 * @throws StorageError when a header is foreign or the bad rows are too many
 */
export async function loadLeaseFiles<Row extends Lease>(
  disk: Disk,
  files: LeaseFiles,
  sink: RowSink<Row>,
  maxRowErrors: number,
  report: Report,
): Promise<LoadedFiles> {
  const aside = new BadRows(disk, files.bad);
  try {
    return await loadAll(disk, files, sink, aside, loader(disk, sink, maxRowErrors, aside, report));
  } catch (error) {
    // They will be found again.
    await aside.takeBack().catch(() => undefined);
    throw error;
  }
}

async function loadAll<Row extends Lease>(
  disk: Disk,
  files: LeaseFiles,
  sink: RowSink<Row>,
  aside: BadRows,
  load: Load,
): Promise<LoadedFiles> {
  const leftovers = await loadLeftovers(disk, files, load);
  const fd = await disk.openOrCreate(files.live);
  try {
    const loaded = await load(files.live, fd);
    await aside.write();
    // What a killed process wrote and did not sync is a promise from now on, as is the name of a new file.
    await disk.truncate(fd, loaded.end);
    await disk.remove(files.output);
    await disk.remove(files.replacement);
    let end = loaded.end;
    if (end === 0) {
      end = sink.csv.header.length;
      await disk.commitAt(fd, sink.csv.header, end, 0);
    }
    await disk.syncDirectory(files.live);
    return { file: { fd, end }, leftovers, rewrite: leftovers || !aside.isEmpty || !loaded.current };
  } catch (error) {
    await disk.close(fd);
    throw error;
  }
}

/**
 * Loads the files and changes none of them.
 * @throws StorageError when there is none, or its header is foreign
 */
export async function readLeaseFiles<Row extends Lease>(
  disk: Disk,
  files: LeaseFiles,
  sink: RowSink<Row>,
  report: Report,
): Promise<void> {
  const load = loader(disk, sink, 0, undefined, report);
  const leftovers = await loadLeftovers(disk, files, load);
  const fd = await disk.openToRead(files.live);
  if (fd !== undefined) await load(files.live, fd).finally(() => disk.close(fd));
  else if (!leftovers) throw new StorageError(`there is no file ${files.live}`);
}

type Load = (file: string, fd: number) => Promise<LoadedFile>;

function loader<Row extends Lease>(
  disk: Disk,
  sink: RowSink<Row>,
  maxRowErrors: number,
  aside: BadRows | undefined,
  report: Report,
): Load {
  return async (file, fd) => {
    const before = sink.wrongSubnets;
    const loaded = await loadFile(disk, file, fd, sink, maxRowErrors, aside, report);
    const wrongSubnets = sink.wrongSubnets - before;
    report({ kind: "file-loaded", file, rows: loaded.rows, badRows: loaded.badRows, wrongSubnets });
    return loaded;
  };
}

/** @returns whether there are any */
async function loadLeftovers(disk: Disk, files: LeaseFiles, load: Load): Promise<boolean> {
  let leftovers = false;
  // A whole output replaces what it was made from.
  const completed = await disk.openToRead(files.completed);
  for (const file of completed === undefined ? [files.previous, files.rotated] : [files.completed]) {
    const fd = completed ?? (await disk.openToRead(file));
    if (fd === undefined) continue;
    leftovers = true;
    await load(file, fd).finally(() => disk.close(fd));
  }
  return leftovers;
}

interface LoadedFile {
  readonly end: number;
  readonly rows: number;
  readonly badRows: number;
  /** The header is the one that we write. */
  readonly current: boolean;
}

async function loadFile<Row extends Lease>(
  disk: Disk,
  file: string,
  fd: number,
  sink: RowSink<Row>,
  maxRowErrors: number,
  aside: BadRows | undefined,
  report: Report,
): Promise<LoadedFile> {
  const { csv, row } = sink;
  let fields = 0;
  let current = true;
  let line = 0;
  let badRows = 0;
  /** Bytes of the present line that are not kept, behind its beginning. */
  let cutOff = 0;

  function setAside(what: string, bytes: Uint8Array): void {
    aside?.add(`${file}:${line}: ${what}`, bytes);
  }

  function takeLine(bytes: Uint8Array, start: number, end: number): void {
    line++;
    if (line === 1) {
      const header = csv.readHeader(bytes.subarray(start, end));
      if (header.kind === "bad-header") {
        throw new StorageError(
          `${file}:1: ${header.what}; if this is no lease file of the ${csv.rules.server} server, name another`,
        );
      }
      fields = header.columns;
      current = header.current;
      return;
    }
    if (start === end) return;
    const what = cutOff > 0 ? TOO_LONG : csv.readRow(row, bytes, start, end, fields);
    if (what === undefined) {
      sink.take();
      return;
    }
    badRows++;
    setAside(what, bytes.subarray(start, cutOff > 0 ? start + BEGINNING : end));
    if (badRows <= REPORTED) report({ kind: "bad-row", file, line, what });
    if (maxRowErrors > 0 && badRows > maxRowErrors) {
      throw new StorageError(
        `${file}:${line}: ${what}; that is bad row ${badRows}, and max-row-errors is ${maxRowErrors}`,
      );
    }
  }

  let buffer = new Uint8Array(CHUNK);
  let kept = 0;
  let position = 0;
  for (;;) {
    if (kept === buffer.length) {
      const grown = new Uint8Array(2 * buffer.length);
      grown.set(buffer);
      buffer = grown;
    }
    const count = await disk.read(fd, buffer.subarray(kept), position);
    if (count === 0) break;
    position += count;
    const filled = kept + count;
    const bytes = buffer.subarray(0, filled);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE, kept); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      takeLine(bytes, start, end);
      start = end + 1;
      cutOff = 0;
    }
    if (aside?.isFull === true) await aside.write();
    buffer.copyWithin(0, start, filled);
    kept = filled - start;
    if (cutOff > 0 || kept > LONGEST_ROW) {
      cutOff += kept - BEGINNING;
      kept = BEGINNING;
    }
  }
  if (kept > 0) {
    line++;
    const text = buffer.subarray(0, kept);
    if (line === 1 && !isTornHeader(csv.header, text)) {
      throw new StorageError(`${file} is no lease file of the ${csv.rules.server} server: name another`);
    }
    report({ kind: "torn-line", file, line });
    if (line > 1) setAside("torn line", text);
  }
  return { end: position - cutOff - kept, rows: Math.max(0, line - 1), badRows, current };
}

/** Whether a crash may have left it of a header; some file systems leave zeros. */
function isTornHeader(header: Uint8Array, text: Uint8Array): boolean {
  return text.every((byte, i) => byte === header[i]) || text.every((byte) => byte === 0);
}
