/** A disk in memory for tests: it writes down every call, can fail any of them, and says what a crash could leave. */
import type { Disk } from "../disk.ts";

/** The content of a file. */
class FileBytes {
  #buffer: Uint8Array;
  #length: number;

  constructor(initial: Uint8Array = new Uint8Array(0)) {
    this.#buffer = new Uint8Array(initial);
    this.#length = initial.length;
  }

  get view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Zeros stand where nothing was written before it. */
  write(position: number, bytes: Uint8Array): void {
    const end = position + bytes.length;
    if (end > this.#buffer.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(this.view);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, position);
    this.#length = Math.max(this.#length, end);
  }

  resize(length: number): void {
    if (length > this.#length) this.write(length, new Uint8Array(0));
    this.#buffer.fill(0, length);
    this.#length = length;
  }
}

interface Inode {
  readonly bytes: FileBytes;
}

/** Names and contents of files at one moment. */
export type DiskImage = ReadonlyMap<string, Uint8Array>;

/** One step that a crash may come before or after. Steps on names and steps on one file's bytes are kept apart. */
type Step =
  | ByteStep
  | { readonly kind: "sync"; readonly inode: Inode }
  | { readonly kind: "link"; readonly path: string; readonly inode: Inode }
  | { readonly kind: "rename"; readonly from: string; readonly to: string; readonly inode: Inode }
  | { readonly kind: "unlink"; readonly path: string }
  | { readonly kind: "sync-names" };

type NameStep = Extract<Step, { kind: "link" | "rename" | "unlink" }>;
type ByteStep = (
  | { readonly kind: "write"; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly length: number }
) & {
  readonly inode: Inode;
  /** A sync failed: as in Linux, later syncs do not try again and call it a success. */
  forgotten: boolean;
};

export type DiskCall = "open" | "pwrite" | "fdatasync" | "ftruncate" | "fsync" | "rename" | "unlink" | "read";

export function diskError(syscall: DiskCall, code: string): Error {
  return Object.assign(new Error(`${code}, ${syscall}`), { code, syscall });
}

/** Numbers in [0, 1) that are the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class CrashDisk implements Disk {
  readonly #initial: DiskImage;
  readonly #initialInodes = new Map<string, Inode>();
  readonly #names = new Map<string, Inode>();
  readonly #open = new Map<number, Inode>();
  readonly #locked = new Set<Inode>();
  readonly #steps: Step[] = [];
  #nextFd = 3;
  /** Asked before each call; what it returns is thrown instead. A failing `pwrite` has written half of its bytes. */
  fault: (call: DiskCall, path: string) => Error | undefined = () => undefined;

  constructor(initial: DiskImage = new Map()) {
    this.#initial = initial;
    for (const [path, bytes] of initial) {
      const inode = { bytes: new FileBytes(bytes) };
      this.#initialInodes.set(path, inode);
      this.#names.set(path, inode);
    }
  }

  /** How many steps were made. */
  get length(): number {
    return this.#steps.length;
  }

  /** Descriptors that are not closed. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Every file as a running system sees it. */
  get image(): DiskImage {
    return new Map([...this.#names].map(([path, inode]) => [path, inode.bytes.view.slice()]));
  }

  async follow(path: string): Promise<string> {
    return path;
  }

  async openToRead(path: string): Promise<number | undefined> {
    await this.#enter("open", path);
    const inode = this.#names.get(path);
    return inode === undefined ? undefined : this.#addFd(inode);
  }

  async openOrCreate(path: string): Promise<number> {
    await this.#enter("open", path);
    let inode = this.#names.get(path);
    if (inode === undefined) {
      inode = { bytes: new FileBytes() };
      this.#names.set(path, inode);
      this.#steps.push({ kind: "link", path, inode });
    }
    return this.#addFd(inode);
  }

  async size(fd: number): Promise<number> {
    return this.#inode(fd).bytes.view.length;
  }

  async read(fd: number, bytes: Uint8Array, position: number): Promise<number> {
    const inode = this.#inode(fd);
    await this.#enter("read", this.#pathOf(inode));
    const part = inode.bytes.view.subarray(position, position + bytes.length);
    bytes.set(part);
    return part.length;
  }

  async commitAt(fd: number, bytes: Uint8Array, length: number, position: number): Promise<void> {
    const inode = this.#inode(fd);
    // Not `slice`, which of a `Buffer` is no copy.
    const part = new Uint8Array(bytes.subarray(0, length));
    const path = this.#pathOf(inode);
    const error = this.fault("pwrite", path);
    this.#write(inode, position, error === undefined ? part : part.subarray(0, length >> 1));
    // Others have their turn while the disk is busy.
    await new Promise(setImmediate);
    if (error !== undefined) throw error;
    await this.#sync("fdatasync", inode);
  }

  async truncate(fd: number, length: number): Promise<void> {
    const inode = this.#inode(fd);
    await this.#enter("ftruncate", this.#pathOf(inode));
    inode.bytes.resize(length);
    this.#steps.push({ kind: "truncate", inode, length, forgotten: false });
    await this.#sync("fsync", inode);
  }

  async close(fd: number): Promise<void> {
    this.#locked.delete(this.#inode(fd));
    this.#open.delete(fd);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#enter("rename", from);
    const inode = this.#names.get(from);
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${from}`), { code: "ENOENT", syscall: "rename" });
    this.#names.set(to, inode);
    this.#names.delete(from);
    this.#steps.push({ kind: "rename", from, to, inode });
  }

  async remove(path: string): Promise<void> {
    await this.#enter("unlink", path);
    if (this.#names.delete(path)) this.#steps.push({ kind: "unlink", path });
  }

  async isAt(fd: number, path: string): Promise<boolean> {
    return this.#names.get(path) === this.#inode(fd);
  }

  async addName(path: string, name: string): Promise<void> {
    const inode = this.#names.get(path);
    if (inode === undefined) return;
    this.#names.set(name, inode);
    this.#steps.push({ kind: "link", path: name, inode });
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#enter("fsync", path.slice(0, path.lastIndexOf("/") + 1));
    this.#steps.push({ kind: "sync-names" });
  }

  lock(fd: number): boolean {
    const inode = this.#inode(fd);
    if (this.#locked.has(inode)) return false;
    this.#locked.add(inode);
    return true;
  }

  /** Nothing is synced any more, as if the process had been killed in the middle of a write; for a disk that goes on, copy. */
  afterKill(): CrashDisk {
    const disk = new CrashDisk(this.#initial);
    disk.#initialInodes.clear();
    for (const [path, inode] of this.#initialInodes) disk.#initialInodes.set(path, inode);
    disk.#names.clear();
    for (const [path, inode] of this.#names) disk.#names.set(path, inode);
    disk.#steps.push(...this.#steps);
    return disk;
  }

  /**
   * Files as they may be found after a crash behind the first `steps` steps. What was synced is there. Of the rest each
   * step has happened, or not, or in part, whatever came of the steps around it.
   * @param choose numbers in [0, 1) that say what became of each; below 0.4 it is lost, above 0.8 it is torn
   */
  imageAfterCrash(steps: number, choose: () => number): DiskImage {
    const done = this.#steps.slice(0, steps);
    const names = new Map(this.#initialInodes);
    const lastNameSync = done.findLastIndex((step) => step.kind === "sync-names");
    for (const [i, step] of done.entries()) {
      if (step.kind === "link" || step.kind === "rename" || step.kind === "unlink") {
        if (i < lastNameSync || choose() >= 0.4) applyToNames(names, step);
      }
    }
    return new Map([...names].map(([path, inode]) => [path, this.#bytesAfterCrash(done, inode, choose)]));
  }

  #bytesAfterCrash(done: readonly Step[], inode: Inode, choose: () => number): Uint8Array {
    const initialPath = [...this.#initialInodes].find(([, each]) => each === inode)?.[0];
    const bytes = new FileBytes(initialPath === undefined ? undefined : this.#initial.get(initialPath));
    const lastSync = done.findLastIndex((step) => step.kind === "sync" && step.inode === inode);
    for (const [i, step] of done.entries()) {
      if ((step.kind === "write" || step.kind === "truncate") && step.inode === inode) {
        applyToBytes(bytes, step, i < lastSync && !step.forgotten ? 0.5 : choose(), choose);
      }
    }
    return bytes.view;
  }

  #write(inode: Inode, position: number, bytes: Uint8Array): void {
    inode.bytes.write(position, bytes);
    this.#steps.push({ kind: "write", inode, position, bytes, forgotten: false });
  }

  async #sync(call: DiskCall, inode: Inode): Promise<void> {
    try {
      await this.#enter(call, this.#pathOf(inode));
    } catch (error) {
      const from = this.#steps.findLastIndex((step) => step.kind === "sync" && step.inode === inode);
      for (const step of this.#steps.slice(from + 1)) {
        if ((step.kind === "write" || step.kind === "truncate") && step.inode === inode) step.forgotten = true;
      }
      throw error;
    }
    this.#steps.push({ kind: "sync", inode });
  }

  async #enter(call: DiskCall, path: string): Promise<void> {
    await Promise.resolve();
    const error = this.fault(call, path);
    if (error !== undefined) throw error;
  }

  #addFd(inode: Inode): number {
    this.#open.set(this.#nextFd, inode);
    return this.#nextFd++;
  }

  #inode(fd: number): Inode {
    const inode = this.#open.get(fd);
    if (inode === undefined) throw new Error(`EBADF: descriptor ${fd} is not open`);
    return inode;
  }

  #pathOf(inode: Inode): string {
    return [...this.#names].find(([, each]) => each === inode)?.[0] ?? "(removed)";
  }
}

function applyToNames(names: Map<string, Inode>, step: NameStep): void {
  if (step.kind === "link") names.set(step.path, step.inode);
  else if (step.kind === "unlink") names.delete(step.path);
  else {
    if (names.get(step.from) === step.inode) names.delete(step.from);
    names.set(step.to, step.inode);
  }
}

function applyToBytes(bytes: FileBytes, step: ByteStep, choice: number, choose: () => number): void {
  if (choice < 0.4) return;
  if (step.kind === "truncate") bytes.resize(step.length);
  else if (choice < 0.8) bytes.write(step.position, step.bytes);
  else {
    // Torn: some part in the middle arrived.
    const from = choose() < 0.5 ? 0 : Math.floor(choose() * step.bytes.length);
    const to = from + Math.ceil(choose() * (step.bytes.length - from));
    bytes.write(step.position + from, step.bytes.subarray(from, to));
  }
}
