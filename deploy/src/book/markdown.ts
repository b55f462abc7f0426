/** Text as a part of Markdown. */

/** In a cell of a table. */
export function cellOf(text: string): string {
  return escapeMarkup(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** So that nothing in it is markup but code between backticks. */
export function escapeMarkup(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/[\\*_<>[\]]/g, "\\$&")))
    .join("");
}
