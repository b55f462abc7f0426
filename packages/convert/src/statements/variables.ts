/** `set x = …`: Kea has no variables, so their expressions are written where they are used. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import { type DhcpdExpression, parseExpression } from "../dhcpd/expression.ts";
import { is, type Token } from "../dhcpd/token.ts";
import { messageOf } from "./lose-with-block.ts";

/** By name; `undefined` for one whose value depends on conditions. */
export type Variables = ReadonlyMap<string, DhcpdExpression | undefined>;

/** @throws {ExpressionError} for words that are no expression, or one that needs a variable of which nothing is known */
export function expressionOf(tokens: readonly Token[], variables: Variables): DhcpdExpression {
  return inline(parseExpression(tokens), variables);
}

function inline(expression: DhcpdExpression, variables: Variables): DhcpdExpression {
  switch (expression.kind) {
    case "call":
      if (expression.parts.length === 0 && variables.has(expression.name)) {
        return variables.get(expression.name) ?? expression;
      }
      return { ...expression, parts: expression.parts.map((part) => inline(part, variables)) };
    case "compare":
    case "and":
    case "or": {
      const [left, right] = expression.parts;
      return { ...expression, parts: [inline(left, variables), inline(right, variables)] };
    }
    case "not":
      return { ...expression, part: inline(expression.part, variables) };
    default:
      return expression;
  }
}

/** @returns why the value cannot be read, if it cannot */
export function setVariable({ head }: Clause, variables: Map<string, DhcpdExpression | undefined>): string | undefined {
  const name = head[1]?.text.toLowerCase() ?? "";
  variables.delete(name);
  if (!is(head[2], "=")) return "has no value";
  try {
    variables.set(name, expressionOf(head.slice(3), variables));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Of the outermost scope, whose statements dhcpd executes first. */
export function variablesOf(statements: readonly Clause[]): Variables {
  const variables = new Map<string, DhcpdExpression | undefined>();
  for (const clause of statements) if (keywordOf(clause) === "set") setVariable(clause, variables);
  return variables;
}
