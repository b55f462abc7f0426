/** A long file is two things: split it, or say here why it is one. */
import type { Rule } from "../source-files.ts";

const LIMIT = 400;

/** Files that may be longer, each with the reason. */
const ALLOWED: ReadonlyMap<string, string> = new Map([]);

export const fileLength: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    if (!/\.(tsx?|mjs|c|h)$/.test(path) || ALLOWED.has(path)) return [];
    const lines = text.split("\n").length - 1;
    return lines > LIMIT
      ? [{ path, line: 0, what: `${lines} lines, more than ${LIMIT}: which two things is it?` }]
      : [];
  });
