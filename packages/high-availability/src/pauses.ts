/** In which states a server stays until somebody says that it may go on. */
import type { State } from "./state.ts";

interface Rule {
  readonly state: State;
  readonly pause: "never" | "once" | "always";
}

export class Pauses {
  readonly #rules: Map<State, Rule["pause"]>;

  constructor(rules: readonly Rule[]) {
    this.#rules = new Map(rules.map(({ state, pause }) => [state, pause]));
  }

  /** Whether it stays in a state that it comes to now. */
  pauseIn(state: State): boolean {
    const rule = this.#rules.get(state) ?? "never";
    if (rule === "once") this.#rules.delete(state);
    return rule !== "never";
  }
}
