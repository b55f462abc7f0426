/** Text from clients and files made safe for a terminal and for readers that take a line for an entry. */

/** Controls (C0, DEL, C1), line separators, and the marks that turn the direction of writing round. */
const UNSAFE = new RegExp(
  `[${[
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0x200e, 0x200f],
    [0x2028, 0x202e],
    [0x2066, 0x2069],
    [0xfeff, 0xfeff],
  ]
    .map(([first, last]) => `${escaped(first!)}-${escaped(last!)}`)
    .join("")}]`,
  "g",
);

function escaped(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** `a⏎b` → `a\x0ab`; text without unsafe characters comes back as it is. */
export function escapeControls(text: string): string {
  if (text.search(UNSAFE) < 0) return text;
  return text.replace(UNSAFE, (character) => escaped(character.charCodeAt(0)));
}
