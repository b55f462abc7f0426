/** Clients whose leases the partner has rejected, and has not accepted since. They are forgotten after a day, as in Kea. */

/** Milliseconds. */
const REMEMBERED = 24 * 60 * 60_000;

export class RejectedClients {
  readonly #now: () => number;
  /** When each was rejected last, the oldest first. */
  readonly #rejected = new Map<string, number>();

  /** @param now in milliseconds, of a clock that does not jump */
  constructor(now: () => number) {
    this.#now = now;
  }

  get count(): number {
    const oldest = this.#now() - REMEMBERED;
    for (const [client, at] of this.#rejected) {
      if (at > oldest) break;
      this.#rejected.delete(client);
    }
    return this.#rejected.size;
  }

  /** @param client by `clientName` @returns whether it is news */
  add(client: string): boolean {
    const isNew = !this.#rejected.delete(client);
    this.#rejected.set(client, this.#now());
    return isNew;
  }

  /** The partner has accepted something of it. @returns whether it is news */
  accept(client: string): boolean {
    return this.#rejected.delete(client);
  }

  clear(): void {
    this.#rejected.clear();
  }
}
