/** The free JSON that Kea keeps with a lease. */

/** Somebody else's text may be anything: what is no map counts as empty, and is no reason to refuse their client. */
export function parseContext(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  try {
    return asMap(JSON.parse(text));
  } catch {
    return {};
  }
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : {};
}

/** What of ours is in a user context, under Kea's feet: the map `kotare`. */
export function ownContext(userContext: string): Readonly<Record<string, unknown>> {
  return asMap(parseContext(userContext)["kotare"]);
}

/** The user context with this value of ours in it, or without it where it is `undefined`; what else is in it stays. */
export function withOwn(userContext: string, key: string, value: unknown): string {
  const { kotare, ...others } = parseContext(userContext);
  const { [key]: before, ...ours } = asMap(kotare);
  if (value === undefined && before === undefined) return userContext;
  const settings = value === undefined ? ours : { ...ours, [key]: value };
  const context = Object.keys(settings).length === 0 ? others : { ...others, kotare: settings };
  return Object.keys(context).length === 0 ? "" : formatContext(context);
}

/** The user context with these keys in these maps, keys as Kea sorts them; what else is in it stays. */
export function withMaps(
  userContext: string,
  maps: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string {
  const before = parseContext(userContext);
  const changed = Object.entries(maps).map(([name, map]): [string, unknown] => {
    const all = Object.entries({ ...asMap(before[name]), ...map });
    return [name, Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))];
  });
  return formatContext({ ...before, ...Object.fromEntries(changed) });
}

/** JSON in Kea's own style: `{ "a": [ 1, 2 ] }`. */
export function formatContext(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[  ]" : `[ ${value.map(formatContext).join(", ")} ]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${formatContext(field)}`);
    return fields.length === 0 ? "{  }" : `{ ${fields.join(", ")} }`;
  }
  return JSON.stringify(value);
}
