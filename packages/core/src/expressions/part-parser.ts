/** What the parser of expressions gives those that parse one function, or one part of a packet. */
import type { OptionDefinition } from "../options/option.ts";
import type { OptionSpaces } from "../options/option-spaces.ts";
import type { Condition, Expression, ExpressionFamily, Subject, Value } from "./expression.ts";
import type { Token } from "./scanner.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** What expressions of a configuration may speak of. */
export interface Language<S extends Subject> {
  readonly family: ExpressionFamily<S>;
  /** The options that have names. */
  readonly spaces: OptionSpaces;
  /** By code: what classes define an option as for their members, by the name of the class. */
  readonly ownOptions?: ReadonlyMap<number, ReadonlyMap<string, OptionDefinition>>;
}

export interface PartParser<S extends Subject> {
  readonly cursor: TokenCursor;
  readonly language: Language<S>;
  /** The classes asked for so far, each with its place in the text. */
  readonly members: Map<string, number>;
  condition(): Condition<S>;
  value(): Value<S>;
}

/** Parses what follows a name. @throws {ExpressionError} */
export type ParsePart = <S extends Subject>(parser: PartParser<S>, name: Token) => Expression<S>;
