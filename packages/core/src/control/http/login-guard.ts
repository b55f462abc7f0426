/**
 * Slows those who guess passwords. A source whose logins fail again and again has the next one looked at only after a
 * pause, one at a time: a second connection, or one given up early, gains nothing.
 */
import type { Milliseconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";

/** After a failure in excess. */
const PAUSE: Milliseconds = 1000;
/** Failures that cost nothing: a mistyped password, a page with six requests at once. */
const FREE = 10;
/** Logins of one source that wait for their turn. */
const MOST_WAITING = 10;
/** Sources that are remembered; those beyond share one memory. */
const MOST_SOURCES = 1000;
const OTHERS = "others";

interface Memory {
  /** When all its failures are paid for, by `performance.now`: each costs a pause. */
  paid: Milliseconds;
  failures: number;
  waiting: number;
  /** When the last of those that wait has had its turn. */
  line: Promise<unknown>;
}

export type Login<User> =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "failed"; readonly failures: number }
  | { readonly kind: "busy" };

export class LoginGuard {
  readonly #memories = new Map<string, Memory>();
  readonly #pause: Milliseconds;
  #failures = 0;

  constructor(pause = PAUSE) {
    this.#pause = pause;
  }

  /** Of all sources, since the start. */
  get failures(): number {
    return this.#failures;
  }

  /** @param look for the user that the login names; `undefined` where it is wrong */
  async login<User>(source: string, look: () => User | undefined): Promise<Login<User>> {
    const memory = this.#find(source);
    if (memory === undefined || (memory.waiting === 0 && this.#owed(memory) === 0)) return this.#look(source, look);
    if (memory.waiting >= MOST_WAITING) return { kind: "busy" };
    memory.waiting++;
    const turn = memory.line.then(async () => {
      // A daemon that ends does not wait for it.
      await new Promise<void>((resolve) => Timer.after(this.#owed(memory), resolve).unref());
      memory.waiting--;
      return this.#look(source, look);
    });
    memory.line = turn;
    return turn;
  }

  #look<User>(source: string, look: () => User | undefined): Login<User> {
    const user = look();
    if (user === undefined) return { kind: "failed", failures: this.#remember(source) };
    return { kind: "user", user };
  }

  /** How long a login has to wait. */
  #owed({ paid }: Memory): Milliseconds {
    return Math.max(0, paid - performance.now() - FREE * this.#pause);
  }

  #find(source: string): Memory | undefined {
    return this.#memories.get(source) ?? this.#memories.get(OTHERS);
  }

  #remember(source: string): number {
    this.#failures++;
    const memory = this.#find(source) ?? this.#make(source);
    memory.paid = Math.max(memory.paid, performance.now()) + this.#pause;
    return ++memory.failures;
  }

  #make(source: string): Memory {
    if (this.#memories.size >= MOST_SOURCES) this.#forget();
    const memory = { paid: 0, failures: 0, waiting: 0, line: Promise.resolve() };
    this.#memories.set(this.#memories.size >= MOST_SOURCES ? OTHERS : source, memory);
    return memory;
  }

  /** Those that have paid. */
  #forget(): void {
    const now = performance.now();
    for (const [source, { paid, waiting }] of this.#memories) {
      if (paid <= now && waiting === 0) this.#memories.delete(source);
    }
  }
}
