/** An extension that has been started: every call of it goes through here, is watched, and fails for itself only. */
import type { Contexts, Contributions, Extension } from "@kotare/extension";
import type { Clock, Milliseconds } from "../base/clock.ts";
import { withinTime } from "../base/within-time.ts";
import type { Logger } from "../log/logger.ts";
import { ExtensionError } from "./extension-error.ts";
import type { LibraryConfig } from "./find-extension.ts";
import { extensionMessages } from "./messages.ts";
import { Observer } from "./observer.ts";

/** Who holds the main loop so long is named. */
const HELD: Milliseconds = 5;
/** How often. */
const PERIOD: Milliseconds = 10_000;

/** What an extension is told by a configuration. */
export interface Told {
  readonly extension: Extension;
  readonly entry: LibraryConfig;
  readonly contexts: Contexts<unknown>;
}

export class RunningExtension {
  readonly name: string;
  readonly contributions: Contributions;
  readonly observer: Observer;
  /** At its start; absent where no configuration has named it. */
  readonly told: Told | undefined;
  readonly #log: Logger;
  readonly #clock: Pick<Clock, "monotonic">;
  #named: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(name: string, contributions: Contributions, log: Logger, clock: Pick<Clock, "monotonic">, told?: Told) {
    this.name = name;
    this.told = told;
    this.contributions = contributions;
    this.observer = new Observer(this, log);
    this.#log = log;
    this.#clock = clock;
  }

  /** For what must answer at once. @param what which of its functions @throws ExtensionError */
  call<R>(what: string, run: () => R): R {
    const began = this.#clock.monotonic();
    let result: R;
    try {
      result = run();
    } catch (error) {
      throw error instanceof ExtensionError ? error : new ExtensionError(this.name, error);
    } finally {
      this.#watch(what, began);
    }
    if (result instanceof Promise) {
      // Nobody else waits for it.
      result.catch(() => {});
      throw this.fault(`${what} has to answer at once, and gave a promise`);
    }
    return result;
  }

  /** For what may take its time, up to a limit. Rejects with `ExtensionError`. @param what which of its functions */
  async ask<R>(what: string, run: () => R | Promise<R>, limit: Milliseconds): Promise<R> {
    const began = this.#clock.monotonic();
    try {
      const asked = run();
      this.#watch(what, began);
      return await withinTime(asked, limit, `${what} has not come to its end in ${limit / 1000} s`);
    } catch (error) {
      throw new ExtensionError(this.name, error);
    }
  }

  fault(words: string): ExtensionError {
    return new ExtensionError(this.name, words);
  }

  #watch(what: string, began: Milliseconds): void {
    const now = this.#clock.monotonic();
    if (now - began <= HELD || now < this.#named + PERIOD) return;
    this.#named = now;
    const milliseconds = Math.round(now - began);
    this.#log.log(extensionMessages.EXTENSION_HOLDS, { name: this.name, milliseconds, what });
  }
}
