/** Text from clients and files made safe for a terminal and for readers that take a line for an entry. */

/** Controls, line and paragraph separators, and the marks that turn the direction of writing round. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
/** Nearly all text: seen at once to need no change. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/** `a⏎b` → `a\x0ab`; text without unsafe characters comes back as it is. */
export function escapeControls(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}
