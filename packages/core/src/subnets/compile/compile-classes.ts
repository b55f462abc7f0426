/** Turns the `client-classes` of a configuration into tests of packets and into what members are given. */
import { ClassSet } from "../../classify/class-set.ts";
import { ClassCompiler, type ClassEntry } from "../../classify/class-tests.ts";
import type { Subject } from "../../expressions/expression.ts";
import type { Language } from "../../expressions/part-parser.ts";
import type { ClassGifts, ClassProfiles } from "../class-profiles.ts";
import type { Lifetime } from "../lifetime.ts";
import { lifetimeOf } from "./scope-compiler.ts";

/** Who is in which class, and what that means. */
export interface Classes<S extends Subject, Values> {
  readonly set: ClassSet<S>;
  readonly profiles: ClassProfiles<Values>;
  /** Kea's `early-global-reservations-lookup`: classes of global reservations count when the subnet is selected. */
  readonly isGlobalHostEarly: boolean;
}

export interface ClassFamily<S extends Subject, Entry, Values> {
  readonly language: Language<S>;
  vendorOf(subject: S): Uint8Array;
  giftsOf(entry: Entry): ClassGifts<Values>;
}

/** In steps, as subnets are. */
export function* compileClasses<S extends Subject, Entry extends ClassEntry, Values>(
  entries: readonly Entry[],
  { language, vendorOf, giftsOf }: ClassFamily<S, Entry, Values>,
): Generator<void, { readonly set: ClassSet<S>; readonly gifts: ReadonlyMap<string, ClassGifts<Values>> }> {
  const compiler = new ClassCompiler(language, entries);
  const gifts = new Map<string, ClassGifts<Values>>();
  for (const [index, entry] of entries.entries()) {
    compiler.add(entry, index);
    gifts.set(entry.name, giftsOf(entry));
    yield;
  }
  return { set: new ClassSet([...compiler.tests.values()], vendorOf), gifts };
}

/** A class that says nothing about a lifetime, or only that it may be 0, leaves it to others. */
export function classLifetime(
  fallback: number | undefined,
  min: number | undefined,
  max: number | undefined,
): Lifetime | undefined {
  const meant = fallback ?? (min || max);
  return meant === undefined ? undefined : lifetimeOf(meant, min, max);
}
