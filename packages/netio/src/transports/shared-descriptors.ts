/** File descriptors that several hold together: the first opens one, the last closes it. */

import { closeSync } from "node:fs";

interface Share {
  readonly fd: number;
  holders: number;
}

export class SharedDescriptors {
  readonly #shares = new Map<number, Share>();

  /** @param key of what is shared @param open makes it if nobody has it; may throw */
  take(key: number, open: () => number): Disposable {
    const share = this.#shares.get(key) ?? { fd: open(), holders: 0 };
    this.#shares.set(key, share);
    share.holders++;
    let released = false;
    return {
      [Symbol.dispose]: () => {
        if (released) return;
        released = true;
        share.holders--;
        if (share.holders > 0) return;
        this.#shares.delete(key);
        closeSync(share.fd);
      },
    };
  }
}
