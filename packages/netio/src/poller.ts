/** Calls back while a file descriptor is readable, on Node's event loop. */

import { native, type PollerHandle } from "./native.ts";
import { checkResult, systemError } from "./system-error.ts";

/** Level-triggered: calls again in each turn of the loop until the descriptor is drained or the poller paused. Keeps the
 * process alive while it runs. Dispose it before closing the descriptor. */
export class Poller implements Disposable {
  readonly #handle: PollerHandle;
  #isRunning = false;

  constructor(fd: number, onReadable: () => void) {
    const handle = native.openPoller(fd, onReadable);
    if (typeof handle === "number") throw systemError("epoll_ctl", handle);
    this.#handle = handle;
  }

  /** Starts, or goes on after `pause`. No system call where it runs already. */
  resume(): void {
    if (this.#isRunning) return;
    checkResult("epoll_ctl", native.startPoller(this.#handle));
    this.#isRunning = true;
  }

  pause(): void {
    if (!this.#isRunning) return;
    checkResult("epoll_ctl", native.stopPoller(this.#handle));
    this.#isRunning = false;
  }

  [Symbol.dispose](): void {
    native.closePoller(this.#handle);
  }
}
