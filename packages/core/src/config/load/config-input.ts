/** A text being scanned, and which line and column a position in it is. */
import type { Position } from "../fault.ts";

/** A file being read; those that include it wait on the scanner's stack. */
export interface Input {
  readonly file: string;
  readonly text: string;
  position: number;
  /** How far lines have been counted: positions are asked for in ascending order. */
  counted: number;
  line: number;
  lineStart: number;
}

export function openInput(file: string, text: string): Input {
  const position = text.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0; // a UTF-8 byte order mark
  return { file, text, position, counted: 0, line: 1, lineStart: position };
}

/** Counts on from where the last call ended. Bytes that continue a UTF-8 character do not count as columns. */
export function countLines(input: Input, at: number): Position {
  const { text, file } = input;
  for (let i = text.indexOf("\n", input.counted); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) {
    input.line++;
    input.lineStart = i + 1;
  }
  input.counted = at;
  const column = text.slice(input.lineStart, at).replace(/[\x80-\xbf]/g, "").length + 1;
  return { file, line: input.line, column };
}
