/**
 * RFC 3118 §5.6.1: "Each server MUST save the counter from the previous authenticated message." The last numbers of clients,
 * whatever becomes of their leases, in a file of ours in the data directory.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { NotRegularError, readSmallFile } from "../base/regular-file.ts";

/** Clients whose numbers are kept; of those not heard for longest, only leases have them. */
const MOST = 20_000;
const KEY = /^([\da-f]{32}) ([\da-f]{16})$/;
const LINE = 50;
/** Of each client; then the file is written anew. */
const MOST_LINES = 2;
const FILE_MODE = 0o600;
/** Written at a time: the text of more would hold up packets. */
const PIECE = 1000;
const { O_WRONLY, O_CREAT, O_APPEND, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

export class ClientReplays {
  readonly #file: string | undefined;
  readonly #most: number;
  readonly #onFault: (file: string, error: Error) => void;
  /** By a digest of who it is: who has not been heard for longest stands first. */
  readonly #last = new Map<string, bigint>();
  #lines = 0;
  /** Whether the file has what it had, and nothing else: else it is written anew. */
  #isSound = true;
  #hasFailed = false;
  #waiting = new Set<string>();
  #saving: Promise<void> | undefined;

  /** @param file without it, nothing outlasts this run @param onFault where the file cannot be used @param most clients */
  constructor(file?: string, onFault: (file: string, error: Error) => void = () => undefined, most = MOST) {
    this.#onFault = onFault;
    this.#most = most;
    try {
      if (file !== undefined) this.#load(file);
      this.#file = file;
    } catch (error) {
      onFault(file!, error as Error);
    }
  }

  /** The greatest number that the client has used. @param id its identifier or its hardware address */
  last(id: Uint8Array): bigint | undefined {
    return this.#last.get(keyOf(id));
  }

  note(id: Uint8Array, replay: bigint): void {
    this.#take(keyOf(id), replay);
    if (this.#file === undefined) return;
    this.#waiting.add(keyOf(id));
    this.#saving ??= this.#save(this.#file);
  }

  /** Resolves when all is in the file. */
  async settled(): Promise<void> {
    await this.#saving;
  }

  #take(key: string, replay: bigint): void {
    const before = this.#last.get(key);
    if (before !== undefined && before >= replay) return;
    this.#last.delete(key);
    this.#last.set(key, replay);
    if (this.#last.size > this.#most) this.#last.delete(this.#last.keys().next().value!);
  }

  /** What a crash has cut off is passed over. */
  #load(file: string): void {
    let text: string;
    try {
      text = readSmallFile(file, MOST_LINES * this.#most * LINE).toString("latin1");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    const lines = text.split("\n");
    this.#isSound = lines.pop() === "";
    this.#lines = lines.length;
    for (const line of lines) {
      const match = KEY.exec(line);
      if (match !== null) this.#take(match[1]!, BigInt(`0x${match[2]}`));
      else this.#isSound = false;
    }
  }

  async #save(file: string): Promise<void> {
    // What comes meanwhile is saved together.
    while (this.#waiting.size > 0) {
      const keys = this.#waiting;
      this.#waiting = new Set();
      const isWhole = !this.#isSound || this.#lines + keys.size > MOST_LINES * this.#most;
      try {
        this.#isSound = false;
        if (isWhole) await this.#replace(file);
        else await this.#write(file, O_APPEND, [...keys]);
        this.#lines = isWhole ? this.#last.size : this.#lines + keys.size;
        this.#isSound = true;
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed) this.#onFault(file, error as Error);
        this.#hasFailed = true;
      }
    }
    this.#saving = undefined;
  }

  async #replace(file: string): Promise<void> {
    const next = `${file}.new`;
    await rm(next, { force: true });
    await this.#write(next, O_EXCL, [...this.#last.keys()]);
    await rename(next, file);
  }

  /** A link is not followed, and nobody is waited for at a pipe. */
  async #write(path: string, flags: number, keys: readonly string[]): Promise<void> {
    const handle = await open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | flags, FILE_MODE);
    try {
      if (!(await handle.stat()).isFile()) throw new NotRegularError(`${path} is no regular file`);
      for (let at = 0; at < keys.length; at += PIECE) {
        const lines = keys.slice(at, at + PIECE).flatMap((key) => this.#lineOf(key));
        await handle.writeFile(lines.join(""), "latin1");
      }
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  #lineOf(key: string): readonly string[] {
    const replay = this.#last.get(key);
    return replay === undefined ? [] : [`${key} ${replay.toString(16).padStart(16, "0")}\n`];
  }
}

function keyOf(id: Uint8Array): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 32);
}
