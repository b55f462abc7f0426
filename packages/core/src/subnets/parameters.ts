/** What subnets of both families inherit from their shared network and the global scope, and how. */
import type { Seconds } from "../base/clock.ts";
import type {
  Dhcp4Config,
  DhcpDdnsConfig,
  Pool4Config,
  SharedNetwork4Config,
  Subnet4Config,
} from "../config/dhcp4-config.ts";
import type { Dhcp6Config, SharedNetwork6Config, Subnet6Config } from "../config/dhcp6-config.ts";
import { inherit } from "../config/inherit.ts";
import type { NameKeys, NameRules } from "../names/name-rules.ts";
import { lifetimeOf, type ScopeCompiler } from "./compile/scope-compiler.ts";
import type { Lifetime } from "./lifetime.ts";

/** Names are Kea's in camel case. */
export interface Parameters {
  readonly validLifetime: Lifetime;
  readonly renewTimer: Seconds | undefined;
  readonly rebindTimer: Seconds | undefined;
  readonly calculateTeeTimes: boolean;
  readonly t1Percent: number;
  readonly t2Percent: number;
  readonly reservationsGlobal: boolean;
  readonly reservationsInSubnet: boolean;
  readonly reservationsOutOfPool: boolean;
  /** Share of its lifetime up to which a lease is confirmed without being written; 0 for none. */
  readonly cacheThreshold: number;
  readonly cacheMaxAge: Seconds;
  readonly storeExtendedInfo: boolean;
  readonly names: NameRules;
}

export type Scope4Config = Subnet4Config | SharedNetwork4Config | Dhcp4Config;
export type Scope6Config = Subnet6Config | SharedNetwork6Config | Dhcp6Config;
type NameKey = Extract<keyof Pool4Config, `ddns-${string}` | `hostname-char-${string}`>;
type NameScope = { readonly [Key in NameKey]?: Pool4Config[Key] } & { readonly "dhcp-ddns"?: DhcpDdnsConfig };

/** @param scopes a subnet, its shared network if it has one, and the global scope, where all that needs one has a default */
export function resolveParameters(
  scopes: readonly (Scope4Config | Scope6Config)[],
  compiler: Pick<ScopeCompiler, "nameRules">,
): Parameters {
  const valid = inherit(scopes, "valid-lifetime")!;
  const cacheMaxAge = inherit(scopes, "cache-max-age");
  return {
    validLifetime: lifetimeOf(valid, inherit(scopes, "min-valid-lifetime"), inherit(scopes, "max-valid-lifetime")),
    renewTimer: inherit(scopes, "renew-timer"),
    rebindTimer: inherit(scopes, "rebind-timer"),
    calculateTeeTimes: inherit(scopes, "calculate-tee-times")!,
    t1Percent: inherit(scopes, "t1-percent")!,
    t2Percent: inherit(scopes, "t2-percent")!,
    reservationsGlobal: inherit(scopes, "reservations-global")!,
    reservationsInSubnet: inherit(scopes, "reservations-in-subnet")!,
    reservationsOutOfPool: inherit(scopes, "reservations-out-of-pool")!,
    // Either key alone switches the lease cache on.
    cacheThreshold: inherit(scopes, "cache-threshold") ?? (cacheMaxAge === undefined ? 0 : 1),
    cacheMaxAge: cacheMaxAge ?? Number.POSITIVE_INFINITY,
    storeExtendedInfo: inherit(scopes, "store-extended-info")!,
    names: compiler.nameRules(resolveNames(scopes)),
  };
}

/** @param scopes as `resolveParameters` takes them, with the pool before them where there is one; the last is the global one */
export function resolveNames(scopes: readonly NameScope[]): NameKeys {
  const enableUpdates = scopes.at(-1)!["dhcp-ddns"]!["enable-updates"];
  return {
    sendsUpdates: enableUpdates && inherit(scopes, "ddns-send-updates")!,
    overrideNoUpdate: inherit(scopes, "ddns-override-no-update")!,
    overrideClientUpdate: inherit(scopes, "ddns-override-client-update")!,
    replaceClientName: inherit(scopes, "ddns-replace-client-name")!,
    updateOnRenew: inherit(scopes, "ddns-update-on-renew")!,
    conflictResolutionMode: inherit(scopes, "ddns-conflict-resolution-mode")!,
    charSet: inherit(scopes, "hostname-char-set")!,
    charReplacement: inherit(scopes, "hostname-char-replacement")!,
    qualifyingSuffix: inherit(scopes, "ddns-qualifying-suffix")!,
    generatedPrefix: inherit(scopes, "ddns-generated-prefix")!,
    ttl: inherit(scopes, "ddns-ttl"),
    ttlMin: inherit(scopes, "ddns-ttl-min"),
    ttlMax: inherit(scopes, "ddns-ttl-max"),
    ttlPercent: inherit(scopes, "ddns-ttl-percent"),
  };
}

/** The rules of a pool: mostly those of its subnet. @param around the scopes of the subnet */
export function resolvePoolNames(
  pool: NameScope & object,
  around: readonly (Scope4Config | Scope6Config)[],
  names: NameRules,
  compiler: Pick<ScopeCompiler, "nameRules">,
): NameRules {
  for (const key in pool) {
    if (isNameKey(key) && pool[key as NameKey] !== undefined) {
      return compiler.nameRules(resolveNames([pool, ...around]));
    }
  }
  return names;
}

function isNameKey(key: string): boolean {
  return key.startsWith("ddns-") || key.startsWith("hostname-char-");
}
