/**
 * The time that leases live by. It is not the wall clock: that one is set by people, by NTP and, on a board without a
 * battery, by nobody until the network is up; a server that believed it would see every lease expire when it jumps ahead,
 * or give leases that end in 1970.
 *
 * Lease time T
 * - begins at the wall clock, or at the time that the lease file knows of if that is later: a host that boots without
 *   a clock goes on where it stopped;
 * - runs with the monotonic clock, and follows the wall clock when that is a little ahead (below 60 s: drift, a leap
 *   second, NTP's first correction), so that times in the lease file agree with everybody else's;
 * - keeps running when the wall clock is behind or is put back: no lease becomes longer, no time comes twice;
 * - when the wall clock is ahead by more, T and all leases move together by the difference (`tick` says by how much, and
 *   its caller moves the leases): each keeps the rest of its lifetime, and nothing expires because a clock was set. A
 *   machine that slept looks the same, and its leases are held for longer than they need be, which harms nobody.
 */
import type { Clock, Milliseconds, Seconds } from "../../base/clock.ts";

/** From here on a difference between the clocks is a clock that was set, not one that drifts. */
const JUMP: Seconds = 60;

export type LeaseClockEvent =
  /** The wall clock was set ahead; all times moved along. */
  | { readonly kind: "clock-jumped"; readonly seconds: Seconds }
  /** The wall clock is behind lease time, which goes on regardless; told once until it has caught up. */
  | { readonly kind: "clock-behind"; readonly seconds: Seconds };

export class LeaseClock implements Clock {
  readonly #clock: Clock;
  readonly #report: (event: LeaseClockEvent) => void;
  /** T when the monotonic clock stood at 0. */
  #origin: Seconds;
  #isBehind = false;

  /** @param newest the time that the lease file knows of; 0 when there is none */
  constructor(clock: Clock, newest: Seconds, report: (event: LeaseClockEvent) => void) {
    this.#clock = clock;
    this.#report = report;
    this.#origin = Math.max(clock.wall(), newest) - clock.monotonic() / 1000;
  }

  /** T. */
  wall(): Seconds {
    return this.#origin + this.#clock.monotonic() / 1000;
  }

  monotonic(): Milliseconds {
    return this.#clock.monotonic();
  }

  /**
   * Compares the clocks; to be called every few seconds.
   * @returns by how many whole seconds T has just moved ahead: the caller moves all leases by as much before it looks
   *   at the time again. 0 as good as always.
   */
  tick(): { readonly jumped: Seconds } {
    const ahead = this.#clock.wall() - this.wall();
    if (ahead >= JUMP) {
      const jumped = Math.floor(ahead);
      this.#origin += jumped;
      this.#isBehind = false;
      this.#report({ kind: "clock-jumped", seconds: jumped });
      return { jumped };
    }
    if (ahead > 0) this.#origin += ahead;
    const isBehind = ahead <= -JUMP;
    if (isBehind && !this.#isBehind) this.#report({ kind: "clock-behind", seconds: Math.round(-ahead) });
    this.#isBehind = isBehind;
    return { jumped: 0 };
  }
}
