/** The classes of a DHCPv4 configuration. */
import type { Seconds } from "../../base/clock.ts";
import type { ClientClass4Config, Dhcp4Config } from "../../config/dhcp4-config.ts";
import { inherit } from "../../config/inherit.ts";
import { expressions4, type Subject4, vendorClassOf4 } from "../../expressions/expressions4.ts";
import { type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { ClassProfiles } from "../class-profiles.ts";
import type { Lifetime } from "../lifetime.ts";
import { type Classes, classLifetime, compileClasses } from "./compile-classes.ts";
import type { ScopeCompiler } from "./scope-compiler.ts";

/** What classes give beside options. As in Kea it wins over what the subnet says. */
export interface ClassValues4 {
  readonly validLifetime: Lifetime | undefined;
  readonly offerLifetime: Seconds | undefined;
  readonly nextServer: Ipv4 | undefined;
  readonly serverHostname: string | undefined;
  readonly bootFileName: string | undefined;
}

export type Classes4 = Classes<Subject4, ClassValues4>;

export function* compileClasses4(config: Dhcp4Config, scopes: ScopeCompiler): Generator<void, Classes4> {
  const { set, gifts } = yield* compileClasses(config["client-classes"], {
    language: {
      family: expressions4,
      spaces: scopes.spaces,
      ownOptions: scopes.ownOptions(config["client-classes"]),
    },
    vendorOf: vendorClassOf4,
    giftsOf: (entry: ClientClass4Config) => ({
      options: scopes.compileOptions(`class ${entry.name}`, entry["option-data"], entry["option-def"]),
      values: valuesOf(entry),
    }),
  });
  const profiles = new ClassProfiles(gifts, scopes.limits, mergeValues);
  return { set, profiles, isGlobalHostEarly: config["early-global-reservations-lookup"] };
}

/** Empty texts and 0.0.0.0 leave a field to others. */
function valuesOf(entry: ClientClass4Config): ClassValues4 {
  return {
    validLifetime: classLifetime(entry["valid-lifetime"], entry["min-valid-lifetime"], entry["max-valid-lifetime"]),
    offerLifetime: entry["offer-lifetime"],
    nextServer: parseIpv4(entry["next-server"] ?? "") || undefined,
    serverHostname: entry["server-hostname"] || undefined,
    bootFileName: entry["boot-file-name"] || undefined,
  };
}

function mergeValues(values: readonly ClassValues4[]): ClassValues4 {
  return {
    validLifetime: inherit(values, "validLifetime"),
    offerLifetime: inherit(values, "offerLifetime"),
    nextServer: inherit(values, "nextServer"),
    serverHostname: inherit(values, "serverHostname"),
    bootFileName: inherit(values, "bootFileName"),
  };
}
