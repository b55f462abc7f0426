/** What parameters of extensions may be beside plain values: Kea's expressions and options, as a configuration has them. */
import type { Expression, OptionNames, ParameterTools, Query, Condition as ShownCondition } from "@kotare/extension";
import { z } from "zod";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import { EvaluationError, ExpressionError, placeIn, type Subject } from "../expressions/expression.ts";
import { expressions4 } from "../expressions/expressions4.ts";
import { expressions6 } from "../expressions/expressions6.ts";
import { type Compiled, compileCondition, compileValue } from "../expressions/parser.ts";
import type { Language } from "../expressions/part-parser.ts";
import { compileEntry, identifyOption } from "../options/compile-entry.ts";
import { compileOptionDefs, type OptionSpaces } from "../options/option-spaces.ts";
import { type ContextConfig, subnetsIn } from "./extension-schema.ts";
import { containerOf } from "./sub-option-container.ts";

/** What an expression comes to that fails on a packet: nothing, and no other nothing is the same. */
export const FAILED = new Uint8Array(0);

/** A query as extensions see it, and what it is made of. */
export interface ShownQuery<S extends Subject> extends Query {
  readonly subject: S;
}

/** @param config whose own options expressions may name */
export function parameterTools(
  config: Pick<Dhcp4Config, "option-def"> & ContextConfig,
  family: 4 | 6,
): Omit<ParameterTools, "z"> {
  const spaces = family === 4 ? dhcp4Spaces : dhcp6Spaces;
  const own = compileOptionDefs(config["option-def"], spaces).spaces;
  const tools =
    family === 4 ? toolsOf({ family: expressions4, spaces: own }) : toolsOf({ family: expressions6, spaces: own });
  return { ...tools, family, subnets: () => subnetsIn(config) };
}

function toolsOf<S extends Subject>(language: Language<S>): Omit<ParameterTools, "z" | "subnets" | "family"> {
  return {
    options: optionNames(language.spaces),
    expression: schemaFor((text): Expression => evaluatorOf(compileValue(text, language), FAILED)),
    condition: schemaFor((text): ShownCondition => evaluatorOf(compileCondition(text, language), false)),
  };
}

function evaluatorOf<S extends Subject, Value>(
  { expression }: Compiled<S, { evaluate(subject: S): Value }>,
  failed: Value,
): (query: Query) => Value {
  return (query) => {
    try {
      return expression.evaluate((query as ShownQuery<S>).subject);
    } catch (error) {
      if (error instanceof EvaluationError) return failed;
      throw error;
    }
  };
}

function schemaFor<T>(compile: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return compile(text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const message = `has an error ${placeIn(text, error.offset)}: ${error.message}`;
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    }
  });
}

/** For an expression that may be empty, as in Kea: then it comes to nothing. */
export function expressionOrNone({ z, expression }: ParameterTools) {
  return z.preprocess((text) => (text === "" ? "''" : text), expression);
}

function optionNames(spaces: OptionSpaces): OptionNames {
  return {
    codeOf: (option) => identifyOption({ ...option, "csv-format": false }, spaces)?.code,
    encode(code, data, space) {
      const verdict = compileEntry({ code, data, space, "csv-format": true }, 0, spaces);
      return "entry" in verdict ? verdict.entry.data : undefined;
    },
    containerOf: (code, space) => containerOf(code, space, spaces),
  };
}
