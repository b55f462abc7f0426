/** A slow way between two hosts, for TCP: what goes through it is late, and what is lost comes when it has been sent again. */

import { once } from "node:events";
import { createServer, type Server, type Socket, connect as to } from "node:net";

interface Place {
  readonly host: string;
  readonly port: number;
}

interface Slowness {
  /** Milliseconds, one way. */
  readonly late: number;
  /** Of 100 pieces. */
  readonly lost: number;
}

/** Milliseconds after which TCP sends again what was lost: the kernel's least, and what the way takes. */
const AGAIN = 200;

export class SlowLink implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #slowness: Slowness;
  #pieces = 0;

  private constructor(end: Place, slowness: Slowness) {
    this.#slowness = slowness;
    this.#server = createServer((near) => {
      const far = to(end);
      this.#carry(near, far);
      this.#carry(far, near);
    });
  }

  /** @param begin where this process listens @param end what is reached through it */
  static async start(begin: Place, end: Place, slowness: Slowness): Promise<SlowLink> {
    const link = new SlowLink(end, slowness);
    await once(link.#server.listen(begin.port, begin.host), "listening");
    return link;
  }

  #carry(from: Socket, into: Socket): void {
    this.#sockets.add(from);
    let last = 0;
    const later = (what: () => void) => {
      const { late } = this.#slowness;
      // Nothing comes before what was sent before it.
      last = Math.max(last, performance.now() + late + (this.#isLost() ? AGAIN + 2 * late : 0));
      setTimeout(what, last - performance.now());
    };
    from.on("data", (piece) => later(() => into.write(piece)));
    from.on("end", () => later(() => into.end()));
    from.on("error", () => into.destroy());
    from.on("close", () => this.#sockets.delete(from));
  }

  /** Every so many, so that each run loses some. */
  #isLost(): boolean {
    return ++this.#pieces % Math.round(100 / this.#slowness.lost) === 0;
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
