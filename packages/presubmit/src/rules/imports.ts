/** What a file imports, for the rules that look at it. */
import { posix } from "node:path";
import type { SourceFile } from "../source-files.ts";

export interface Import {
  /** As it is written. */
  readonly target: string;
  readonly line: number;
}

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;

/** Of types, too. */
export function importsOf({ text }: SourceFile): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => ({
    target: match[1]!,
    line: text.slice(0, match.index).split("\n").length,
  }));
}

/** The path of a target that begins with a dot, from the repository's root. */
export function resolveImport(file: SourceFile, target: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), target));
}
