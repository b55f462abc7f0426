/**
 * A host database in a file of ours: a line of JSON for each reservation, all of them in memory, too. Changes are appended
 * and synced as leases are; a file that is mostly of no use any more is rewritten beside service.
 */
import type { Clock } from "../../base/clock.ts";
import { atPace } from "../../base/steps.ts";
import type { ReadReservation } from "../../config/check/read-reservation.ts";
import { type Disk, systemDisk } from "../../storage/disk.ts";
import { Journal, type JournalEntry, type OpenFile } from "../../storage/journal.ts";
import { replaceFile } from "../../storage/replace-file.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type {
  HostDatabase,
  HostFilter,
  HostPage,
  HostQuestion,
  HostRecord,
  StoredHost,
} from "../database/host-database.ts";
import type { HostFileEvent } from "./host-file-event.ts";
import { formatHost, HostTable, type HostTableRules } from "./host-table.ts";
import { type LoadedHosts, loadHostFile, REMOVED } from "./load-host-file.ts";

export interface HostFileParts<Type extends string, Address, Reservation> {
  readonly path: string;
  readonly rules: HostTableRules<Type, Address, Reservation>;
  /** Finds out what is wrong with a line, save for options: which there are, each configuration says anew. */
  read(document: object): ReadReservation<Reservation>;
  readonly isReadOnly: boolean;
  readonly clock: Clock;
  report(event: HostFileEvent): void;
  readonly disk?: Disk;
}

/** Changes that are in the table, and on their way to the disk. */
interface Entry extends JournalEntry {
  /** Lines that take them back. */
  readonly reversal: readonly string[];
  undo(): void;
}

/** Bytes of a file that is rewritten when more than half of it is of no use any more. */
const REWRITE_FROM = 1024 * 1024;
const REWRITTEN_TOGETHER = 1024 * 1024;

export class HostFile<Type extends string, Address extends string | number, Reservation extends object>
  implements HostDatabase<Type, Address, Reservation>
{
  readonly name: string;
  readonly isReadOnly: boolean;
  /** All of it is in memory. */
  readonly isUp = true;
  #revision = 0;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #table: HostTable<Type, Address, Reservation>;
  readonly #journal: Journal<Entry>;
  #isRewriting = false;
  /** The journal's file, which is locked. */
  #fd: number;

  private constructor(
    { path, isReadOnly, clock, report }: HostFileParts<Type, Address, Reservation>,
    disk: Disk,
    table: HostTable<Type, Address, Reservation>,
    fd: number,
    { end }: LoadedHosts,
  ) {
    this.name = `file ${path}`;
    this.isReadOnly = isReadOnly;
    this.#disk = disk;
    this.#path = path;
    this.#table = table;
    this.#fd = fd;
    this.#journal = new Journal<Entry>(disk, { fd, end }, clock, {
      written: () => {},
      undo: (entries) => {
        for (const entry of entries.toReversed()) entry.undo();
      },
      replaceFile: () => this.#replaceFile(),
      report,
    });
  }

  /** @throws StorageError when another process has the file, else the disk's own error */
  static async open<T extends string, A extends string | number, R extends object>(
    parts: HostFileParts<T, A, R>,
  ): Promise<HostFile<T, A, R>> {
    const { disk = systemDisk, read, report } = parts;
    // Behind a link it stays where it is.
    const path = await disk.follow(parts.path);
    const fd = await disk.openOrCreate(path);
    try {
      if (!disk.lock(fd)) throw new StorageError(`${path} is in use by another process: give this one another "name"`);
      const table = new HostTable<T, A, R>(parts.rules);
      const loaded = await loadHostFile(disk, fd, { path, read, table, report });
      // What a killed process wrote and did not sync is a promise from now on, as is the name of a new file.
      await disk.truncate(fd, loaded.end);
      await disk.syncDirectory(path);
      const file = new HostFile<T, A, R>({ ...parts, path }, disk, table, fd, loaded);
      if (loaded.hasBadLines) await file.#journal.exclusive(() => file.#replaceFile());
      return file;
    } catch (error) {
      await disk.close(fd);
      throw error;
    }
  }

  get revision(): number {
    return this.#revision;
  }

  peek(questions: readonly HostQuestion<Type, Address>[]): readonly HostRecord[] {
    return this.#table.load(questions).map((id) => this.#recordOf(id));
  }

  async load(questions: readonly HostQuestion<Type, Address>[]): Promise<readonly HostRecord[]> {
    return this.peek(questions);
  }

  peekReserved(subnetId: number, addresses: readonly Address[]): readonly Address[] {
    return this.#table.reservedAmong(subnetId, addresses);
  }

  async reservedAmong(subnetId: number, addresses: readonly Address[]): Promise<readonly Address[]> {
    return this.peekReserved(subnetId, addresses);
  }

  async find(filter: HostFilter<Type, Address>): Promise<readonly HostRecord[]> {
    return this.#records(await atPace(this.#table.find(filter)));
  }

  async page(page: HostPage): Promise<readonly HostRecord[]> {
    return this.#records(await atPace(this.#table.page(page)));
  }

  async add(host: StoredHost<Reservation>, isUnique: boolean): Promise<boolean> {
    const table = this.#table;
    if (table.idOf(host) !== undefined || (isUnique && table.isTaken(host))) return false;
    const id = table.add(host);
    await this.#write([table.lineOf(id)], [formatRemoved(host)], () => table.remove(id));
    return true;
  }

  async update(host: StoredHost<Reservation>, isUnique: boolean): Promise<"updated" | "absent" | "conflict"> {
    const table = this.#table;
    const id = table.idOf(host);
    if (id === undefined) return "absent";
    if (isUnique && table.isTaken(host, id)) return "conflict";
    const former = table.hostOf(id);
    table.replace(id, host);
    await this.#write([table.lineOf(id)], [formatHost(former)], () => table.replace(id, former));
    return "updated";
  }

  async remove(filter: HostFilter<Type, Address> & { readonly subnetId: number }): Promise<number> {
    const table = this.#table;
    const found = await atPace(table.find(filter));
    const former = found.filter((id) => table.has(id)).map((id) => ({ id, host: table.hostOf(id) }));
    if (former.length === 0) return 0;
    for (const { id } of former) table.remove(id);
    const hosts = former.map(({ host }) => host);
    await this.#write(hosts.map(formatRemoved), hosts.map(formatHost), () => {
      for (const { id, host } of former) table.add(host, id);
    });
    return former.length;
  }

  async close(): Promise<void> {
    await this.#journal.drain();
    await this.#journal.exclusive(async (file) => {
      await this.#disk.close(file.fd);
      return file;
    });
  }

  /** @param ids that were found while changes went on */
  #records(ids: readonly number[]): readonly HostRecord[] {
    return ids.filter((id) => this.#table.has(id)).map((id) => this.#recordOf(id));
  }

  #recordOf(id: number): HostRecord {
    return { id, ...this.#table.hostOf(id), origin: `reservation ${id}` };
  }

  /** Resolves when they are durable. Rejects when they are not: then `undo` has been called. */
  #write(lines: readonly string[], reversal: readonly string[], undo: () => void): Promise<void> {
    this.#revision++;
    return new Promise((resolve, reject) => {
      this.#journal.submit({
        write: (out) => {
          for (const line of lines) out.copy(Buffer.from(`${line}\n`, "latin1"));
        },
        reversal,
        undo,
        durable: () => {
          this.#rewriteWhenGrown();
          resolve();
        },
        failed: reject,
      });
    });
  }

  #rewriteWhenGrown(): void {
    const { length } = this.#journal;
    if (this.#isRewriting || length < REWRITE_FROM || 2 * this.#table.bytes > length) return;
    this.#isRewriting = true;
    // A failure is the journal's to tell, when it writes the next time.
    void this.#journal
      .exclusive(() => this.#replaceFile())
      .catch((error: Error) => this.#journal.distrust(error))
      .finally(() => {
        this.#isRewriting = false;
      });
  }

  async #replaceFile(): Promise<OpenFile> {
    // Nobody has been told of what is pending: the new file begins without it.
    const reversals = this.#journal.pending.toReversed().flatMap(({ reversal }) => reversal);
    const file = await this.#table.withLines((lines) =>
      replaceFile(this.#disk, this.#path, piecesOf(lines, reversals), this.#fd),
    );
    this.#fd = file.fd;
    return file;
  }
}

function* piecesOf(...lists: readonly Iterable<string>[]): Generator<Uint8Array> {
  let text = "";
  for (const lines of lists) {
    for (const line of lines) {
      text += `${line}\n`;
      if (text.length < REWRITTEN_TOGETHER) continue;
      yield Buffer.from(text, "latin1");
      text = "";
    }
  }
  if (text !== "") yield Buffer.from(text, "latin1");
}

function formatRemoved({ subnetId, reservation }: StoredHost<object>): string {
  return `${formatHost({ subnetId, reservation }).slice(0, -1)},${JSON.stringify(REMOVED)}:true}`;
}
