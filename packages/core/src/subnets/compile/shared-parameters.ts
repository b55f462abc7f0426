/** Thousands of subnets say the same of all that is inherited: their parameters are one object. */
import { likeOf } from "../../config/check/alike.ts";
import type { Scope4Config, Scope6Config } from "../parameters.ts";

type SubnetConfig = (Scope4Config | Scope6Config) & { readonly id: number };

/** Keys of subnets that no parameter comes from; of `user-context` only our own part counts. */
const NO_PARAMETERS: ReadonlySet<string> = new Set([
  "id",
  "subnet",
  "pools",
  "pd-pools",
  "option-data",
  "reservations",
  "client-classes",
  "evaluate-additional-classes",
  "interface",
  "interface-id",
  "relay",
  "4o6-interface",
  "4o6-interface-id",
  "4o6-subnet",
  "metadata",
  "comment",
  "user-context",
]);

export class SharedParameters<Parameters extends { readonly scarcity: unknown }> {
  /** By the shared network, which is `this` for none, and by what the subnet says itself. */
  readonly #known = new WeakMap<object, Map<string, Parameters>>();
  /** What those say that others are alike to. */
  readonly #said = new WeakMap<object, string>();

  of(subnet: SubnetConfig, network: object | undefined, resolve: () => Parameters): Parameters {
    const around = network ?? this;
    let known = this.#known.get(around);
    if (known === undefined) {
      known = new Map();
      this.#known.set(around, known);
    }
    const said = this.#describe(subnet);
    const same = known.get(said);
    if (same !== undefined) return same;
    const parameters = resolve();
    // How scarce addresses are is each subnet's own.
    if (parameters.scarcity === undefined) known.set(said, parameters);
    return parameters;
  }

  #describe(subnet: SubnetConfig): string {
    const like = likeOf(subnet);
    if (like === undefined) return describe(subnet);
    let said = this.#said.get(like);
    if (said === undefined) {
      said = describe(subnet);
      this.#said.set(like, said);
    }
    return said;
  }
}

function describe(subnet: SubnetConfig): string {
  let text = "";
  for (const key in subnet) {
    const value: unknown = subnet[key as keyof SubnetConfig];
    if (value !== undefined && !NO_PARAMETERS.has(key)) text += `${key} ${JSON.stringify(value)}\n`;
  }
  const own = subnet["user-context"]?.kotare;
  return own === undefined ? text : text + JSON.stringify(own);
}
