/** Faults of ours, anywhere: of the calls to the objects that it wraps, one throws when its turn has come. */
export class FaultInjector {
  #left = Number.POSITIVE_INFINITY;
  #isLate = false;

  /** @param turn which call from now on throws, counted from 1 @param isLate whether it has done its work by then */
  arm(turn: number, isLate: boolean): void {
    this.#left = turn;
    this.#isLate = isLate;
  }

  /** Whether the call came. */
  get hasThrown(): boolean {
    return this.#left <= 0;
  }

  /** The object, with every call of a method counted. */
  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...given: unknown[]): unknown => this.#call(() => Reflect.apply(value, target, given));
      },
      set: (_, name, value) => Reflect.set(target, name, value, target),
    });
  }

  #call<Result>(work: () => Result): Result {
    this.#left--;
    const isNow = this.#left === 0;
    if (isNow && !this.#isLate) throw new InjectedFault();
    const result = work();
    if (isNow) throw new InjectedFault();
    return result;
  }
}

export class InjectedFault extends Error {
  constructor() {
    super("injected fault");
  }
}

/** For `catch`: throws every other error again. */
export function exceptInjected(error: unknown): void {
  if (!(error instanceof InjectedFault)) throw error;
}
