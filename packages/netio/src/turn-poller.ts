/** Calls back while something waits in memory, once in each turn of Node's event loop: as a `Poller` does of the kernel. */
export class TurnPoller implements Disposable {
  readonly #waits: () => boolean;
  #onReadable: (() => void) | undefined;
  #isPaused = false;
  #call: NodeJS.Immediate | undefined;

  /** @param waits whether something does */
  constructor(waits: () => boolean) {
    this.#waits = waits;
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
    this.look();
  }

  pause(): void {
    this.#isPaused = true;
    this.#giveUp();
  }

  resume(): void {
    this.#isPaused = false;
    this.look();
  }

  /** To be called when something has come. */
  look(): void {
    if (this.#isPaused || this.#onReadable === undefined || !this.#waits()) return;
    this.#call ??= setImmediate(() => {
      this.#call = undefined;
      this.#onReadable?.();
      this.look();
    });
  }

  /** Calls no more. */
  [Symbol.dispose](): void {
    this.#onReadable = undefined;
    this.#giveUp();
  }

  #giveUp(): void {
    clearImmediate(this.#call);
    this.#call = undefined;
  }
}
