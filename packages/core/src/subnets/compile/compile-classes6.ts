/** The classes of a DHCPv6 configuration. */
import type { ClientClass6Config, Dhcp6Config } from "../../config/dhcp6-config.ts";
import { inherit } from "../../config/inherit.ts";
import { expressions6, type Subject6, vendorClassOf6 } from "../../expressions/expressions6.ts";
import { ClassProfiles } from "../class-profiles.ts";
import type { Lifetime } from "../lifetime.ts";
import { type Classes, classLifetime, compileClasses } from "./compile-classes.ts";
import type { ScopeCompiler } from "./scope-compiler.ts";

/** What classes give beside options. As in Kea it wins over what the subnet says. */
export interface ClassValues6 {
  readonly validLifetime: Lifetime | undefined;
  readonly preferredLifetime: Lifetime | undefined;
}

export type Classes6 = Classes<Subject6, ClassValues6>;

export function* compileClasses6(config: Dhcp6Config, scopes: ScopeCompiler): Generator<void, Classes6> {
  const { set, gifts } = yield* compileClasses(config["client-classes"], {
    language: { family: expressions6, spaces: scopes.spaces },
    vendorOf: vendorClassOf6,
    giftsOf: (entry: ClientClass6Config) => ({
      options: scopes.compileOptions(`class ${entry.name}`, entry["option-data"]),
      values: valuesOf(entry),
    }),
  });
  const profiles = new ClassProfiles(gifts, scopes.limits, mergeValues);
  return { set, profiles, isGlobalHostEarly: config["early-global-reservations-lookup"] };
}

function valuesOf(entry: ClientClass6Config): ClassValues6 {
  return {
    validLifetime: classLifetime(entry["valid-lifetime"], entry["min-valid-lifetime"], entry["max-valid-lifetime"]),
    preferredLifetime: classLifetime(
      entry["preferred-lifetime"],
      entry["min-preferred-lifetime"],
      entry["max-preferred-lifetime"],
    ),
  };
}

function mergeValues(values: readonly ClassValues6[]): ClassValues6 {
  return {
    validLifetime: inherit(values, "validLifetime"),
    preferredLifetime: inherit(values, "preferredLifetime"),
  };
}
