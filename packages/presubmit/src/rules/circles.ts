/** No file imports what imports it, not even a type: each can be read after what it stands on, and understood alone. */
import { type Fault, isTypeScript, type Rule } from "../source-files.ts";
import { importsOf, resolveImport } from "./imports.ts";

interface Arrow {
  readonly to: string;
  readonly line: number;
}

/** Packages import each other in one direction only (`layers`), so that a circle is inside of one. */
export const circles: Rule = (files) => {
  const arrows = new Map<string, readonly Arrow[]>();
  for (const file of files.filter(isTypeScript)) {
    const inside = importsOf(file).filter(({ target }) => target.startsWith("."));
    arrows.set(
      file.path,
      inside.map(({ target, line }) => ({ to: resolveImport(file, target), line })),
    );
  }
  const faults: Fault[] = [];
  const done = new Set<string>();
  /** The way to the file that is looked at. */
  const way: string[] = [];

  function follow(path: string): void {
    way.push(path);
    for (const { to, line } of arrows.get(path) ?? []) {
      const at = way.indexOf(to);
      if (at >= 0) faults.push({ path, line, what: `closes a circle: ${[...way.slice(at), to].join(" → ")}` });
      else if (!done.has(to)) follow(to);
    }
    way.pop();
    done.add(path);
  }

  for (const path of arrows.keys()) if (!done.has(path)) follow(path);
  return faults;
};
