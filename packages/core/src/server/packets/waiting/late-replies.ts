/** Replies whose leases are durable here, and are to be elsewhere, too: they wait for that, and no other batch waits with them. */
import type { Asked, PacketPath, PathTypes, Unsafe } from "../packet-path.ts";

/** So many batches may wait, each with the memory of its packets and replies, some 100 kB. The oldest gives way. */
const MOST = 256;

export class LateReplies<T extends PathTypes> {
  /** Have those that wait give way; the oldest first. */
  readonly #waiting: (() => void)[] = [];

  /** Never rejects. @returns those that may not be answered, and why */
  async wait({ attempts, unsafe, end }: Asked<T>, { drop }: Pick<PacketPath<T>, "drop">): Promise<Unsafe<T>> {
    let giveWay: () => void = () => {};
    const gaveWay = new Promise<undefined>((resolve) => {
      giveWay = () => resolve(undefined);
    });
    this.#waiting.push(giveWay);
    if (this.#waiting.length > MOST) this.#waiting.shift()!();
    const known = await Promise.race([unsafe, gaveWay]);
    if (known === undefined) {
      end();
      const full = drop("parked-full");
      return new Map(attempts.map((attempt) => [attempt, full]));
    }
    const at = this.#waiting.indexOf(giveWay);
    if (at >= 0) this.#waiting.splice(at, 1);
    return known;
  }
}
