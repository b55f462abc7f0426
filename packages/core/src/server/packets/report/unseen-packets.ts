/** Tells of packets that never came to be decoded, which nobody would miss otherwise: lost in the kernel, too long, or broken. */
import type { TransportStats } from "@kotare/netio/transports/datagram";
import type { Seconds } from "../../../base/clock.ts";
import type { Logger } from "../../../log/logger.ts";
import type { ServerMessages } from "../../messages.ts";

/** Said at once, and then so often at most. */
const PAUSE: Seconds = 60;

type Counts = Pick<TransportStats, "kernelDrops" | "badFrames">;

const NONE: Counts = { kernelDrops: 0, badFrames: 0 };

export class UnseenPackets {
  readonly #log: Logger;
  readonly #messages: Pick<ServerMessages, "PACKETS_UNSEEN">;
  /** What has been told. */
  #told = NONE;
  #due: Seconds = Number.NEGATIVE_INFINITY;

  constructor(log: Logger, messages: Pick<ServerMessages, "PACKETS_UNSEEN">) {
    this.#log = log;
    this.#messages = messages;
  }

  /** @param stats of the transport in use, or of one that has taken its place and begins anew */
  check({ kernelDrops, badFrames }: Counts, now: Seconds): void {
    if (kernelDrops < this.#told.kernelDrops || badFrames < this.#told.badFrames) this.#told = NONE;
    const lost = kernelDrops - this.#told.kernelDrops;
    const broken = badFrames - this.#told.badFrames;
    if (now < this.#due || lost + broken === 0) return;
    this.#told = { kernelDrops, badFrames };
    this.#due = now + PAUSE;
    this.#log.log(this.#messages.PACKETS_UNSEEN, { lost, broken });
  }
}
