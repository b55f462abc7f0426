/** The files of the repository that house rules look at. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** One file; `path` counts from the repository's root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A breach of a rule: where, and what to do about it. */
export interface Fault {
  readonly path: string;
  /** From 1; 0 for the file as a whole. */
  readonly line: number;
  readonly what: string;
}

export type Rule = (files: readonly SourceFile[]) => Fault[];

export const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

const FOLDERS = ["packages", "apps", "e2e", "deploy", "docs", ".ci"];
const ROOT_FILES = /^[^.].*\.(ts|mjs|json|yaml|md)$/;
const TEXT = /\.(tsx?|css|html|mjs|js|c|h|sh|md|json|yaml|yml|conf|service)$|\/bin\/[^./]+$|\/\.ci\/[^./]+$/;
const SKIPPED = new Set(["node_modules", "dist", "presubmit-planted"]);

export function readSourceFiles(root: string = repositoryRoot): SourceFile[] {
  const paths = readdirSync(root).filter((name) => ROOT_FILES.test(name) && name !== "pnpm-lock.yaml");
  for (const folder of FOLDERS) collect(join(root, folder), paths, root);
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

function collect(folder: string, paths: string[], root: string): void {
  let entries: ReturnType<typeof listFolder>;
  try {
    entries = listFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) collect(path, paths, root);
    } else if (entry.isFile() && TEXT.test(`/${relative(root, path)}`)) {
      paths.push(relative(root, path));
    }
  }
}

function listFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** TypeScript under a `src` folder, and the tests of e2e. */
export function isTypeScript(file: SourceFile): boolean {
  return /\.tsx?$/.test(file.path);
}

/** Calls `visit` for each match of `pattern` in each line. */
export function findInLines(
  files: readonly SourceFile[],
  pattern: RegExp,
  what: (match: RegExpExecArray, file: SourceFile) => string | undefined,
): Fault[] {
  return files.flatMap((file) =>
    file.text.split("\n").flatMap((text, i) => {
      const match = pattern.exec(text);
      const fault = match === null ? undefined : what(match, file);
      return fault === undefined ? [] : [{ path: file.path, line: i + 1, what: fault }];
    }),
  );
}
