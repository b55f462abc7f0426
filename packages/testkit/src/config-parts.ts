/** Parts of configurations, as the manual shows them, put into a whole one. */

export type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param path where it belongs, such as `Dhcp4.subnet4`: a map, or a list whose first entry is meant; of hooks a new one
 * @param text members, with braces or without
 */
export function addPart(whole: Tree, path: string, text: string): void {
  const part = JSON.parse(text.startsWith('"') ? `{${text}}` : text) as Tree;
  const map = path.split(".").reduce((at, key) => {
    at[key] ??= [{}];
    const found = at[key] as Tree[] | Tree;
    if (!Array.isArray(found)) return found;
    if (key !== "hooks-libraries" || !("library" in found[0]!)) return found[0]!;
    return found[found.push({}) - 1]!;
  }, whole);
  merge(map, part);
}

/** Maps have the keys of both. Lists become longer; an entry with the same id is replaced. */
function merge(into: Tree, part: Tree): void {
  for (const [key, value] of Object.entries(part)) {
    const found = into[key];
    if (Array.isArray(found) && Array.isArray(value))
      into[key] = [...without(value as Tree[], found as Tree[]), ...value];
    else if (isTree(found) && isTree(value)) merge(found, value);
    else into[key] = value;
  }
}

function without(replaced: readonly Tree[], entries: readonly Tree[]): readonly Tree[] {
  return entries.filter(({ id }) => id === undefined || !replaced.some((each) => each["id"] === id));
}
