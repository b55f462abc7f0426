import { expect, it } from "vitest";
import { parseAnswer } from "./parse-answer.ts";

it.each([
  ['{ "a": ["s\\u00c3\\u00A4cret", 7] }', { a: ["s\u00e4cret", 7] }],
  ['"caf\\u00e9"', "caf\u00e9"],
  ['"\\u20ac \\u00c3\\u00a4"', "\u20ac \u00c3\u00a4"],
  ['"plain \u20ac"', "plain \u20ac"],
])("%s is read as its bytes say, where they are UTF-8", (text, value) => expect(parseAnswer(text)).toEqual(value));
