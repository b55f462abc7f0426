/** The chapter of the manual with the example configurations. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @param folder of the examples: the tests serve clients with each */
export function exampleChapter(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(".conf"));
  const parts = files
    .sort()
    .map((name) => `## ${name}\n\n\`\`\`json\n${readFileSync(join(folder, name), "utf8").trimEnd()}\n\`\`\`\n`);
  return [
    "# Example configurations",
    "",
    "Each of these files is served to real clients by the tests. The packages install them in `/usr/share/doc/kotare-common/examples`.",
    "",
    ...parts,
  ].join("\n");
}
