/** What a block of the manual shows of a terminal: commands behind a prompt, and what they print. */

export interface Step {
  /** `$ ` is the host of the server, `client$ ` a client of it. */
  readonly host: "server" | "client";
  readonly command: string;
  /** Ends with `&`: it goes on running. */
  readonly isDaemon: boolean;
  /** `…` stands for anything: in a line, or as a line for any number of lines. */
  readonly output: readonly string[];
}

const PROMPT = /^(client)?\$ (.*)$/;

export function readDialogue(text: string): readonly Step[] {
  const steps: Step[] = [];
  const lines = text.split("\n").values();
  for (const line of lines) {
    const prompt = PROMPT.exec(line);
    if (prompt === null) {
      const last = steps.at(-1);
      if (last === undefined) throw new Error(`output before any command: ${line}`);
      (last.output as string[]).push(line);
      continue;
    }
    let command = prompt[2]!;
    while (command.endsWith("\\")) command = `${command.slice(0, -1)}${String(lines.next().value).trimStart()}`;
    const isDaemon = command.endsWith(" &");
    steps.push({
      host: prompt[1] === undefined ? "server" : "client",
      // In the lab everybody may do everything.
      command: (isDaemon ? command.slice(0, -2) : command).replaceAll(/(^|[|;&] *)sudo /g, "$1"),
      isDaemon,
      output: [],
    });
  }
  return steps;
}

/** As a pattern for all that a command has printed. */
export function patternOf(output: readonly string[]): RegExp {
  const lines = output.map((line) =>
    line === "…" ? "(?:.*\n)*?" : `${line.split("…").map(literally).join(".*")} *\n`,
  );
  return new RegExp(`^${lines.join("")}$`);
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The programs of a command: what stands first in it, and behind each `|` and `;`. */
export function programsOf(command: string): readonly string[] {
  return command
    .split(/ (?:\||&&|\|\|) |; /)
    .map((part) => part.trim().split(/\s+/)[0]!)
    .filter((word) => word !== "");
}
