/**
 * Standard output and standard error. Node's own streams write to pipes synchronously, so that a slow reader would
 * stop the daemon; here the write runs in Node's thread pool.
 */
import { write, writeSync } from "node:fs";
import type { Destination } from "./destination.ts";

export class DescriptorDestination implements Destination {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async write(lines: Uint8Array): Promise<void> {
    let at = 0;
    while (at < lines.length) at += await this.#writeSome(lines, at);
  }

  #writeSome(lines: Uint8Array, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.#fd, lines, at, lines.length - at, null, (error, written) => {
        if (error === null) resolve(written);
        // Somebody who shares the terminal or pipe made it non-blocking: try again when it has been read from.
        else if (error.code === "EAGAIN") setTimeout(resolve, 10, 0);
        else reject(error);
      });
    });
  }

  writeSync(lines: Uint8Array): void {
    let at = 0;
    while (at < lines.length) at += writeSync(this.#fd, lines, at);
  }

  reopen(): void {}

  async close(): Promise<void> {}
}
