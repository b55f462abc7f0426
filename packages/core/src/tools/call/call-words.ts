/** From the words of a command line to the arguments of a command: `subnet-id=44 hostname=printer`. */
import { z } from "zod";
import { findNearest } from "../../config/known-keys.ts";
import type { Command } from "../../control/command.ts";

/** Text of a command's arguments, or what is wrong with the words. */
export type CalledArguments =
  | { readonly kind: "arguments"; readonly text: string | undefined }
  | { readonly kind: "wrong"; readonly what: string };

/** @param read gives the text of a file; may throw */
export function parseCallWords(
  words: readonly string[],
  command: Command<never> | undefined,
  read: (path: string) => string,
): CalledArguments {
  const [first] = words;
  if (first?.startsWith("@")) {
    if (words.length > 1) return { kind: "wrong", what: `${first} has all arguments: nothing may follow it` };
    return readArguments(first.slice(1), read);
  }
  const given: Record<string, unknown> = {};
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals <= 0)
      return { kind: "wrong", what: `'${word}' is no argument: write NAME=VALUE, or @FILE for all of them` };
    const name = word.slice(0, equals);
    if (Object.hasOwn(given, name)) return { kind: "wrong", what: `${name} is given twice` };
    const strange = findStrange(command, name);
    if (strange !== undefined) return { kind: "wrong", what: strange };
    given[name] = parseValue(word.slice(equals + 1), typeOf(command, name));
  }
  return { kind: "arguments", text: words.length === 0 ? undefined : JSON.stringify(given) };
}

function readArguments(path: string, read: (path: string) => string): CalledArguments {
  try {
    return { kind: "arguments", text: read(path) };
  } catch (error) {
    return { kind: "wrong", what: `${path} cannot be read: ${(error as Error).message}` };
  }
}

/** What is wrong with an argument that the command has not: servers pass over it, and so might wipe more than was meant. */
function findStrange(command: Command<never> | undefined, name: string): string | undefined {
  if (command === undefined || "takesConfig" in command || Object.hasOwn(command.arguments.shape, name))
    return undefined;
  const known = Object.keys(command.arguments.shape);
  const nearest = findNearest(name, known);
  const fix =
    nearest !== undefined
      ? `did you mean ${nearest}?`
      : known.length === 0
        ? "it has none"
        : `it has ${known.join(", ")}`;
  return `${command.name} has no argument '${name}': ${fix}`;
}

/** The type in JSON Schema that an argument has by the definition of its command; `undefined` where nobody knows. */
function typeOf(command: Command<never> | undefined, name: string): string | undefined {
  if (command === undefined || "takesConfig" in command) return undefined;
  const { properties = {} } = z.toJSONSchema(command.arguments, { io: "input", unrepresentable: "any" });
  const property = properties[name];
  const type = typeof property === "object" ? property.type : undefined;
  return typeof type === "string" ? type : undefined;
}

/** What is to be a text is one as it stands, be it `007`; a list may be written `1,2`; else JSON where it is JSON. */
function parseValue(text: string, type: string | undefined): unknown {
  if (type === "string") return text;
  if (type === "array" && !text.startsWith("["))
    return text === "" ? [] : text.split(",").map((item) => parseJson(item));
  return parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
