/** The JSON that daemons write, as Kea does: a byte that is not ASCII is `\u00XX`, so that `ä` comes as two characters. */

const ESCAPED_BYTE = /\\u00[89a-f]/i;

/** @throws where it is no JSON */
export function parseAnswer(text: string): unknown {
  if (!ESCAPED_BYTE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? decode(value) : value));
}

/** What is no UTF-8 stays as it is. */
function decode(text: string): string {
  if (!/^[\0-\xff]*$/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (each) => each.charCodeAt(0)));
  } catch {
    return text;
  }
}
