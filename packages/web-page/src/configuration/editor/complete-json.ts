/** What may be written at a place of a configuration, by its JSON Schema. */
import { type Schema, schemasAt } from "./config-schema.ts";
import type { JsonPlace } from "./json-place.ts";

export interface Proposal {
  /** As it is listed. */
  readonly label: string;
  /** A few words beside it. */
  readonly detail: string;
  /** A sentence about it. */
  readonly info: string;
  /** What is written. */
  readonly text: string;
  /** How far into the text the writing goes on. */
  readonly cursor: number;
}

export function proposalsAt(root: Schema, place: JsonPlace): readonly Proposal[] {
  if (place.wants === "key") return keysAt(root, place);
  const path = [...place.path, place.key ?? 0];
  return schemasAt(root, path).flatMap((schema) => valuesOf(schema).map((text) => proposal(text, schema, text)));
}

function keysAt(root: Schema, { path, others, hasColon }: JsonPlace): readonly Proposal[] {
  return schemasAt(root, path).flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, schema]) => {
      if (others.has(name)) return [];
      const text = hasColon ? `"${name}"` : `"${name}": ${emptyValue(schema)}`;
      return [proposal(name, schema, text, hasColon ? text.length : cursorIn(text))];
    }),
  );
}

function proposal(label: string, schema: Schema, text: string, cursor = text.length): Proposal {
  const { description = "", unit } = schema;
  const fallback = isSimple(schema.default) ? `default ${JSON.stringify(schema.default)}` : "";
  const detail = [schema.type ?? "", unit ?? "", fallback].filter((word) => word !== "").join(", ");
  return { label, detail, info: description, text, cursor };
}

function valuesOf({ enum: choices, const: only, type, default: fallback }: Schema): readonly string[] {
  if (choices !== undefined) return choices.map((each) => JSON.stringify(each));
  if (only !== undefined) return [JSON.stringify(only)];
  if (type === "boolean") return ["true", "false"];
  return isSimple(fallback) ? [JSON.stringify(fallback)] : [];
}

function isSimple(value: unknown): boolean {
  return value !== undefined && typeof value !== "object";
}

/** Ready to be filled in. */
function emptyValue({ type, items }: Schema): string {
  if (type === "object") return "{  }";
  if (type === "array") return items?.type === "object" ? "[ {  } ]" : items?.type === "string" ? '[ "" ]' : "[  ]";
  return type === "string" ? '""' : "";
}

/** Inside of the innermost brackets or quotes of the value, or at the end. */
function cursorIn(text: string): number {
  const inside = /": (?:\[ )?(?:\{ | ?"|\[ )?/.exec(text);
  return inside === null ? text.length : inside.index + inside[0].length;
}
