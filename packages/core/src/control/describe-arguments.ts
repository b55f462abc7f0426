/** The arguments of a command in words, from their definition: for the reference page and for the command line. */
import { z } from "zod";
import type { Command } from "./command.ts";

export interface DescribedArgument {
  readonly name: string;
  /** `text`, `0–4294967295`, `"user" or "ha-partner"`. */
  readonly type: string;
  readonly isNeeded: boolean;
  /** As JSON; empty for none. */
  readonly default: string;
  readonly description: string;
}

/** JSON Schema, as far as arguments have it. */
interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly anyOf?: readonly Field[];
  readonly items?: Field;
  readonly prefixItems?: readonly Field[];
}

/** None for a command whose arguments are a configuration. */
export function describeArguments(command: Command<never>): readonly DescribedArgument[] {
  if ("takesConfig" in command) return [];
  const schema = z.toJSONSchema(command.arguments, { io: "input", unrepresentable: "any" });
  const fields = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Field>>);
  return fields.map(([name, field]) => ({
    name,
    type: nameType(field),
    isNeeded: schema.required?.includes(name) ?? false,
    default: field.default === undefined ? "" : JSON.stringify(field.default),
    description: field.description ?? "",
  }));
}

function nameType(field: Field): string {
  const { type, minimum, maximum, items, prefixItems, anyOf } = field;
  if (anyOf !== undefined) return anyOf.map(nameType).join(" or ");
  if (field.enum !== undefined) return field.enum.map((value) => JSON.stringify(value)).join(", ");
  if (field.const !== undefined) return JSON.stringify(field.const);
  if (minimum === Number.MIN_SAFE_INTEGER) return "whole number";
  if (type === "integer") return maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `${minimum}–${maximum}`;
  if (prefixItems !== undefined) return `list of one ${nameType(prefixItems[0]!)}`;
  if (type === "array") return `list of ${items === undefined ? "anything" : nameType(items)}`;
  return { string: "text", boolean: "true or false", object: "map" }[type ?? ""] ?? "anything";
}
