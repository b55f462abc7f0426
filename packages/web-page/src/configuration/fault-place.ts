/** Where in a text a daemon has found a fault. */

export interface FaultPlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Without the place. */
  readonly what: string;
}

/**
 * Reads a line of `config-test`: `<wire>:12:5: Dhcp4…`.
 * @param before lines of the command that stand before the text
 * @returns `undefined` where no place is said
 */
export function readFault(line: string, before: number): FaultPlace | undefined {
  const [, row, column, what] = /^<wire>:(\d+):(\d+): (.*)$/s.exec(line) ?? [];
  if (row === undefined || column === undefined || what === undefined) return undefined;
  return { line: Number(row) - before, column: Number(column), what };
}

/** Counted from the start of the text; its end where it is shorter. */
export function offsetOf(text: string, { line, column }: FaultPlace): number {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, start + column - 1);
}
