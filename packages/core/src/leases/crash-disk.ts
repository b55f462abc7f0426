/** A disk in memory for tests: it writes down every call, can fail any of them, and says what a crash could leave. */
import type { Disk } from "./disk.ts";

interface Inode {
  bytes: Uint8Array;
}

/** Names and contents of files at one moment. */
export type DiskImage = ReadonlyMap<string, Uint8Array>;

/** One step that a crash may come before or after. Steps on names and steps on one file's bytes are kept apart. */
type Step =
  | { readonly kind: "write"; readonly inode: Inode; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly inode: Inode; readonly length: number }
  | { readonly kind: "sync"; readonly inode: Inode }
  | { readonly kind: "link"; readonly path: string; readonly inode: Inode }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "unlink"; readonly path: string }
  | { readonly kind: "sync-names" };

type NameStep = Extract<Step, { kind: "link" | "rename" | "unlink" }>;
type ByteStep = Extract<Step, { kind: "write" | "truncate" }>;

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

function overwrite(bytes: Uint8Array, position: number, part: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.max(bytes.length, position + part.length));
  result.set(bytes);
  result.set(part, position);
  return result;
}

function resize(bytes: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  result.set(bytes.subarray(0, length));
  return result;
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
      const inode = { bytes };
      this.#initialInodes.set(path, inode);
      this.#names.set(path, inode);
    }
  }

  /** How many steps were made. */
  get length(): number {
    return this.#steps.length;
  }

  /** Every file as a running system sees it. */
  get image(): DiskImage {
    return new Map([...this.#names].map(([path, inode]) => [path, inode.bytes]));
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
      inode = { bytes: new Uint8Array(0) };
      this.#names.set(path, inode);
      this.#steps.push({ kind: "link", path, inode });
    }
    return this.#addFd(inode);
  }

  async size(fd: number): Promise<number> {
    return this.#inode(fd).bytes.length;
  }

  async read(fd: number, bytes: Uint8Array, position: number): Promise<number> {
    const inode = this.#inode(fd);
    await this.#enter("read", this.#pathOf(inode));
    const part = inode.bytes.subarray(position, position + bytes.length);
    bytes.set(part);
    return part.length;
  }

  async commitAt(fd: number, bytes: Uint8Array, length: number, position: number): Promise<void> {
    const inode = this.#inode(fd);
    const part = bytes.slice(0, length);
    const path = this.#pathOf(inode);
    const error = this.fault("pwrite", path);
    this.#write(inode, position, error === undefined ? part : part.subarray(0, length >> 1));
    // Others have their turn while the disk is busy.
    await new Promise(setImmediate);
    if (error !== undefined) throw error;
    await this.#enter("fdatasync", path);
    this.#steps.push({ kind: "sync", inode });
  }

  async truncate(fd: number, length: number): Promise<void> {
    const inode = this.#inode(fd);
    await this.#enter("ftruncate", this.#pathOf(inode));
    inode.bytes = resize(inode.bytes, length);
    this.#steps.push({ kind: "truncate", inode, length });
    await this.#enter("fsync", this.#pathOf(inode));
    this.#steps.push({ kind: "sync", inode });
  }

  async close(fd: number): Promise<void> {
    this.#locked.delete(this.#inode(fd));
    this.#open.delete(fd);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#enter("rename", from);
    this.#names.set(to, this.#names.get(from)!);
    this.#names.delete(from);
    this.#steps.push({ kind: "rename", from, to });
  }

  async remove(path: string): Promise<void> {
    await this.#enter("unlink", path);
    if (this.#names.delete(path)) this.#steps.push({ kind: "unlink", path });
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
    let bytes = initialPath === undefined ? new Uint8Array(0) : this.#initial.get(initialPath)!;
    const lastSync = done.findLastIndex((step) => step.kind === "sync" && step.inode === inode);
    for (const [i, step] of done.entries()) {
      if ((step.kind === "write" || step.kind === "truncate") && step.inode === inode) {
        bytes = applyToBytes(bytes, step, i < lastSync ? 0.5 : choose(), choose);
      }
    }
    return bytes;
  }

  #write(inode: Inode, position: number, bytes: Uint8Array): void {
    inode.bytes = overwrite(inode.bytes, position, bytes);
    this.#steps.push({ kind: "write", inode, position, bytes });
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
    const inode = names.get(step.from);
    // A file whose making was lost cannot have been renamed.
    if (inode === undefined) return;
    names.delete(step.from);
    names.set(step.to, inode);
  }
}

function applyToBytes(bytes: Uint8Array, step: ByteStep, choice: number, choose: () => number): Uint8Array {
  if (choice < 0.4) return bytes;
  if (step.kind === "truncate") return resize(bytes, step.length);
  if (choice < 0.8) return overwrite(bytes, step.position, step.bytes);
  // Torn: some part in the middle arrived; zeros stand where bytes are missing before it.
  const from = choose() < 0.5 ? 0 : Math.floor(choose() * step.bytes.length);
  const to = from + Math.ceil(choose() * (step.bytes.length - from));
  return overwrite(bytes, step.position + from, step.bytes.subarray(from, to));
}
