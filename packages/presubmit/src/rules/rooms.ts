/** A folder is a room, and one with many files is two. */
import { posix } from "node:path";
import type { Rule } from "../source-files.ts";

const LIMIT = 25;

export const rooms: Rule = (files) => {
  const sizes = new Map<string, number>();
  for (const { path } of files) {
    const folder = posix.dirname(path);
    if (/\.(tsx?|mjs|c|h)$/.test(path)) sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
  }
  return [...sizes]
    .filter(([, size]) => size > LIMIT)
    .map(([path, size]) => ({ path, line: 0, what: `${size} files, more than ${LIMIT}: which two rooms is it?` }));
};
