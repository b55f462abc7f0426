/** Sockets that a configuration names: opened, kept over reloads, and tried again for as long as they cannot be had. */

/** Seconds between two tries. */
const PAUSE = 10;

interface SocketKind<Wanted, Open extends { close(): void }> {
  /** The same name is the same socket. */
  nameOf(wanted: Wanted): string;
  /** @throws what is in the way */
  open(wanted: Wanted): Promise<Open>;
  /** It stays open over a reload. */
  keep(open: Open, wanted: Wanted): void;
  failed(wanted: Wanted, error: string, seconds: number): void;
}

export class KeptSockets<Wanted, Open extends { close(): void }> {
  readonly #kind: SocketKind<Wanted, Open>;
  /** By name: `open` is `undefined` while it is tried. */
  readonly #sockets = new Map<string, { wanted: Wanted; open: Open | undefined }>();

  constructor(kind: SocketKind<Wanted, Open>) {
    this.#kind = kind;
  }

  /** Resolves when each has been tried once; sockets that are still wanted stay open. */
  async configure(wanted: readonly Wanted[]): Promise<void> {
    const names = new Map(wanted.map((each) => [this.#kind.nameOf(each), each]));
    for (const [name, { open }] of this.#sockets) {
      if (names.has(name)) continue;
      this.#sockets.delete(name);
      open?.close();
    }
    const added: string[] = [];
    for (const [name, each] of names) {
      const kept = this.#sockets.get(name);
      if (kept === undefined) {
        added.push(name);
        this.#sockets.set(name, { wanted: each, open: undefined });
        continue;
      }
      kept.wanted = each;
      if (kept.open !== undefined) this.#kind.keep(kept.open, each);
    }
    await Promise.all(added.map((name) => this.#open(name)));
  }

  close(): void {
    for (const { open } of this.#sockets.values()) open?.close();
    this.#sockets.clear();
  }

  async #open(name: string): Promise<void> {
    const kept = this.#sockets.get(name);
    if (kept === undefined) return;
    const { wanted } = kept;
    try {
      const open = await this.#kind.open(wanted);
      // Not wanted any more, or not like that, when it was there at last.
      if (this.#sockets.get(name) !== kept) open.close();
      else {
        kept.open = open;
        if (kept.wanted !== wanted) this.#kind.keep(open, kept.wanted);
      }
    } catch (error) {
      this.#kind.failed(wanted, (error as Error).message, PAUSE);
      setTimeout(() => {
        if (this.#sockets.get(name) === kept) void this.#open(name);
      }, PAUSE * 1000).unref();
    }
  }
}
