/** A link of a text leads to a file or folder of the repository, and to a heading that is there. */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { type Fault, type Rule, repositoryRoot, type SourceFile } from "../source-files.ts";

const LINK = /\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g;
const HEADING = /^#+ (.*)$/gm;
/** The manual begins with the repository's own page. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([["docs/README.md", "README.md"]]);

export const links: Rule = (files) => {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const there = new Set(files.flatMap(({ path }) => [path, ...foldersOf(path)]));
  return files.filter(({ path }) => path.endsWith(".md")).flatMap((file) => faultsOf(file, texts, there));
};

function faultsOf(file: SourceFile, texts: ReadonlyMap<string, string>, there: ReadonlySet<string>): Fault[] {
  return file.text.split("\n").flatMap((line, i) =>
    [...line.replace(/`[^`]*`/g, "").matchAll(LINK)].flatMap(([, target = "", anchor]) => {
      const meant = target === "" ? file.path : posix.join(posix.dirname(file.path), target).replace(/\/$/, "");
      const path = ELSEWHERE.get(meant) ?? meant;
      const fault = (what: string) => [{ path: file.path, line: i + 1, what }];
      // Pictures are not among the files that rules read.
      if (!there.has(path) && !existsSync(join(repositoryRoot, path))) return fault(`there is no ${path}`);
      if (anchor === undefined || headings(texts.get(path) ?? "").has(anchor)) return [];
      return fault(`${path} has no heading '#${anchor}'`);
    }),
  );
}

/** As GitHub and mdBook name them. */
function headings(text: string): ReadonlySet<string> {
  const names = [...text.matchAll(HEADING)].map(([, heading = ""]) => heading.toLowerCase());
  return new Set(names.map((name) => name.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")));
}

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}
