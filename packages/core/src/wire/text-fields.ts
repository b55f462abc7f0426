/** The text of an option as operators write it: fields between commas. */

/** An operator's text for an option is wrong; the message says what is wrong and what is expected. */
export class TextError extends Error {
  override readonly name = "TextError";
}

/**
 * Fields of Kea's csv-format, read in order. A comma separates; `\,` is a comma and `\\` a backslash in a field, any
 * other backslash stands for itself; white space around a field and empty fields do not count.
 */
export class TextFields {
  readonly #text: string;
  readonly #fields: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#fields = splitText(text);
  }

  get remaining(): number {
    return this.#fields.length - this.#at;
  }

  /** @param expected what the field holds, for the message when it is missing */
  next(expected: string): string {
    const field = this.#fields[this.#at];
    if (field === undefined) throw new TextError(`a value is missing: expected ${expected}`);
    this.#at++;
    return field;
  }

  /** The whole text as it was written, for types with a grammar of their own; nothing remains. */
  whole(): string {
    this.#at = this.#fields.length;
    return this.#text;
  }
}

function splitText(text: string): string[] {
  const fields = [""];
  for (const piece of text.match(/\\[\\,]|,|[^\\,]+|\\/g) ?? []) {
    if (piece === ",") fields.push("");
    else fields[fields.length - 1] += piece === "\\," || piece === "\\\\" ? piece.slice(1) : piece;
  }
  return fields.map((field) => field.trim()).filter((field) => field !== "");
}

/**
 * The bytes of an operator's text. Configurations are read with one character a byte, as Kea does, so that text goes
 * out in the encoding in which it was written.
 */
export function textBytes(text: string): Uint8Array {
  const wide = /[^\0-\xff]/.exec(text);
  if (wide !== null) throw new TextError(`"${text}" has "${wide[0]}", which is no single byte: write its UTF-8 bytes`);
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

/** Writes commas and backslashes so that `TextFields` reads the field back. */
export function escapeField(field: string): string {
  return field.replaceAll(/[\\,]/g, "\\$&");
}
