/** The exchanges under way: which one a reply belongs to, and which have waited too long. */

/** What a transaction id says of an exchange: with the leg that comes behind it, a transaction id of DHCPv6. */
const NUMBERS = 1 << 22;
/** As many exchanges as may be under way or remembered. */
const SLOTS = 1 << 18;

const State = { free: 0, waiting: 1, done: 2, lost: 3 } as const;

/** What a reply is that no exchange waits for. */
export const Stray = {
  /** Not to a message of ours, or to one that is long forgotten. */
  foreign: -1,
  /** One more to the same message. */
  duplicate: -2,
  /** To a message that was given up. */
  late: -3,
} as const;

/** An exchange is known by its slot. */
export class Exchanges {
  readonly #numbers = new Int32Array(SLOTS).fill(-1);
  readonly #states = new Uint8Array(SLOTS);
  readonly #legs = new Uint8Array(SLOTS);
  readonly #steps = new Uint16Array(SLOTS);
  readonly #clients = new Uint32Array(SLOTS);
  readonly #sentAt = new Float64Array(SLOTS);
  #begun: number;
  /** All before it have ended. */
  #oldest: number;

  /** @param first any number: replies to a run that has just ended should not find theirs here */
  constructor(first = 0) {
    this.#begun = first;
    this.#oldest = first;
  }

  /** Whether one may still be waiting. */
  get areUnderWay(): boolean {
    return this.#oldest < this.#begun;
  }

  /** Whether there is no room for one more. */
  get areTooMany(): boolean {
    return this.#begun - this.#oldest === SLOTS;
  }

  begin(client: number, step: number, leg: number): number {
    const slot = this.#begun % SLOTS;
    this.#numbers[slot] = this.#begun % NUMBERS;
    this.#begun++;
    this.#clients[slot] = client;
    this.#steps[slot] = step;
    this.#legs[slot] = leg;
    this.#states[slot] = State.waiting;
    // Not given up before it is sent.
    this.#sentAt[slot] = Number.POSITIVE_INFINITY;
    return slot;
  }

  /** The next message of the exchange. */
  proceed(slot: number, leg: number): void {
    this.#legs[slot] = leg;
    this.#states[slot] = State.waiting;
    this.#sentAt[slot] = Number.POSITIVE_INFINITY;
  }

  end(slot: number): void {
    this.#states[slot] = State.done;
  }

  /** Gives it up: a reply that comes still is late. */
  lose(slot: number): void {
    this.#states[slot] = State.lost;
  }

  /** What stands in the transaction ids of its messages. */
  numberOf(slot: number): number {
    return this.#numbers[slot]!;
  }

  clientOf(slot: number): number {
    return this.#clients[slot]!;
  }

  stepOf(slot: number): number {
    return this.#steps[slot]!;
  }

  legOf(slot: number): number {
    return this.#legs[slot]!;
  }

  sentAt(slot: number): number {
    return this.#sentAt[slot]!;
  }

  setSent(slot: number, time: number): void {
    this.#sentAt[slot] = time;
  }

  slotOf(number: number): number {
    return number % SLOTS;
  }

  /** @returns the exchange that waits for this reply, or which `Stray` it is */
  match(number: number, leg: number): number {
    const slot = number % SLOTS;
    if (this.#numbers[slot] !== number) return Stray.foreign;
    const now = this.#legs[slot]!;
    if (leg < now) return Stray.duplicate;
    if (leg > now) return Stray.foreign;
    const state = this.#states[slot]!;
    if (state === State.waiting) return slot;
    return state === State.lost ? Stray.late : Stray.duplicate;
  }

  /** Gives up those whose message was sent before then. */
  expire(before: number, tell: (slot: number) => void): void {
    for (; this.#oldest < this.#begun; this.#oldest++) {
      const slot = this.#oldest % SLOTS;
      if (this.#states[slot] !== State.waiting) continue;
      if (this.#sentAt[slot]! >= before) return;
      this.lose(slot);
      tell(slot);
    }
  }
}
