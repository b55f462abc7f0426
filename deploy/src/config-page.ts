/** The manual page of a configuration file, out of the JSON Schema of its keys. */

/** What is used of a JSON Schema. */
export interface KeySchema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly KeySchema[];
  readonly default?: unknown;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly items?: KeySchema;
}

/** A map of the configuration with the path that leads to it: `Dhcp4.subnet4[].pools[]`. */
export interface Scope {
  readonly path: string;
  readonly map: KeySchema;
}

/**
 * @param daemon `dhcp4d`
 * @param root of the whole file
 * @param version of the program, and `date` of the page: `2026-11-27`
 * @returns the page in the language of man(7)
 */
export function configPage(
  daemon: string,
  root: KeySchema,
  { version, date }: { version: string; date: string },
): string {
  const lines = [
    `.TH ${daemon.toUpperCase()}.CONF 5 ${date} "Kotare ${version}" "Configuration files"`,
    ".SH NAME",
    `${daemon}.conf \\- configuration file of ${daemon}(8)`,
    ".SH DESCRIPTION",
    "JSON as Kea reads it: with comments",
    "(\\fB#\\fR, \\fB//\\fR, \\fB/* */\\fR),",
    'commas behind last members, and \\fB<?include "file"?>\\fR. Each key is listed once, under the map that it belongs to.',
    `\\fB${daemon} \\-t\\fR checks a file and tells all that is wrong with it.`,
  ];
  for (const { path, map } of scopesOf(root)) {
    lines.push(`.SS ${path}`, ...sentence(map));
    for (const [name, key] of Object.entries(map.properties ?? {}))
      lines.push(".TP", `\\fB${roff(name)}\\fR (${roff(typeOf(key))})`, ...sentence(key));
  }
  lines.push(".SH SEE ALSO", `.BR ${daemon} (8)`, "");
  return lines.join("\n");
}

/** Every map, outer ones first; one that has been listed with the same keys already is left out. */
export function* scopesOf(root: KeySchema): Generator<Scope> {
  const listed = new Set<string>();
  const waiting: Scope[] = Object.entries(root.properties ?? {}).map(([path, map]) => ({ path, map }));
  for (let scope = waiting.shift(); scope !== undefined; scope = waiting.shift()) {
    const keys = JSON.stringify(scope.map.properties);
    if (listed.has(keys)) continue;
    listed.add(keys);
    yield scope;
    for (const [name, key] of Object.entries(scope.map.properties ?? {})) {
      const path = `${scope.path}.${name}`;
      if (key.properties !== undefined) waiting.push({ path, map: key });
      else if (key.items?.properties !== undefined) waiting.push({ path: `${path}[]`, map: key.items });
    }
  }
}

/** Its type, unit, range and default, as in `integer, in s, default 7200`. */
export function typeOf({
  type,
  enum: values,
  const: only,
  anyOf,
  items,
  unit,
  minimum,
  maximum,
  default: fallback,
}: KeySchema): string {
  const parts: string[] = [];
  if (values !== undefined) parts.push(values.map((value) => String(value)).join(" | "));
  else if (only !== undefined) parts.push(String(only));
  else if (anyOf !== undefined) parts.push([...new Set(anyOf.map(({ type: each }) => each ?? "any"))].join(" | "));
  else if (items !== undefined) parts.push(`list of ${items.type === "object" ? "maps" : `${items.type ?? "any"}s`}`);
  else parts.push(type === "object" ? "map" : String(type ?? "any"));
  if (unit !== undefined) parts.push(`in ${unit}`);
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    parts.push(`${minimum} to ${maximum}`);
  if (fallback !== undefined && typeof fallback !== "object") parts.push(`default ${JSON.stringify(fallback)}`);
  return parts.join(", ");
}

function sentence({ description }: KeySchema): string[] {
  return description === undefined ? [] : [roff(description)];
}

/** Text as roff: a leading dot or quote would be a request, a hyphen would be one of typography. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/, "\\&$&");
}
