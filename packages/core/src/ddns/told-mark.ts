/** Up to when the DNS updater knows of all leases: a small file, so that a restart tells it of the later ones only. */
import { closeSync, renameSync, writeSync } from "node:fs";
import type { Seconds } from "../base/clock.ts";
import { createFileSync, readSmallFile } from "../base/regular-file.ts";

export interface ToldMark {
  /** Of the lease clock: names of leases whose clients were heard before are known; 0 for none. */
  readonly until: Seconds;
  /** Whether nothing at all was owed when the daemon stopped. */
  readonly isComplete: boolean;
  /** Of the lease clock: when it was made, and so about when the daemon came to its end. */
  readonly at: Seconds;
  /** Of the lease clock: when the first mark was made; names that other servers of a pair gave before are known. */
  readonly since: Seconds | undefined;
  /** Whether the updater confirms what it is told; `undefined` when it has not been found out. */
  readonly confirms: boolean | undefined;
}

const UNKNOWN: ToldMark = { until: 0, isComplete: false, at: 0, since: undefined, confirms: undefined };
const FILE_MODE = 0o640;
/** Bytes. */
const MOST = 4096;

/** Where there is no mark, or one that cannot be read, all names are told again, which harms nobody. */
export function loadToldMark(path: string): ToldMark {
  try {
    const mark: unknown = JSON.parse(readSmallFile(path, MOST).toString());
    if (typeof mark !== "object" || mark === null) return UNKNOWN;
    const { until, isComplete, at, since, confirms }: Partial<Record<keyof ToldMark, unknown>> = mark;
    return {
      until: typeof until === "number" ? until : 0,
      isComplete: isComplete === true,
      at: typeof at === "number" ? at : 0,
      // Older marks do not say it.
      since: typeof since === "number" ? since : 0,
      confirms: typeof confirms === "boolean" ? confirms : undefined,
    };
  } catch {
    return UNKNOWN;
  }
}

/** Replaces the file as a whole. An old one that comes back after a power failure only means more to tell again. */
export function saveToldMark(path: string, mark: ToldMark): void {
  const temporary = `${path}.new`;
  const fd = createFileSync(temporary, FILE_MODE);
  try {
    writeSync(fd, `${JSON.stringify(mark)}\n`);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
}

/** Writes it where it differs from what was written last. */
export class ToldMarkWriter {
  readonly #path: string;
  readonly #onFailure: (error: Error) => void;
  #written = "";

  constructor(path: string, onFailure: (error: Error) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  write(mark: ToldMark): void {
    const text = JSON.stringify(mark);
    if (text === this.#written) return;
    this.#written = text;
    try {
      saveToldMark(this.#path, mark);
    } catch (error) {
      this.#onFailure(error as Error);
    }
  }
}
