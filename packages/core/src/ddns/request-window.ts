/**
 * Requests on their way to the DNS updater. An updater of ours confirms each, and what it has not confirmed is sent again;
 * Kea's confirms none, so what it has not refused counts as received.
 */
import type { Milliseconds } from "../base/clock.ts";
import { growingPauses } from "../daemon/retry.ts";

/** A socket's default receive buffer holds 166 requests. */
const WINDOW = 128;
/** With Kea's updater, which does a thousand a second and loses what is too much. */
const UNCONFIRMED_WINDOW = 64;
/** In which the kernel would have told that nobody listens. */
const REFUSAL_TIME: Milliseconds = 100;
/** In which an updater of ours would have confirmed something. */
const CONFIRMATION_TIME: Milliseconds = 5000;

const pauses = growingPauses(1000, 10_000);
const pauseAfter = (tries: number): Milliseconds => pauses(tries) ?? 0;

interface Sent<Flight> {
  readonly flight: Flight;
  readonly bytes: Uint8Array;
  tries: number;
  sentAt: Milliseconds;
}

/** @typeParam Flight what a request is about */
export class RequestWindow<Flight> {
  readonly #send: (datagram: Uint8Array) => void;
  readonly #now: () => Milliseconds;
  /** Bytes of the datagrams that several requests go in together. */
  readonly #together: number;
  #outbox: Uint8Array[] = [];
  /** By number, in the order of sending. */
  readonly #sent = new Map<number, Sent<Flight>>();
  #number: number;
  #confirms: boolean | undefined;
  /** Refusals in a row, and until when nothing is sent because of them. */
  #refusals = 0;
  #pausedUntil: Milliseconds = 0;

  /**
   * @param firstNumber a random one, so that what is meant for an earlier life is not taken for this one
   * @param confirms whether the updater was one of ours when last heard of; `undefined` when nobody knows
   * @param together how long datagrams may be in which several requests go, bytes
   */
  constructor(
    send: (datagram: Uint8Array) => void,
    now: () => Milliseconds,
    firstNumber: number,
    confirms: boolean | undefined,
    together: number,
  ) {
    this.#together = together;
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
    if (this.#pausedUntil > 0) return true;
    return this.#sent.size >= (this.#confirms === false ? UNCONFIRMED_WINDOW : WINDOW);
  }

  /** @param encode the request with the number by which it is to be confirmed */
  open(flight: Flight, encode: (confirm: number) => Uint8Array): void {
    const number = this.#number++;
    const bytes = encode(number);
    this.#sent.set(number, { flight, bytes, tries: 1, sentAt: this.#now() });
    this.#outbox.push(bytes);
  }

  /** Sends what has been opened; as few datagrams as possible where the updater is one of ours. */
  flush(): void {
    const outbox = this.#outbox;
    this.#outbox = [];
    if (this.#confirms !== true) {
      for (const request of outbox) this.#send(request);
      return;
    }
    let first = 0;
    let length = 0;
    for (const [i, request] of outbox.entries()) {
      if (length > 0 && length + request.length > this.#together) {
        this.#sendTogether(outbox.slice(first, i));
        first = i;
        length = 0;
      }
      length += request.length;
    }
    if (first < outbox.length) this.#sendTogether(outbox.slice(first));
  }

  #sendTogether(requests: readonly Uint8Array[]): void {
    this.#send(requests.length === 1 ? requests[0]! : Buffer.concat(requests));
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
      for (const sent of this.#sent.values()) this.#sendAgain(sent, now);
      this.flush();
      return [];
    }
    if (this.#confirms === true) {
      for (const sent of this.#sent.values()) {
        if (now - sent.sentAt >= pauseAfter(sent.tries)) this.#sendAgain(sent, now);
      }
      this.flush();
      return [];
    }
    return this.#countAsReceived(now - (this.#confirms === false ? REFUSAL_TIME : CONFIRMATION_TIME));
  }

  #sendAgain(sent: Sent<Flight>, now: Milliseconds): void {
    sent.tries++;
    sent.sentAt = now;
    this.#outbox.push(sent.bytes);
  }

  #countAsReceived(sentBefore: Milliseconds): Flight[] {
    const done: Flight[] = [];
    for (const [number, { flight, sentAt }] of this.#sent) {
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
