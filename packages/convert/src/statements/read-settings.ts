/** From statements to what they set, and under which conditions. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import type { DhcpdExpression } from "../dhcpd/expression.ts";
import { is } from "../dhcpd/token.ts";
import type { Ledger } from "../ledger.ts";
import { conditionOf, Untranslatable } from "./kea-expression.ts";
import { loseWithBlock, messageOf } from "./lose-with-block.ts";
import { readStatement } from "./read-statement.ts";
import { type Branch, type ScopeSettings, Settings, type SettingsSurroundings } from "./settings.ts";
import { casesOf } from "./switch-cases.ts";
import { expressionOf, setVariable } from "./variables.ts";

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
  outer: SettingsSurroundings,
): Settings {
  const settings = new Settings();
  const variables = new Map(outer.variables);
  const around = { ...outer, variables };
  /** Tests of the arms of an `if` so far; `undefined` where one of them cannot be said. */
  let former: readonly string[] | undefined;
  for (const clause of statements) {
    const keyword = keywordOf(clause);
    if (keyword === "if") former = [];
    if (keyword === "if" || keyword === "elsif" || keyword === "else") {
      former = readArm(clause, former, test, branches, around);
      forget(clause, variables);
      continue;
    }
    former = undefined;
    if (keyword === "switch") {
      readSwitch(clause, test, branches, around);
      forget(clause, variables);
    } else if (keyword === "set") {
      const why = setVariable(clause, variables);
      if (why === undefined) around.ledger.note(clause, "is written into the expressions that use it");
      else around.ledger.lose(clause, `is not carried over: ${why}`, "write its value where it is used");
    } else if (keyword === "unset") {
      variables.delete(clause.head[1]?.text.toLowerCase() ?? "");
      around.ledger.carry(clause);
    } else {
      readStatement(clause, settings, around);
      if (test === undefined) outdo(branches, settings, clause, around.ledger);
    }
  }
  return settings;
}

/** Of what is set in an arm nothing is known behind it. */
function forget({ block = [] }: Clause, variables: Map<string, DhcpdExpression | undefined>): void {
  for (const clause of block) {
    if (keywordOf(clause) === "set") variables.set(clause.head[1]?.text.toLowerCase() ?? "", undefined);
    forget(clause, variables);
  }
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
    if (!isElse) own = conditionOf(expressionOf(words, around.variables), around);
    if (former === undefined) throw new Untranslatable("there is no condition before it that Kea's language can say");
  } catch (error) {
    loseWithBlock(clause, `is not carried over: ${messageOf(error)}`, CLASS_FIX, around.ledger);
    return undefined;
  }
  around.ledger.carry(clause);
  const test = allOf([outer, ...former.map((each) => `not (${each})`), own]);
  addBranch(test, clause, block, branches, around);
  return own === undefined ? former : [...former, own];
}

const CLASS_FIX = "write a class for these clients by hand, or an extension";

function readSwitch(clause: Clause, outer: string | undefined, branches: Branch[], around: SettingsSurroundings): void {
  const { head, block = [] } = clause;
  const cases = casesOf(block);
  let tests: (string | undefined)[];
  try {
    const value = expressionOf(head.slice(1), around.variables);
    tests = cases.map(({ values, isDefault }) => {
      const equal = values.map((each) => {
        const parts = [value, expressionOf(each, around.variables)] as const;
        return conditionOf({ kind: "compare", operator: "=", parts }, around);
      });
      const any = equal.join(" or ");
      return !isDefault ? any : any === "" ? undefined : `not (${any})`;
    });
  } catch (error) {
    loseWithBlock(clause, `is not carried over: ${messageOf(error)}`, CLASS_FIX, around.ledger);
    return;
  }
  around.ledger.carry(clause);
  for (const [i, { clauses, statements }] of cases.entries()) {
    for (const label of clauses) around.ledger.carry(label);
    addBranch(allOf([outer, tests[i]]), clauses[0]!, statements, branches, around);
  }
}

function addBranch(
  test: string,
  clause: Clause,
  statements: readonly Clause[],
  branches: Branch[],
  around: SettingsSurroundings,
): void {
  const inner: Branch[] = [];
  const settings = readInto(statements, test, inner, around);
  branches.push({ test, clause, settings }, ...inner);
}

/** True of every client where nothing is asked for. */
function allOf(tests: readonly (string | undefined)[]): string {
  const parts = tests.filter((part) => part !== undefined);
  if (parts.length === 0) return "'' == ''";
  return parts.map((part) => (parts.length > 1 && / or /.test(part) ? `(${part})` : part)).join(" and ");
}
