/**
 * `option[…]` of an option that classes may define. As in Kea (its manual, "Classification Steps") it is decoded once the
 * packet alone has said which classes it is in: as the first of these defines it that does, else as for everybody. Until
 * then it is bytes, and nothing is found in it.
 */
import type { OptionDefinition } from "../options/option.ts";
import { type Expression, ExpressionError, NO_BYTES, type Subject } from "./expression.ts";
import type { PartParser } from "./part-parser.ts";
import { compute } from "./values.ts";

/** One of these is given when it is known whether there is a reservation; what is in the set before has decided. */
const DECIDED = new Set(["KNOWN", "UNKNOWN"]);

/**
 * Parses what follows `option[code]`, for each that it may turn out to be.
 * @param definition for members of no class that has one
 */
export function parseLateOption<S extends Subject>(
  { cursor, language }: PartParser<S>,
  code: number,
  definition: OptionDefinition | undefined,
  parseLook: (definition: OptionDefinition | undefined) => Expression<S>,
): Expression<S> {
  const start = cursor.position;
  const usual = parseLook(definition);
  const end = cursor.position;
  const look = (as: OptionDefinition | undefined): Expression<S> => {
    cursor.return(start);
    try {
      return parseLook(as);
    } catch (error) {
      // No option inside has the name that is asked for.
      if (error instanceof ExpressionError) return absent(usual);
      throw error;
    } finally {
      cursor.return(end);
    }
  };
  const raw = look(undefined);
  const own = new Map([...(language.ownOptions?.get(code) ?? [])].map(([name, as]) => [name, look(as)]));
  return choose(usual, ({ classes }) => {
    let found: Expression<S> | undefined;
    for (const name of classes) {
      if (DECIDED.has(name)) return found ?? usual;
      found ??= own.get(name);
    }
    return raw;
  });
}

/** @param like one of those that are chosen from: all are of one kind */
function choose<S>(like: Expression<S>, choice: (subject: S) => Expression<S>): Expression<S> {
  if (like.kind === "condition")
    return { kind: "condition", evaluate: (subject) => choice(subject).evaluate(subject) === true };
  return compute((subject) => {
    const value = choice(subject).evaluate(subject);
    return typeof value === "boolean" ? NO_BYTES : value;
  });
}

function absent<S>({ kind }: Expression<S>): Expression<S> {
  return kind === "condition" ? { kind, evaluate: () => false } : compute(() => NO_BYTES);
}
