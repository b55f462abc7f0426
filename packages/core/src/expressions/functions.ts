/** The functions of Kea's expressions, each as the parser of what stands behind its name. */
import { RE2JS } from "re2js";
import { latin1 } from "../base/bytes.ts";
import {
  addressToText,
  concat,
  hexString,
  integerToText,
  lowerCase,
  split,
  substring,
  upperCase,
} from "./byte-operators.ts";
import type { Condition, Subject, Value } from "./expression.ts";
import type { ParsePart, PartParser } from "./part-parser.ts";
import { compute, constantOf, derive } from "./values.ts";

const INT32 = 0x7fff_ffff;

/** `name(value)`. */
function ofOne(operator: (value: Uint8Array) => Uint8Array): ParsePart {
  return (parser) => derive([inParentheses(parser, () => parser.value())], operator);
}

/** `name(value, value)`. */
function ofTwo(operator: (a: Uint8Array, b: Uint8Array) => Uint8Array): ParsePart {
  return (parser) =>
    inParentheses(parser, () => {
      const first = parser.value();
      parser.cursor.expect(",");
      return derive([first, parser.value()], (a, b) => operator(a!, b!));
    });
}

function inParentheses<S extends Subject, T>({ cursor }: PartParser<S>, parse: () => T): T {
  cursor.expect("(");
  const inner = parse();
  cursor.expect(")");
  return inner;
}

/** An integer in the text has four bytes; here it has as many as the function wants. */
function integerText(size: 1 | 2 | 4, isSigned: boolean): ParsePart {
  const toText = integerToText(size, isSigned);
  return (parser) =>
    inParentheses(parser, () => {
      const { token } = parser.cursor;
      const value = parser.value();
      if (value.literal === undefined) return derive([value], toText);
      const range = 2 ** (8 * size);
      const [min, max] = isSigned ? [-range / 2, range / 2 - 1] : [0, range - 1];
      if (value.literal < min || value.literal > max) {
        parser.cursor.reject(token, `${value.literal} is out of range: expected ${min} to ${max}`);
      }
      return constantOf(Buffer.from(String(value.literal), "latin1"));
    });
}

const parseSubstring: ParsePart = (parser) =>
  inParentheses(parser, () => {
    const { cursor } = parser;
    const value = parser.value();
    cursor.expect(",");
    const start = cursor.integer("start", -INT32, INT32);
    cursor.expect(",");
    const length = cursor.skip("all") ? undefined : cursor.integer("length", -INT32, INT32);
    return derive([value], (bytes) => substring(bytes!, start, length));
  });

const parseSplit: ParsePart = (parser) =>
  inParentheses(parser, () => {
    const { cursor } = parser;
    const value = parser.value();
    cursor.expect(",");
    const delimiters = parser.value();
    cursor.expect(",");
    const field = cursor.integer("field number", -INT32, INT32);
    return derive([value, delimiters], (bytes, marks) => split(bytes!, marks!, field));
  });

function parseIfElse<S extends Subject>(parser: PartParser<S>): Value<S> {
  return inParentheses(parser, () => {
    const condition = parser.condition();
    parser.cursor.expect(",");
    const yes = parser.value();
    parser.cursor.expect(",");
    const no = parser.value();
    return compute((subject) => (condition.evaluate(subject) ? yes : no).evaluate(subject));
  });
}

/** The whole value must match. Runs in linear time, whatever the pattern and the client's bytes. */
function parseMatch<S extends Subject>(parser: PartParser<S>): Condition<S> {
  return inParentheses(parser, () => {
    const pattern = parser.cursor.string("a regular expression");
    parser.cursor.expect(",");
    const value = parser.value();
    let compiled: RE2JS;
    try {
      compiled = RE2JS.compile(latin1(pattern.bytes!), RE2JS.DOTALL);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return parser.cursor.reject(pattern, `'${pattern.text}' is no regular expression: ${why}`);
    }
    return { kind: "condition", evaluate: (subject) => compiled.matches(latin1(value.evaluate(subject))) };
  });
}

function parseMember<S extends Subject>(parser: PartParser<S>): Condition<S> {
  return inParentheses(parser, () => {
    const name = parser.cursor.string("a class's name");
    return isMember(parser, name.text, name.at);
  });
}

function isMember<S extends Subject>(parser: PartParser<S>, name: string, at: number): Condition<S> {
  parser.members.set(name, at);
  return { kind: "condition", evaluate: ({ classes }) => classes.has(name) };
}

export const functions: ReadonlyMap<string, ParsePart> = new Map<string, ParsePart>([
  ["substring", parseSubstring],
  ["split", parseSplit],
  ["concat", ofTwo(concat)],
  ["hexstring", ofTwo(hexString)],
  ["lcase", ofOne(lowerCase)],
  ["ucase", ofOne(upperCase)],
  ["ifelse", parseIfElse],
  ["addrtotext", ofOne(addressToText)],
  ["int8totext", integerText(1, true)],
  ["int16totext", integerText(2, true)],
  ["int32totext", integerText(4, true)],
  ["uint8totext", integerText(1, false)],
  ["uint16totext", integerText(2, false)],
  ["uint32totext", integerText(4, false)],
  ["match", parseMatch],
  ["member", parseMember],
  ["known", (parser, { at }) => isMember(parser, "KNOWN", at)],
  [
    "unknown",
    (parser, { at }) => {
      const known = isMember(parser, "KNOWN", at);
      return { kind: "condition", evaluate: (subject) => !known.evaluate(subject) };
    },
  ],
]);
