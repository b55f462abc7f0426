/** Whether the entries of `hooks-libraries` can be loaded, and their parameters hold. */
import type { Extension } from "@kotare/extension";
import type { ZodType } from "zod";
import type { ConfigFamily } from "../config/config-family.ts";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { ConfigFault, Pointer } from "../config/fault.ts";
import { findIgnoredKeys } from "../config/known-keys.ts";
import { entryAt } from "../config/load/cuts.ts";
import { explainIgnoredKey, explainIssue } from "../config/load/explain-issue.ts";
import type { BuiltIn } from "./built-ins.ts";
import { type ContextConfig, findContexts, schemaOf } from "./extension-schema.ts";
import { type Found, findExtension, type LibraryConfig, type ModuleRules } from "./find-extension.ts";
import { parameterTools } from "./parameter-tools.ts";

interface WithLibraries extends ContextConfig {
  readonly "hooks-libraries": readonly LibraryConfig[];
  readonly "option-def": Dhcp4Config["option-def"];
}

type Tools = ReturnType<typeof parameterTools>;

/** The family, whose configurations may load extensions. */
export function withExtensions<Config extends WithLibraries>(
  family: ConfigFamily<Config>,
  rules: ModuleRules,
): ConfigFamily<Config> {
  const root: Pointer = [family.root];
  return {
    ...family,
    check(config) {
      const number = family.root === "Dhcp6" ? 6 : 4;
      const tools = parameterTools(config, number);
      const entries = config["hooks-libraries"].flatMap((entry, i) => {
        const found = findExtension(entry, rules);
        const faults = checkEntry(found, entry, [...root, "hooks-libraries", i], tools, number);
        return found.kind === "extension"
          ? [...faults, ...checkContexts(found.extension, config, root, tools)]
          : faults;
      });
      return [...family.check(config), ...entries];
    },
  };
}

function checkEntry(
  found: Found,
  entry: LibraryConfig,
  pointer: Pointer,
  tools: Tools,
  family: 4 | 6,
): readonly ConfigFault[] {
  const at: Pointer = [...pointer, "parameters"];
  switch (found.kind) {
    case "part":
      return Object.keys(entry.parameters ?? {}).map((key) => tellIgnored(found, [...at, key]));
    case "extension":
      return [
        ...checkFamily(found.extension, entry, pointer, family),
        ...checkParameters(found.extension, entry.parameters, at, tools),
      ];
    case "none":
      return [{ ...found.fault, pointer: [...pointer, "library"], value: entry.library, severity: "error" }];
  }
}

function checkFamily(
  { family: only }: Extension,
  { library }: LibraryConfig,
  pointer: Pointer,
  family: 4 | 6,
): readonly ConfigFault[] {
  if (only === undefined || only === family) return [];
  const message = `is for DHCPv${only} only`;
  return [{ pointer: [...pointer, "library"], value: library, message, fix: "remove the entry", severity: "error" }];
}

const NO_PARAMETER = "has no effect: what the library does is built in, and has no such parameter";

function tellIgnored({ ignored }: Extract<BuiltIn, { kind: "part" }>, pointer: Pointer): ConfigFault {
  const message = ignored?.[String(pointer.at(-1))] ?? NO_PARAMETER;
  return { pointer, message, severity: "warning", at: "key" };
}

function checkParameters(extension: Extension, given: unknown, pointer: Pointer, tools: Tools): readonly ConfigFault[] {
  return guarded(extension, pointer, "parameters", () => checkMap(schemaOf(extension, tools), given ?? {}, pointer));
}

function checkContexts(
  extension: Extension,
  config: ContextConfig,
  root: Pointer,
  tools: Tools,
): readonly ConfigFault[] {
  return guarded(extension, root, "contexts", () =>
    [...findContexts(extension, config, tools)].flatMap(({ schema, context, pointer }) =>
      checkMap(schema, context, [...root, ...pointer]),
    ),
  );
}

function checkMap(schema: ZodType, given: unknown, pointer: Pointer): readonly ConfigFault[] {
  const { error } = schema.safeParse(given);
  const faults = error?.issues.flatMap((issue) => explainIssue(schema, issue, entryAt(given, issue.path as Pointer)));
  const ignored = [...findIgnoredKeys(schema, given)].map((key) => explainIgnoredKey(schema, key));
  return [...(faults ?? []), ...ignored].map((fault) => ({ ...fault, pointer: [...pointer, ...fault.pointer] }));
}

/** @param what which of the extension's functions the check calls */
function guarded(
  { name }: Extension,
  pointer: Pointer,
  what: string,
  check: () => readonly ConfigFault[],
): readonly ConfigFault[] {
  try {
    return check();
  } catch (error) {
    const message = `cannot be checked: extension ${name} failed: ${error}`;
    return [{ pointer, message, fix: `mend its function ${what}`, severity: "error" }];
  }
}
