/** What a scope says of its clients' names and of their updates: Kea's `ddns-*` and `hostname-char-*` keys. */
import type { Seconds } from "../base/clock.ts";
import type { ConflictResolutionMode } from "../ncr/name-change-request.ts";
import { compileSanitizer, type Sanitizer } from "./sanitizer.ts";
import { compileTtl, type TtlKeys } from "./ttl.ts";

export interface NameKeys extends TtlKeys {
  /** Whether names are sent to the DNS updater: both `enable-updates` and `ddns-send-updates`. */
  readonly sendsUpdates: boolean;
  readonly overrideNoUpdate: boolean;
  readonly overrideClientUpdate: boolean;
  readonly replaceClientName: "never" | "always" | "when-present" | "when-not-present";
  readonly updateOnRenew: boolean;
  readonly conflictResolutionMode: ConflictResolutionMode;
  readonly charSet: string;
  readonly charReplacement: string;
  readonly qualifyingSuffix: string;
  readonly generatedPrefix: string;
}

export interface NameRules
  extends Pick<
    NameKeys,
    | "sendsUpdates"
    | "overrideNoUpdate"
    | "overrideClientUpdate"
    | "replaceClientName"
    | "updateOnRenew"
    | "conflictResolutionMode"
  > {
  /** Of text without dots, or whose dots are characters like others; `undefined` where all characters are good. */
  readonly sanitize: Sanitizer | undefined;
  /** Appends the suffix to a name that does not end in it yet. */
  qualify(name: string): string;
  /** A name made of an address, for clients that have none of their own. */
  generate(address: string): string;
  /** Time to live of the records of a lease. */
  ttlOf(validLifetime: Seconds): Seconds;
}

/** @param keys `charSet` has been checked */
export function compileNameRules(keys: NameKeys): NameRules {
  const suffix = keys.qualifyingSuffix.replace(/\.$/, "");
  const ending = `.${suffix}`;
  const qualify = (name: string): string =>
    suffix === "" || name === suffix || name.endsWith(ending) ? name : `${name}${ending}`;
  return {
    sendsUpdates: keys.sendsUpdates,
    overrideNoUpdate: keys.overrideNoUpdate,
    overrideClientUpdate: keys.overrideClientUpdate,
    replaceClientName: keys.replaceClientName,
    updateOnRenew: keys.updateOnRenew,
    conflictResolutionMode: keys.conflictResolutionMode,
    sanitize: keys.charSet === "" ? undefined : compileSanitizer(keys.charSet, keys.charReplacement),
    qualify,
    // A label that ends in a hyphen is none that hosts may have (RFC 1123 §2.1): `2001:db8::`.
    generate: (address) => qualify(`${keys.generatedPrefix}-${address.replace(/[.:]/g, "-")}`.replace(/-$/, "-0")),
    ttlOf: compileTtl(keys),
  };
}
