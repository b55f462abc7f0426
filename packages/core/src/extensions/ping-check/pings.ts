/** Finds out whether somebody has an IPv4 address: asks so often, and waits so long for each answer. */
import { AddressProbe, type ProbeAnswer } from "@kotare/netio/address-probe";
import type { Milliseconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";

/** What asks. */
export type Probe = Pick<AddressProbe, "ask"> & Disposable;

export class Pings implements Disposable {
  readonly #probe: Probe;
  /** Who waits for an answer, by the address that was asked. */
  readonly #waiting = new Map<Ipv4, Set<(answer: ProbeAnswer) => void>>();

  /**
   * @param open begins to listen
   * @throws whatever `open` throws
   */
  constructor(open: (onAnswer: (address: Ipv4, answer: ProbeAnswer) => void) => Probe) {
    this.#probe = open((address, answer) => {
      for (const told of this.#waiting.get(address) ?? []) told(answer);
    });
  }

  static open(): Pings {
    return new Pings((onAnswer) => new AddressProbe(onAnswer));
  }

  /** @returns whether somebody has the address: not where nobody can be asked */
  async isInUse(address: Ipv4, requests: number, timeout: Milliseconds): Promise<boolean> {
    for (let sent = 0; sent < requests; sent++) {
      const answer = this.#wait(address, timeout);
      if (this.#probe.ask(address) !== undefined) return false;
      const answered = await answer;
      if (answered !== undefined) return answered === "in-use";
    }
    return false;
  }

  /** @returns `undefined` where nothing came in time */
  #wait(address: Ipv4, timeout: Milliseconds): Promise<ProbeAnswer | undefined> {
    return new Promise((resolve) => {
      const end = (answer?: ProbeAnswer) => {
        timer.stop();
        waiting.delete(end);
        if (waiting.size === 0) this.#waiting.delete(address);
        resolve(answer);
      };
      const timer = Timer.after(timeout, end);
      const waiting = this.#waiting.get(address) ?? new Set();
      this.#waiting.set(address, waiting.add(end));
    });
  }

  /** Who waits still is told nothing more. */
  [Symbol.dispose](): void {
    this.#probe[Symbol.dispose]();
  }
}
