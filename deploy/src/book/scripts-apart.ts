/** The scripts that stand in a page, as files of their own. */
import { createHash } from "node:crypto";

/**
 * @param way from the page to the folder of the scripts
 * @param scripts by their names; those of the page are added
 * @returns the page with the files in the places of the scripts
 */
export function scriptsApart(html: string, way: string, scripts: Map<string, string>): string {
  return html.replaceAll(/<script>(.*?)<\/script>/gs, (_, text: string) => {
    const name = `inline-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.js`;
    scripts.set(name, text);
    return `<script src="${way}${name}"></script>`;
  });
}
