/** What the statements of a scope set, and under which conditions. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import { type DhcpdExpression, ExpressionError, parseExpression } from "../dhcpd/expression.ts";
import { type DhcpdOption, type OptionRegistry, readOptionName } from "../dhcpd/option-registry.ts";
import { type OptionValue, OptionValueError, type Resolve, readOptionValue } from "../dhcpd/option-value.ts";
import { is, type Token } from "../dhcpd/token.ts";
import type { Ledger } from "../ledger.ts";
import { conditionOf, dataOf, type ExpressionSurroundings, Untranslatable } from "./kea-expression.ts";

export interface OptionSetting {
  readonly option: DhcpdOption;
  readonly value: OptionValue;
  readonly clause: Clause;
}

/** `option x = …` whose value depends on the packet. */
export interface ComputedOption {
  readonly option: DhcpdOption;
  /** Kea's expression. */
  readonly expression: string;
  readonly clause: Clause;
}

export interface Parameter {
  /** The words behind its name. */
  readonly words: readonly Token[];
  /** `allow`, `deny` or `ignore` for those of that kind. */
  readonly permission?: string;
  readonly clause: Clause;
}

/** What holds together: for all clients of the scope, or for those of one condition. */
export class Settings {
  /** By space and code. */
  readonly options = new Map<string, OptionSetting>();
  readonly computed: ComputedOption[] = [];
  /** By dhcpd's names. */
  readonly parameters = new Map<string, Parameter>();

  get isEmpty(): boolean {
    return this.options.size + this.computed.length + this.parameters.size === 0;
  }

  /** What is set, by names that options and parameters share. */
  keys(): string[] {
    return [...this.options.keys(), ...this.computed.map(({ option }) => keyOf(option)), ...this.parameters.keys()];
  }
}

/** An arm of an `if`. */
export interface Branch {
  /** Kea's expression: that of this arm, and that the arms before do not hold. */
  readonly test: string;
  readonly clause: Clause;
  readonly settings: Settings;
}

export interface ScopeSettings {
  readonly always: Settings;
  /** Later ones count more. */
  readonly branches: readonly Branch[];
}

export function keyOf({ space, code }: DhcpdOption): string {
  return `${space} ${code}`;
}

export interface SettingsSurroundings extends ExpressionSurroundings {
  readonly registry: OptionRegistry;
  readonly resolve: Resolve;
  readonly ledger: Ledger;
}

export function readSettings(statements: readonly Clause[], around: SettingsSurroundings): ScopeSettings {
  const branches: Branch[] = [];
  const always = readInto(statements, undefined, branches, around);
  return { always, branches: branches.filter(({ settings }) => !settings.isEmpty) };
}

/** @param test of the branch that the statements are in */
function readInto(
  statements: readonly Clause[],
  test: string | undefined,
  branches: Branch[],
  around: SettingsSurroundings,
): Settings {
  const settings = new Settings();
  /** Tests of the arms of an `if` so far; `undefined` where one of them cannot be said. */
  let former: readonly string[] | undefined;
  for (const clause of statements) {
    const keyword = keywordOf(clause);
    if (keyword === "if") former = [];
    if (keyword === "if" || keyword === "elsif" || keyword === "else") {
      former = readArm(clause, former, test, branches, around);
    } else {
      former = undefined;
      readStatement(clause, settings, around);
      if (test === undefined) outdo(branches, settings, clause, around.ledger);
    }
  }
  return settings;
}

/** What a statement sets for all clients, statements under conditions before it do not set any more. */
function outdo(branches: readonly Branch[], { options, parameters }: Settings, clause: Clause, ledger: Ledger): void {
  const key = [...options, ...parameters].find(([, setting]) => setting.clause === clause)?.[0];
  if (key === undefined) return;
  for (const { settings } of branches) {
    const dead = settings.options.get(key) ?? settings.parameters.get(key);
    if (dead === undefined) continue;
    ledger.overrule(dead.clause, "has no effect: a later statement sets the same for all clients");
    settings.options.delete(key);
    settings.parameters.delete(key);
  }
}

/** @returns the tests of the arms before the next one */
function readArm(
  clause: Clause,
  former: readonly string[] | undefined,
  outer: string | undefined,
  branches: Branch[],
  around: SettingsSurroundings,
): readonly string[] | undefined {
  const { head, block = [] } = clause;
  const isElse = is(head[0], "else") && !is(head[1], "if");
  const words = head.slice(is(head[0], "else") ? 2 : 1);
  let own: string | undefined;
  try {
    if (!isElse) own = conditionOf(parseExpression(words), around);
    if (former === undefined) throw new Untranslatable("there is no condition before it that Kea's language can say");
  } catch (error) {
    loseWithBlock(clause, `is not carried over: ${messageOf(error)}`, CLASS_FIX, around.ledger);
    return undefined;
  }
  around.ledger.carry(clause);
  const parts = [outer, ...former.map((each) => `not (${each})`), own].filter((part) => part !== undefined);
  const test = parts.map((part) => (parts.length > 1 && / or /.test(part) ? `(${part})` : part)).join(" and ");
  const inner: Branch[] = [];
  const settings = readInto(block, test, inner, around);
  branches.push({ test, clause, settings }, ...inner);
  return own === undefined ? former : [...former, own];
}

const CLASS_FIX = "write a class for these clients by hand, or an extension";

/** Tells of a statement and, with it, of all that is in its block. */
export function loseWithBlock(clause: Clause, why: string, fix: string | undefined, ledger: Ledger): void {
  ledger.lose(clause, clause.block === undefined ? why : `${why}; its block is left out`, fix);
  leaveOut(clause.block ?? [], ledger);
}

function leaveOut(clauses: readonly Clause[], ledger: Ledger): void {
  for (const clause of clauses) {
    ledger.carry(clause);
    leaveOut(clause.block ?? [], ledger);
  }
}

export function messageOf(error: unknown): string {
  if (error instanceof Untranslatable || error instanceof ExpressionError || error instanceof OptionValueError) {
    return error.message;
  }
  throw error;
}

/** Statements that do something, beside setting a value. */
const ACTIONS: ReadonlyMap<string, readonly [why: string, fix: string]> = new Map([
  [
    "on",
    [
      "runs statements at an event of a lease, which Kea does not",
      "use libdhcp_run_script.so, which runs a program at such events",
    ],
  ],
  [
    "log",
    ["writes to the log for some packets, which Kea does not", "use libdhcp_legal_log.so or the log of the daemon"],
  ],
  ["execute", ["runs a program, which Kea's configuration does not", "use libdhcp_run_script.so"]],
  ["switch", ["chooses between statements by a value", "write the cases as if and elsif, and convert again"]],
  ["set", ["keeps a variable with the lease, which Kea does not have", "use libdhcp_run_script.so or an extension"]],
  ["unset", ["removes a variable, which Kea does not have", "leave it out together with its set"]],
  ["define", ["defines a function, which Kea does not have", "write its expression where it is used"]],
  ["eval", ["evaluates an expression for its effect, which Kea does not", "use libdhcp_run_script.so or an extension"]],
  ["return", ["belongs to a function, which Kea does not have", "leave it out"]],
  ["break", ["belongs to a switch, which Kea does not have", "leave it out"]],
  ["case", ["belongs to a switch, which Kea does not have", "write the cases as if and elsif, and convert again"]],
  ["add", ["puts a client into a class by statement", "give the class a condition (match if), and convert again"]],
]);

function readStatement(clause: Clause, settings: Settings, around: SettingsSurroundings): void {
  const { head } = clause;
  const { ledger } = around;
  const keyword = keywordOf(clause);
  const action = ACTIONS.get(keyword);
  if (action !== undefined) {
    loseWithBlock(clause, ...action, ledger);
    return;
  }
  const change = optionChange(keyword, head);
  if (change !== undefined) {
    readOption(clause, change.words, change.action, settings, around);
    return;
  }
  if (/^(allow|deny|ignore)$/.test(keyword)) {
    const name = head[1]?.text.toLowerCase() ?? "";
    put(settings, name, { clause, words: head.slice(2), permission: keyword }, ledger);
  } else if (is(head[0], "not") && is(head[1], "authoritative")) {
    put(settings, "authoritative", { clause, words: [], permission: "deny" }, ledger);
  } else put(settings, keyword, { clause, words: head.slice(1) }, ledger);
}

/** A statement that sets an option, and how. */
function optionChange(
  keyword: string,
  head: readonly Token[],
): { readonly action: string; readonly words: readonly Token[] } | undefined {
  if (keyword === "option") return { action: "supersede", words: head.slice(1) };
  if (keyword === "server-identifier") {
    return { action: "supersede", words: [{ ...head[0]!, text: "dhcp-server-identifier" }, ...head.slice(1)] };
  }
  if (!/^(append|prepend|supersede|send|default)$/.test(keyword)) return undefined;
  return { action: keyword, words: head.slice(is(head[1], "option") ? 2 : 1) };
}

/** Some statements say the same in another way, or are lists. */
const ALIASES: Readonly<Record<string, string>> = {
  "boot-unknown-clients": "unknown-clients",
  "allow-booting": "booting",
  "allow-bootp": "bootp",
};

function put(settings: Settings, given: string, parameter: Parameter, ledger: Ledger): void {
  const name = ALIASES[given] ?? given;
  const isList = /^(members|known-clients|all|dynamic|authenticated|unauthenticated|after|known|unknown)$/.test(name);
  const key = isList ? `${name} ${settings.parameters.size}` : name;
  const before = settings.parameters.get(key);
  if (before !== undefined) ledger.overrule(before.clause, "has no effect: a later statement sets the same");
  settings.parameters.set(key, parameter);
}

function readOption(
  clause: Clause,
  words: readonly Token[],
  action: string,
  settings: Settings,
  around: SettingsSurroundings,
): void {
  const { ledger, registry } = around;
  const { space, name, length } = readOptionName(words);
  const option = registry.byName(space, name);
  const value = words.slice(length);
  if (option === undefined) {
    ledger.lose(
      clause,
      `sets an option that is not defined: ${space}.${name}`,
      "define it (option NAME code N = TYPE)",
    );
    return;
  }
  const key = keyOf(option);
  const before = settings.options.get(key);
  try {
    if (action === "append" || action === "prepend") {
      const own = readOptionValue(value, option.format, around.resolve);
      if (before === undefined) throw new Untranslatable("Kea cannot add to a value of a wider scope");
      const [first, second] = action === "append" ? [before.value, own] : [own, before.value];
      const bytes = Uint8Array.from([...first.bytes, ...second.bytes]);
      settings.options.set(key, { option, clause, value: { bytes, fields: [...first.fields, ...second.fields] } });
      return;
    }
    if (action === "default" && before !== undefined) {
      ledger.note(clause, "has no effect: the option is set already");
      return;
    }
    const isExpression = is(value[0], "=");
    const expression = isExpression ? constantOf(value.slice(1)) : undefined;
    if (isExpression && expression?.bytes === undefined) {
      const computed = { option, clause, expression: dataOf(expression!.tree, around) };
      settings.computed.push(computed);
      return;
    }
    const read = isExpression
      ? bytesAsValue(expression!.bytes!)
      : readOptionValue(value, option.format, around.resolve);
    if (before !== undefined) ledger.overrule(before.clause, "has no effect: a later statement sets the same option");
    settings.options.set(key, { option, clause, value: read });
  } catch (error) {
    ledger.lose(clause, `is not carried over: ${messageOf(error)}`, OPTION_FIX);
  }
}

const OPTION_FIX = "write the value into option-data by hand";

function constantOf(tokens: readonly Token[]): {
  readonly tree: DhcpdExpression;
  readonly bytes: Uint8Array | undefined;
} {
  const tree = parseExpression(tokens);
  if (tree.kind === "text") return { tree, bytes: Buffer.from(tree.text, "latin1") };
  return { tree, bytes: tree.kind === "octets" ? tree.bytes : undefined };
}

function bytesAsValue(bytes: Uint8Array): OptionValue {
  const text = Buffer.from(bytes).toString("latin1");
  return { bytes, fields: [/^[\x20-\x7e]*$/.test(text) ? text : Buffer.from(bytes).toString("hex")] };
}
