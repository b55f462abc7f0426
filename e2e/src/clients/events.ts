/** What hook.sh reports, as it happens. */
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { delay } from "../lab/program.ts";

export interface ClientEvent {
  /** As the client names it: BOUND, RENEW, bound, deconfig, … */
  readonly reason: string;
  readonly variables: Readonly<Record<string, string>>;
}

export class Events implements Disposable {
  readonly folder: string;
  readonly seen: ClientEvent[] = [];
  readonly #watcher: FSWatcher;
  readonly #read = new Set<string>();
  #arrived: () => void = () => {};
  #next = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.#watcher = watch(folder, () => this.#take());
  }

  #take(): void {
    const fresh = readdirSync(this.folder).filter((name) => !name.startsWith(".") && !this.#read.has(name));
    for (const name of fresh.sort()) {
      this.#read.add(name);
      const entries = readFileSync(join(this.folder, name), "utf8")
        .split("\0")
        .filter((line) => line.includes("="))
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
      const variables = Object.fromEntries(entries);
      this.seen.push({ reason: variables["reason"] ?? "", variables });
    }
    if (fresh.length > 0) this.#arrived();
  }

  /**
   * The next event with one of these reasons; those before it are passed over.
   * @throws Error that tells what did happen when it does not come within `timeout` milliseconds
   */
  async next(reasons: readonly string[], timeout: number): Promise<ClientEvent> {
    const timer = new AbortController();
    const over = delay(timeout, timer.signal).then(() => "over" as const);
    try {
      for (;;) {
        for (; this.#next < this.seen.length; this.#next++) {
          const event = this.seen[this.#next]!;
          if (reasons.includes(event.reason)) {
            this.#next++;
            return event;
          }
        }
        const arrived = new Promise<"arrived">((resolve) => {
          this.#arrived = () => resolve("arrived");
        });
        if ((await Promise.race([arrived, over])) === "over") break;
      }
    } finally {
      timer.abort();
    }
    const happened = this.seen.map((event) => event.reason).join(", ");
    throw new Error(`no ${reasons.join(" or ")} within ${timeout} ms; events so far: ${happened || "none"}`);
  }

  [Symbol.dispose](): void {
    this.#watcher.close();
  }
}
