/** finish-book.main.mjs FOLDER: puts the scripts that stand in the manual's pages into files, so that a server can forbid all others. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scriptsApart } from "./book/scripts-apart.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: finish-book.main.mjs FOLDER");
// It would have to know where the manual is served; the others are for nobody.
for (const name of ["404.html", ".nojekyll", "FontAwesome/fonts/FontAwesome.ttf"])
  rmSync(join(folder, name), { force: true });
const scripts = new Map<string, string>();
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".html")) continue;
  const file = join(folder, name);
  const way = "../".repeat(name.split("/").length - 1);
  writeFileSync(file, scriptsApart(readFileSync(file, "utf8"), way, scripts));
}
for (const [name, text] of scripts) writeFileSync(join(folder, name), text);
