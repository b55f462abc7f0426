/**
 * Requests on their way to the DNS updater. An updater of ours confirms each, and what it has not confirmed is sent again;
 * Kea's confirms none, so what it has not refused counts as received.
 */
import type { Milliseconds } from "../base/clock.ts";
import { growingPauses } from "../base/retry.ts";
import { TransitMap } from "../base/transit-map.ts";

/** With an updater of ours: they come several in a datagram, of which its receive buffer holds many. */
const WINDOW = 256;
/** With Kea's, which does a thousand a second and loses what is too much; and with one that nobody knows. */
const UNCONFIRMED_WINDOW = 64;
/** In which the kernel would have told that nobody listens. */
const REFUSAL_TIME: Milliseconds = 100;
/** In which an updater of ours would have confirmed something. */
const CONFIRMATION_TIME: Milliseconds = 5000;

const pauses = growingPauses(1000, 10_000);
const pauseAfter = (tries: number): Milliseconds => pauses(tries) ?? 0;

interface Sent<Flight> {
  readonly number: number;
  readonly flight: Flight;
  readonly request: string;
  tries: number;
  sentAt: Milliseconds;
}

/** @typeParam Flight what a request is about */
export class RequestWindow<Flight> {
  readonly #send: (requests: readonly string[]) => void;
  readonly #now: () => Milliseconds;
  #outbox: Sent<Flight>[] = [];
  /** By number, in the order of sending. */
  readonly #sent = new TransitMap<number, Sent<Flight>>();
  #number: number;
  #confirms: boolean | undefined;
  /** Refusals in a row, and until when nothing is sent because of them. */
  #refusals = 0;
  #pausedUntil: Milliseconds = 0;

  /**
   * @param send what it is given at once may go into one datagram
   * @param firstNumber a random one, so that what is meant for an earlier life is not taken for this one
   * @param confirms whether the updater was one of ours when last heard of; `undefined` when nobody knows
   */
  constructor(
    send: (requests: readonly string[]) => void,
    now: () => Milliseconds,
    firstNumber: number,
    confirms: boolean | undefined,
  ) {
    this.#send = send;
    this.#now = now;
    this.#number = firstNumber;
    this.#confirms = confirms;
  }

  get confirms(): boolean | undefined {
    return this.#confirms;
  }

  get isEmpty(): boolean {
    return this.#sent.size === 0;
  }

  get isFull(): boolean {
    return this.#pausedUntil > 0 || this.#sent.size >= this.#limit;
  }

  /** Whether there is room for enough to be worth a datagram. */
  get isRoomy(): boolean {
    return this.#pausedUntil === 0 && this.#sent.size * 2 <= this.#limit;
  }

  get #limit(): number {
    return this.#confirms === true ? WINDOW : UNCONFIRMED_WINDOW;
  }

  /** By which the request that is opened next is to be confirmed. */
  get nextNumber(): number {
    return this.#number;
  }

  open(flight: Flight, request: string): void {
    const sent = { number: this.#number++, flight, request, tries: 0, sentAt: 0 };
    this.#sent.set(sent.number, sent);
    this.#outbox.push(sent);
  }

  /** Sends what has been opened, all at once where the updater is one of ours. */
  flush(): void {
    if (this.#outbox.length === 0) return;
    const now = this.#now();
    const requests: string[] = [];
    for (const sent of this.#outbox) {
      sent.tries++;
      sent.sentAt = now;
      requests.push(sent.request);
    }
    this.#outbox = [];
    if (this.#confirms === true) this.#send(requests);
    else for (const request of requests) this.#send([request]);
  }

  /** @returns what is done with */
  confirm(numbers: readonly number[]): Flight[] {
    const done: Flight[] = [];
    for (const number of numbers) {
      const sent = this.#sent.get(number);
      if (sent === undefined) continue;
      this.#sent.delete(number);
      done.push(sent.flight);
    }
    if (done.length === 0) return done;
    this.#confirms = true;
    // It is there again: what it has missed need not wait.
    if (this.#refusals > 0) for (const sent of this.#sent.values()) sent.tries = 1;
    this.#refusals = 0;
    this.#pausedUntil = 0;
    return done;
  }

  /** Nobody listened when something was sent. @returns whether that is news */
  refuse(): boolean {
    if (this.#sent.size === 0 || this.#pausedUntil > 0) return false;
    this.#refusals++;
    this.#pausedUntil = this.#now() + pauseAfter(this.#refusals);
    return this.#refusals === 1;
  }

  /** To be called several times a second while it is not empty. @returns what is done with as far as anybody can know */
  tick(): Flight[] {
    const now = this.#now();
    if (this.#pausedUntil > 0) {
      if (now < this.#pausedUntil) return [];
      this.#pausedUntil = 0;
      // In their order: whoever confirms nothing may be sent several for one name.
      this.#outbox = [...this.#sent.values()];
      this.flush();
      return [];
    }
    if (this.#confirms === true) {
      this.#outbox = [...this.#sent.values()].filter(({ tries, sentAt }) => now - sentAt >= pauseAfter(tries));
      this.flush();
      return [];
    }
    return this.#countAsReceived(now - (this.#confirms === false ? REFUSAL_TIME : CONFIRMATION_TIME));
  }

  #countAsReceived(sentBefore: Milliseconds): Flight[] {
    const done: Flight[] = [];
    for (const { number, flight, sentAt } of this.#sent.values()) {
      if (sentAt > sentBefore) break;
      this.#sent.delete(number);
      done.push(flight);
    }
    if (done.length > 0) {
      this.#confirms = false;
      this.#refusals = 0;
    }
    return done;
  }
}
