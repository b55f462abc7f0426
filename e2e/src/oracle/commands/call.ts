/** Commands to be sent to both subjects, and how they are written down: `lease4-get {"ip-address":"192.0.2.1"}`. */

export interface Call {
  /** As it is written. */
  readonly line: string;
  readonly command: string;
  readonly args: unknown;
}

/** One a line. */
export function parseCalls(text: string): readonly Call[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [command, json] = /^(\S+) (.*)$/.exec(line)?.slice(1) ?? [line];
    return { line, command: command!, args: json === undefined ? undefined : JSON.parse(json) };
  });
}
