/** The chapter of the manual that lists the keys of a daemon's configuration. */
import { type KeySchema, scopesOf, typeOf } from "../config-page.ts";
import { cellOf } from "./markdown.ts";

/** @param root of the whole file */
export function keyChapter(daemon: string, root: KeySchema): string {
  const parts = [
    `# Keys of ${daemon}`,
    `The configuration of ${daemon} is JSON as Kea reads it: with comments (\`#\`, \`//\`, \`/* */\`), commas behind last members, and \`<?include "file"?>\`. Each key is listed once, under the map that it belongs to. \`${daemon} -t FILE\` checks a file and tells all that is wrong with it.`,
  ];
  for (const { path, map } of scopesOf(root)) {
    parts.push(`## ${path}`);
    if (map.description !== undefined) parts.push(map.description);
    const rows = Object.entries(map.properties ?? {}).map(
      ([name, key]) => `| \`${name}\` | ${cellOf(typeOf(key))} | ${cellOf(key.description ?? "")} |`,
    );
    if (rows.length > 0) parts.push(["| key | value | meaning |", "| --- | --- | --- |", ...rows].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}
