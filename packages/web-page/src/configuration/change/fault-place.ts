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

/** All of an answer of `config-test` that have a place. */
export function readFaults(text: string, before: number): readonly FaultPlace[] {
  return text.split("\n").flatMap((line) => readFault(line, before) ?? []);
}
