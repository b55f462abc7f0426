/** One statement that is no condition: an option, a parameter, or something to do. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import { is, type Token } from "../dhcpd/token.ts";
import type { Ledger } from "../ledger.ts";
import { adviceOnEvents } from "./events.ts";
import { generatedNameOf } from "./generated-name.ts";
import { dataOf } from "./kea-expression.ts";
import { loseWithBlock, messageOf } from "./lose-with-block.ts";
import { readOption } from "./read-option.ts";
import type { Parameter, Settings, SettingsSurroundings } from "./settings.ts";
import { expressionOf } from "./variables.ts";

/** Statements that do something, beside setting a value. */
const ACTIONS: ReadonlyMap<string, readonly [why: string, fix: string]> = new Map([
  [
    "log",
    [
      "writes to the log for some packets, which Kea does not",
      "use libdhcp_legal_log.so, which Kotare and Kea 3 have, or the log of the daemon",
    ],
  ],
  ["execute", ["runs a program, which Kea's configuration does not", "use libdhcp_run_script.so"]],
  ["define", ["defines a function, which Kea does not have", "write its expression where it is used"]],
  ["eval", ["evaluates an expression for its effect, which Kea does not", "use libdhcp_run_script.so or an extension"]],
  ["return", ["belongs to a function, which Kea does not have", "leave it out"]],
  ["break", ["belongs to a switch, which Kea does not have", "leave it out"]],
  ["case", ["belongs to a switch, which Kea does not have", "write the cases as if and elsif, and convert again"]],
  ["add", ["puts a client into a class by statement", "give the class a condition (match if), and convert again"]],
]);

export function readStatement(clause: Clause, settings: Settings, around: SettingsSurroundings): void {
  const { head } = clause;
  const { ledger } = around;
  const keyword = keywordOf(clause);
  if (keyword === "on") {
    const why = "runs statements at an event of a lease, for which Kea has scripts";
    loseWithBlock(clause, why, adviceOnEvents(clause, around.family), ledger);
    return;
  }
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
  if (keyword === "ddns-hostname" && is(head[1], "=")) {
    readDdnsHostname(clause, settings, around);
    return;
  }
  if (/^(allow|deny|ignore)$/.test(keyword)) {
    const name = head[1]?.text.toLowerCase() ?? "";
    put(settings, name, { clause, words: head.slice(2), permission: keyword }, ledger);
  } else if (is(head[0], "not") && is(head[1], "authoritative")) {
    put(settings, "authoritative", { clause, words: [], permission: "deny" }, ledger);
  } else put(settings, keyword, { clause, words: head.slice(1) }, ledger);
}

function readDdnsHostname(clause: Clause, settings: Settings, around: SettingsSurroundings): void {
  const words = clause.head.slice(2);
  try {
    const tree = expressionOf(words, around.variables);
    const name = generatedNameOf(tree);
    if (name === undefined)
      put(settings, "ddns-hostname", { clause, words, expression: dataOf(tree, around) }, around.ledger);
    else settings.generated = { name, isForDns: true, isTold: false, clause };
  } catch (error) {
    around.ledger.lose(clause, `is not carried over: ${messageOf(error)}`, "give the hosts names in reservations");
  }
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
