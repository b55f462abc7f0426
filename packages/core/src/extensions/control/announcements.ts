/** What extensions say of themselves to whoever asks the service manager. */
import type { Extensions } from "../start-extensions.ts";

export class Announcements {
  readonly #words = new Map<string, string>();
  /** Called when there is something new. */
  onChange: () => void = () => undefined;

  /** @param name of the extension; its last words count */
  readonly set = (name: string, words: string): void => {
    if (this.#words.get(name) === words) return;
    this.#words.set(name, words);
    this.onChange();
  };

  /** Others are not in force any longer. */
  keep(extensions: Extensions): void {
    for (const name of [...this.#words.keys()]) {
      if (!extensions.some((extension) => extension.name === name)) this.#words.delete(name);
    }
  }

  /** Behind what the daemon says of itself. */
  behind(words: string): string {
    return [words, ...this.#words.values()].join("; ");
  }
}
