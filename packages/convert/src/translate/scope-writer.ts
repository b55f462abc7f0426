/** Writes what a scope sets, with classes for what Kea can say of classes only. */
import { parseAddress } from "../dhcpd/option-value.ts";
import { messageOf } from "../statements/lose-with-block.ts";
import {
  type Branch,
  type ComputedOption,
  type Parameter,
  type ScopeSettings,
  Settings,
} from "../statements/settings.ts";
import type { Section } from "./class-book.ts";
import { allLifetimes, isEndless, lifetimesOf } from "./lifetimes.ts";
import { DDNS_PARAMETER, isOn, type Json, keyRules, type Level, remarkOn, textOf } from "./parameters.ts";
import type { Translation } from "./translation.ts";

export const LIFETIME = /^(default|min|max)-lease-time$|^preferred-lifetime$/;
const BOOT = /^(filename|server-name|next-server)$/;
/** In a file of DHCPv6 too these are DHCPv4's names. */
const TIMERS: Readonly<Record<string, string>> = { "dhcp 58": "renew-timer", "dhcp 59": "rebind-timer" };
/** Holds for everybody. */
const TRUE = "'' == ''";

export interface WrittenScope {
  readonly level: Level;
  /** For the names of classes. */
  readonly label: string;
  readonly settings: ScopeSettings;
  /** Settings of the wider scopes, the widest first. */
  readonly outer: readonly Settings[];
}

/** @returns the keys of the scope */
export function writeScope(scope: WrittenScope, translation: Translation): Json {
  const { level, outer } = scope;
  const { kept, rest } = splitScope(scope, translation);
  const written = writeSettings(kept, level, outer, translation);
  if (level === "global") addComputed(kept, undefined, translation);
  const names = writeClassesOf(scope, rest, translation);
  if (names.length > 0 && isPlace(level)) written["require-client-classes"] = names;
  return written;
}

/** What the scope itself can have, and what it takes a class for. */
export function splitScope(
  scope: WrittenScope,
  translation: Translation,
): { readonly kept: Settings; readonly rest: Settings } {
  const { level, settings } = scope;
  const { always } = settings;
  const kept = new Settings();
  const rest = new Settings();
  const isContested = contested(scope, translation);
  for (const [key, setting] of always.options) (isContested(key) ? rest : kept).options.set(key, setting);
  for (const [name, parameter] of always.parameters) {
    const isPooled = level === "pool" && BOOT.test(name);
    const isHosted = level === "host" && LIFETIME.test(name);
    (isContested(name) || isPooled || isHosted ? rest : kept).parameters.set(name, parameter);
  }
  (level === "global" ? kept : rest).computed.push(...always.computed, ...untoldName(scope, translation));
  kept.generated = always.generated;
  return { kept, rest };
}

/** Kea tells clients the names that it makes for the DNS, and dhcpd does not. Hosts may have names of their own. */
function untoldName(
  { level, settings, outer }: WrittenScope,
  { hasDdns, family, around }: Translation,
): readonly ComputedOption[] {
  const { generated } = settings.always;
  const option = around.registry.byName("dhcp", "host-name");
  const isTold = [...outer, settings.always].some(({ options }) => options.has("dhcp 12"));
  if (generated === undefined || generated.isTold || option === undefined || isTold) return [];
  if (!hasDdns || family.number === 6 || !isScope(level)) return [];
  return [{ option, action: "remove", expression: "not member('KNOWN')", clause: generated.clause }];
}

/** @returns the names of the classes, those that count most first */
export function writeClassesOf(scope: WrittenScope, rest: Settings, translation: Translation): string[] {
  const names = writeBranches(scope.settings.branches, scope, translation);
  if (rest.isEmpty) return names;
  const name = translation.classes.name(`${scope.label} otherwise`);
  addClass(name, testOf(TRUE, scope), rest, scope, translation);
  return [...names, name];
}

function isScope(level: Level): boolean {
  return level === "global" || level === "network" || level === "subnet";
}

function isPlace(level: Level): boolean {
  return level === "network" || level === "subnet" || level === "pool";
}

/** Whether a class decides about what is set here, too, so that this has to stand behind it. */
function contested({ level, settings, outer }: WrittenScope, { classKeys }: Translation): (key: string) => boolean {
  const conditional = new Set(settings.branches.flatMap((branch) => branch.settings.keys()));
  if (level === "global") return () => false;
  return (key) => {
    if (conditional.has(key)) return true;
    // Boot fields and times of classes count more than those of subnets in Kea, too.
    const isOption = !BOOT.test(key) && !LIFETIME.test(key);
    if (!isPlace(level) || !isOption || !classKeys.has(key)) return false;
    return level !== "pool" || !outer.some(({ options }) => options.has(key));
  };
}

/** Classes for the arms of conditions, those that count most first. @returns their names */
function writeBranches(branches: readonly Branch[], scope: WrittenScope, translation: Translation): string[] {
  return branches
    .map((branch, i) => {
      const name = translation.classes.name(`${scope.label} if ${i + 1}`);
      return { name, branch };
    })
    .reverse()
    .map(({ name, branch }) => {
      addClass(name, testOf(branch.test, scope), branch.settings, scope, translation);
      return name;
    });
}

function testOf(test: string, { level, label }: WrittenScope): string {
  const own = `member('${label}')`;
  const needed = level === "class" ? own : level === "host" ? `member('KNOWN') and ${own}` : undefined;
  if (needed === undefined) return test;
  return test === TRUE ? needed : `${needed} and (${test})`;
}

const SECTIONS: Readonly<Partial<Record<Level, Section>>> = {
  global: "conditional",
  class: "declared",
  host: "conditional",
};

function addClass(name: string, test: string, settings: Settings, scope: WrittenScope, translation: Translation): void {
  const { level, outer, settings: own } = scope;
  if (isPlace(level)) loseLifetimes(settings, translation);
  const chain = [...outer, ...(level === "global" ? [] : [own.always])];
  translation.classes.add(SECTIONS[level] ?? "additional", {
    name,
    test,
    ...(isPlace(level) && { "only-if-required": true }),
    ...writeSettings(settings, "class", chain, translation),
  });
  addComputed(settings, name, translation);
}

/** A class that a scope asks for comes too late: the lease has its times by then. */
export function loseLifetimes({ parameters }: Settings, { ledger }: Translation): void {
  for (const [name, { clause }] of parameters) {
    if (!LIFETIME.test(name)) continue;
    parameters.delete(name);
    ledger.lose(clause, "is a time that Kea has for subnets and classes only", "give it to the subnet, or to a class");
  }
}

/** @param name of the class of those that the option is for */
export function addComputed(
  settings: Settings,
  name: string | undefined,
  { computed, ledger, options }: Translation,
): void {
  for (const { option, action, expression, clause } of settings.computed) {
    const which = options.which(option);
    if (which === undefined) {
      ledger.lose(clause, "is computed, and Kea computes no options in options", "write its value by hand");
      continue;
    }
    ledger.carry(clause);
    computed.push({ ...which, [action]: expression, ...(name !== undefined && { "client-class": name }) });
  }
}

/** Keys and options; what the level cannot have is told. */
export function writeSettings(
  settings: Settings,
  level: Level,
  outer: readonly Settings[],
  translation: Translation,
): Json {
  const { family, ledger, options, hasDdns } = translation;
  const chain = [...outer, settings];
  const written: Json =
    level === "global" ? { ...allLifetimes(chain, family.number) } : { ...lifetimesOf(chain, family.number) };
  Object.assign(written, takeTimers(settings, level, translation));
  for (const [name, parameter] of settings.parameters) {
    const rule = keyRules[family.number][name];
    if (LIFETIME.test(name) && isEndless(parameter)) ledger.note(parameter.clause, ENDLESS);
    else if (LIFETIME.test(name)) ledger.carry(parameter.clause);
    else if (!hasDdns && DDNS_PARAMETER.test(name)) ledger.carry(parameter.clause);
    else if (name === "bootp") takeBootp(parameter, translation);
    else if (name === "next-server" && family.number === 4 && level !== "pool") {
      Object.assign(written, nextServer(parameter, translation));
    } else if (rule?.levels.includes(level)) {
      try {
        Object.assign(written, rule.keys(parameter));
        ledger.carry(parameter.clause);
      } catch (error) {
        ledger.lose(parameter.clause, `is not carried over: ${messageOf(error)}`, "correct the value");
      }
    } else if (family.number === 6 && name in keyRules[4]) {
      ledger.note(parameter.clause, "is about DHCPv4: dhcpd uses it for no client of DHCPv6 either");
    } else remarkOn(name, parameter, level, ledger);
  }
  Object.assign(written, takeGenerated(settings, level, translation));
  const data = options.write(settings, outer, vendorSpaceOf(chain));
  if (data.length > 0) written["option-data"] = data;
  return written;
}

/** dhcpd sends these two to all clients, whether they ask for them or not. */
function takeTimers(settings: Settings, level: Level, { ledger }: Translation): Json {
  const timers: Json = {};
  if (!isScope(level)) return timers;
  for (const [key, name] of Object.entries(TIMERS)) {
    const setting = settings.options.get(key);
    if (setting === undefined) continue;
    settings.options.delete(key);
    timers[name] = Number(setting.value.fields[0]);
    ledger.carry(setting.clause);
  }
  return timers;
}

const ENDLESS = "has no end, and clients are told so: dhcpd tells them the time until 2038";

function takeGenerated({ generated }: Settings, level: Level, { ledger, family, hasDdns }: Translation): Json {
  if (generated === undefined) return {};
  const { name, isForDns, isTold, clause } = generated;
  const isWanted = hasDdns || (!isForDns && family.number === 4);
  if (isWanted && !isScope(level)) {
    ledger.lose(clause, "makes names of addresses, which Kea does for whole subnets only", "move it to the subnet");
    return {};
  }
  if (isForDns && isTold && isWanted && family.number === 4)
    ledger.note(clause, "makes the same names, and clients are told them with their domain");
  else ledger.carry(clause);
  return isWanted ? { ...name } : {};
}

/** What answers BOOTP clients in Kea answers all of them. */
function takeBootp(parameter: Parameter, { ledger, hooks, family }: Translation): void {
  ledger.carry(parameter.clause);
  if (isOn(parameter) && family.number === 4) hooks.set("libdhcp_bootp.so", undefined);
}

function nextServer(parameter: Parameter, { ledger, resolve }: Translation): Json {
  const text = textOf(parameter);
  const address = parseAddress(text, 4) ?? resolve(text, 4)[0];
  if (address === undefined) {
    ledger.lose(
      parameter.clause,
      `"${text}" is no address, and no name whose address can be had now`,
      "write an address",
    );
    return {};
  }
  ledger.carry(parameter.clause);
  return { "next-server": address };
}

/** Where it has effect, whatever scope sets it. */
function vendorSpaceOf(chain: readonly Settings[]): string | undefined {
  const parameter = chain.findLast(({ parameters }) => parameters.has("vendor-option-space"));
  const given = parameter?.parameters.get("vendor-option-space");
  return given && textOf(given).toLowerCase();
}
