/** Remembers what became of the last packets and why, while somebody wants that. */
import type { Clock, Seconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import type { Explanation } from "../../control/explanation.ts";
import type { RecordedPacket } from "../../control/recorded-packet.ts";
import type { Attempt } from "../packets/attempt.ts";
import type { PathTypes } from "../packets/packet-path.ts";

interface ToldTypes extends PathTypes {
  /** `label` is how lines name the client. */
  message: { readonly label: Uint8Array };
}

/** Packets kept at most. */
const MOST = 100;
/** An explanation takes as long as some exchanges: no more of them in a second. */
const MOST_IN_SECOND = 50;

export class PacketRecord<T extends ToldTypes> {
  readonly #clock: Pick<Clock, "wall">;
  readonly #explain: (attempt: Attempt<T>) => Explanation;
  #client = "";
  #end: Timer | undefined;
  #kept: RecordedPacket[] = [];
  #missed = 0;
  #second = 0;
  #inSecond = 0;

  constructor(clock: Pick<Clock, "wall">, explain: (attempt: Attempt<T>) => Explanation) {
    this.#clock = clock;
    this.#explain = explain;
  }

  /** Asked for each packet: otherwise nothing is done for it. */
  get isOn(): boolean {
    return this.#end !== undefined;
  }

  /** Packets that were not kept since too many came at a time. */
  get missed(): number {
    return this.#missed;
  }

  /**
   * Begins anew.
   * @param client part of what the log calls the clients that are meant; empty for all
   */
  start(client: string, seconds: Seconds): void {
    this.stop();
    this.#client = client;
    this.#kept = [];
    this.#missed = 0;
    this.#end = Timer.after(seconds * 1000, () => this.stop()).unref();
  }

  /** What has been kept stays until the next start. */
  stop(): void {
    this.#end?.stop();
    this.#end = undefined;
  }

  add(attempt: Attempt<T>): void {
    const client = Buffer.from(attempt.packet.message.label).toString("latin1");
    if (!client.includes(this.#client)) return;
    const time = this.#clock.wall();
    if (!this.#hasTurn(Math.floor(time))) {
      this.#missed++;
      return;
    }
    this.#kept.push({ time, client, explanation: this.#explain(attempt) });
    if (this.#kept.length > MOST) this.#kept.shift();
  }

  #hasTurn(second: Seconds): boolean {
    if (second !== this.#second) {
      this.#second = second;
      this.#inSecond = 0;
    }
    return ++this.#inSecond <= MOST_IN_SECOND;
  }

  /** The oldest first. */
  list(): readonly RecordedPacket[] {
    return this.#kept;
  }
}
