/** Text from clients and files made safe for a terminal and for readers that take a line for an entry. */
import type { TextWriter } from "../ip/text-writer.ts";

/** Controls, line and paragraph separators, and the marks that turn the direction of writing round. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** `a⏎b` → `a\x0ab`; text without unsafe characters is written as it is. */
export function writeEscaped(line: TextWriter, text: string): void {
  const safe = line.printable(text);
  // Nearly all text is through.
  if (safe < text.length) line.utf8(escapeControls(text.slice(safe)));
}

function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}
