/** From the words of a command line to the arguments of a command: `subnet-id=44 hostname=printer`. */
import { z } from "zod";
import type { Command } from "../command.ts";

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
    if (name in given) return { kind: "wrong", what: `${name} is given twice` };
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
