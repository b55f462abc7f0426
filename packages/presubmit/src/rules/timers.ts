/** Timers whose length is not written where they are set go through `base/timer.ts`: Node's take a long one for 1 ms. */
import { type Fault, isTypeScript, type Rule, type SourceFile } from "../source-files.ts";

const HOME = "packages/core/src/base/timer.ts";
const TEST = /\.(test|contract|vectors)\.ts$|\/testing\/|^e2e\/|^packages\/testkit\//;
const PROMISED = /import \{[^}]*\bsetTimeout(?: as (\w+))?[^}]*\} from "node:timers\/promises"/g;
/** A number, or what is made of numbers and constants. */
const CONSTANT = /^[A-Z0-9_\s*+]+$/;

export const timers: Rule = (files) =>
  files
    .filter((file) => isTypeScript(file) && file.path !== HOME && !TEST.test(file.path))
    .flatMap((file) => [
      ...check(file, "setTimeout", 1),
      ...check(file, "setInterval", 1),
      ...[...file.text.matchAll(PROMISED)].flatMap(([, alias = "setTimeout"]) => check(file, alias, 0)),
    ]);

/** @param at which of its arguments is the length */
function check({ path, text }: SourceFile, name: string, at: number): Fault[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.#])${name}\\(`, "g"))].flatMap((match) => {
    const length = argumentsAt(text, match.index + match[0].length)[at] ?? "";
    const line = text.slice(0, match.index).split("\n").length;
    return CONSTANT.test(length.trim()) ? [] : [{ path, line, what: `${name}: use Timer or sleep of base/timer.ts` }];
  });
}

/** The texts of a call's arguments, from behind its bracket on. */
function argumentsAt(text: string, start: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = start;
  for (let i = start; i < text.length; i++) {
    const sign = text[i]!;
    if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign) && depth-- === 0) return [...found, text.slice(from, i)];
    else if (sign === "," && depth === 0) {
      found.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return found;
}
