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

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    let at = 0;
    while (at < bytes.length) at += await this.#writeSome(bytes, at);
  }

  #writeSome(bytes: Buffer, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.#fd, bytes, at, bytes.length - at, null, (error, written) => {
        if (error === null) resolve(written);
        // Somebody who shares the terminal or pipe made it non-blocking: try again when it has been read from.
        else if (error.code === "EAGAIN") setTimeout(resolve, 10, 0);
        else reject(error);
      });
    });
  }

  writeSync(text: string): void {
    const bytes = Buffer.from(text);
    let at = 0;
    while (at < bytes.length) at += writeSync(this.#fd, bytes, at);
  }

  reopen(): void {}

  async close(): Promise<void> {}
}
