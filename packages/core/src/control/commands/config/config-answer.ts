/** The configuration in force as commands give it back: in parts, beside service, and with a hash that is Kea's. */
import { createHash } from "node:crypto";
import { slicesOf } from "../../channel/slices.ts";
import { formatParts, type Json, JsonEntries, JsonText } from "../../kea-json.ts";

export class ConfigAnswer {
  readonly #root: string;
  readonly #write: () => Json;
  #hash: Promise<string> | undefined;

  /**
   * @param root the file's one key
   * @param write what is under it
   */
  constructor(root: string, write: () => Json) {
    this.#root = root;
    this.#write = write;
  }

  /** As the file would have it. */
  get file(): { readonly [root: string]: Json } {
    return { [this.#root]: this.#write() };
  }

  /** Changes when the configuration does: SHA-256 of its text in one line, in capital hexadecimal digits. */
  hash(): Promise<string> {
    this.#hash ??= this.#makeHash();
    return this.#hash;
  }

  async #makeHash(): Promise<string> {
    const hash = createHash("sha256");
    for await (const slice of slicesOf(formatParts(this.file))) hash.update(slice);
    return digestOf(hash);
  }

  /** Both, made at one go: the hash is known once the text before it is written. */
  withHash(): Json {
    const hash = createHash("sha256");
    const text = function* (config: Json, root: string) {
      hash.update(`{ "${root}": `);
      for (const part of formatParts(config)) {
        if (typeof part === "string") hash.update(part);
        yield part;
      }
      hash.update(" }");
    };
    const digest = function* () {
      yield `"${digestOf(hash)}"`;
    };
    return new JsonEntries([
      [[this.#root, new JsonText(text(this.#write(), this.#root))]],
      [["hash", new JsonText(digest())]],
    ]);
  }
}

function digestOf(hash: ReturnType<typeof createHash>): string {
  return hash.digest("hex").toUpperCase();
}
