/** A daemon's code in one file, and beside it what V8 has made of that before, so that it does not have to be compiled again. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** Of Node's own modules those that most starts do without: each takes milliseconds to load. */
const LATER: ReadonlySet<string> = new Set([
  "child_process",
  "dgram",
  "dns",
  "dns/promises",
  "http",
  "https",
  "readline",
  "tls",
  "worker_threads",
]);

/** Loads those when something of them is wanted. */
function requireLater(require: NodeJS.Require): (name: string) => unknown {
  return (name) => {
    if (!LATER.has(name.replace(/^node:/, ""))) return require(name);
    let loaded: object | undefined;
    const load = (): object => (loaded ??= require(name) as object);
    return new Proxy(
      {},
      {
        get: (_, key) => Reflect.get(load(), key) as unknown,
        // The rest is for who wants all of it, such as an import of the whole namespace.
        has: (_, key) => Reflect.has(load(), key),
        ownKeys: () => Reflect.ownKeys(load()),
        getOwnPropertyDescriptor: (_, key) => {
          const found = Reflect.getOwnPropertyDescriptor(load(), key);
          return found && { ...found, configurable: true };
        },
      },
    );
  };
}

export class Bundle {
  readonly #file: string;
  readonly #cache: string;
  /** V8 compares lengths only, and would run other code than there is. */
  readonly #digest: Uint8Array;
  readonly #script: Script;

  /**
   * @param folder has `daemon.cjs`, and perhaps `daemon.cache`: a digest of the code and what V8 wrote. One of other code, of
   *   another V8 or with other flags counts for nothing.
   */
  constructor(folder: string) {
    // V8 gives up code that has not run for five collections, which is a matter of minutes. Packets would wait while it is
    // compiled again: for the first command over HTTP that comes then, ten milliseconds.
    setFlagsFromString("--no-flush-bytecode");
    this.#file = join(folder, "daemon.cjs");
    this.#cache = join(folder, "daemon.cache");
    const code = readFileSync(this.#file);
    this.#digest = createHash("sha256").update(code).digest();
    const kept = existsSync(this.#cache) ? readFileSync(this.#cache) : Buffer.alloc(0);
    const { length } = this.#digest;
    this.#script = new Script(code.toString("latin1"), {
      filename: this.#file,
      ...(kept.subarray(0, length).equals(this.#digest) ? { cachedData: kept.subarray(length) } : {}),
    });
  }

  run(): void {
    // build.mjs puts the code into a function of this shape.
    const code: (require: (name: string) => unknown, filename: string) => void = this.#script.runInThisContext();
    code(requireLater(createRequire(this.#file)), this.#file);
  }

  /** Keeps what has been compiled by now, in place whole: a daemon may be reading the old one. */
  keep(): void {
    const unfinished = `${this.#cache}.${process.pid}`;
    writeFileSync(unfinished, Buffer.concat([this.#digest, this.#script.createCachedData()]));
    // Whatever the daemon's umask is.
    chmodSync(unfinished, 0o644);
    renameSync(unfinished, this.#cache);
  }
}
