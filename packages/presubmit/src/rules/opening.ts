/** Each source file opens with a sentence on what it is. */
import type { Rule } from "../source-files.ts";

export const opening: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    if (!/\.(tsx?|mjs|c|h)$/.test(path)) return [];
    // Tests are told what they are by the file beside them; data tables by their first line all the same.
    if (/\.(test|d)\.ts$/.test(path)) return [];
    const body = text.replace(/^#!.*\n/, "");
    if (/^\/\/ [A-Z`]/.test(body) || /^\/\*\*?\s*(\*\s*)?\S/.test(body)) return [];
    return [{ path, line: 1, what: "opens without a comment that says in one sentence what it is" }];
  });
