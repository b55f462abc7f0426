/** The free JSON that Kea keeps with a lease. */

/** Somebody else's text may be anything: what is no map counts as empty, and is no reason to refuse their client. */
export function parseContext(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    return isMap ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
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
