/** The options of a scope with those around it under them, for clients of any classes. */

import type { OptionLayer, ScopeOptions } from "../../options/scope-options.ts";
import type { ClassProfile } from "../class-profiles.ts";
import { type EffectiveOptions, mergeOptions, type OptionWire } from "./effective-options.ts";

type Profile = Pick<ClassProfile<unknown>, "names" | "options">;

export class OptionStack {
  /** The nearest first. */
  readonly #scopes: readonly ScopeOptions[];
  readonly #global: ScopeOptions;
  readonly #wire: OptionWire;
  readonly #plainProfile: Profile;
  /** Made for the first client: most of ten thousand subnets have none for long. */
  #plain: EffectiveOptions | undefined;
  /** There may be tens of thousands of scopes: one that nobody with such classes comes to has none. */
  #others: WeakMap<Profile, EffectiveOptions> | undefined;

  /**
   * @param scopes from a pool or a subnet up to its shared network
   * @param plain the profile of a client in no class that matters
   */
  constructor(scopes: readonly ScopeOptions[], global: ScopeOptions, plain: Profile, wire: OptionWire) {
    this.#scopes = scopes;
    this.#global = global;
    this.#wire = wire;
    this.#plainProfile = plain;
  }

  for(profile: Profile): EffectiveOptions {
    if (profile === this.#plainProfile) {
      this.#plain ??= this.under([], profile);
      return this.#plain;
    }
    this.#others ??= new WeakMap();
    let options = this.#others.get(profile);
    if (options === undefined) {
      options = this.under([], profile);
      this.#others.set(profile, options);
    }
    return options;
  }

  /** With nearer ones on top, such as a reservation's. As in Kea what classes give lies over the global options only. */
  under(nearer: readonly ScopeOptions[], profile: Profile): EffectiveOptions {
    const sets = this.layers(nearer, profile).map(({ set }) => set);
    return mergeOptions(sets, this.#wire);
  }

  /** What lies over each other, the nearest first. */
  layers(nearer: readonly ScopeOptions[], profile: Profile): readonly OptionLayer[] {
    const layerOf = (scope: ScopeOptions) => ({ name: scope.name, set: scope.for(profile.names) });
    return [...nearer.map(layerOf), ...this.#scopes.map(layerOf), ...profile.options, layerOf(this.#global)];
  }
}
