/** `option x …` and its kin: a value, or an expression. */
import type { Clause } from "../dhcpd/clause.ts";
import type { DhcpdExpression } from "../dhcpd/expression.ts";
import { readOptionName } from "../dhcpd/option-registry.ts";
import { type OptionValue, readOptionValue } from "../dhcpd/option-value.ts";
import { is, type Token } from "../dhcpd/token.ts";
import type { Ledger } from "../ledger.ts";
import { generatedNameOf, pathOf } from "./generated-name.ts";
import { dataOf, Untranslatable } from "./kea-expression.ts";
import { messageOf } from "./lose-with-block.ts";
import { keyOf, type Settings, type SettingsSurroundings } from "./settings.ts";
import { expressionOf } from "./variables.ts";

export function readOption(
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
    let read: OptionValue;
    if (is(value[0], "=")) {
      const tree = expressionOf(value.slice(1), around.variables);
      const bytes = constantOf(tree);
      if (bytes === undefined) {
        if (keyOf(option) !== "dhcp 12" || !takeGenerated(tree, clause, settings, ledger)) {
          settings.computed.push({ option, clause, action: "supersede", expression: dataOf(tree, around) });
        }
        return;
      }
      read = bytesAsValue(bytes);
    } else read = readOptionValue(value, option.format, around.resolve);
    if (before !== undefined) ledger.overrule(before.clause, "has no effect: a later statement sets the same option");
    settings.options.set(key, { option, clause, value: read });
  } catch (error) {
    ledger.lose(clause, `is not carried over: ${messageOf(error)}`, OPTION_FIX);
  }
}

/** A client's name that is made of its address. @returns whether it is one */
function takeGenerated(tree: DhcpdExpression, clause: Clause, settings: Settings, ledger: Ledger): boolean {
  const { generated } = settings;
  if (tree.kind === "option" && pathOf(tree) === "server.ddns-hostname" && generated !== undefined) {
    // Kea tells clients the names that it generates.
    settings.generated = { ...generated, isTold: true };
    ledger.carry(clause);
    return true;
  }
  const name = generatedNameOf(tree);
  if (name !== undefined) settings.generated = { name, isForDns: false, isTold: true, clause };
  return name !== undefined;
}

const OPTION_FIX = "write the value into option-data by hand";

/** The same bytes whoever asks; `undefined` for what depends on the packet. */
function constantOf(expression: DhcpdExpression): Uint8Array | undefined {
  if (expression.kind === "text") return Buffer.from(expression.text, "latin1");
  if (expression.kind === "octets") return expression.bytes;
  if (expression.kind !== "call" || expression.name !== "concat") return undefined;
  const parts = expression.parts.map(constantOf);
  return parts.every((part) => part !== undefined) ? Buffer.concat(parts) : undefined;
}

function bytesAsValue(bytes: Uint8Array): OptionValue {
  const text = Buffer.from(bytes).toString("latin1");
  return { bytes, fields: [/^[\x20-\x7e]*$/.test(text) ? text : Buffer.from(bytes).toString("hex")] };
}
