/** What a shell completes of a program that has options only: for bash, and zsh with bashcompinit. */
import type { SubCommand } from "./sub-command.ts";

/** A script to be sourced. Completing starts no process. */
export function writeOptionCompletion({ program, options }: Pick<SubCommand, "program" | "options">): string {
  const all = Object.entries(options).map(([name, { alias, type, choices = [] }]) => ({
    flags: [`--${name}`, ...(typeof alias === "string" ? [`-${alias}`] : [])],
    takesValue: type !== "boolean",
    choices,
  }));
  const words = [...all.flatMap(({ flags }) => flags), "--help", "-h"].join(" ");
  // Files, where no words are known.
  const cases = all
    .filter(({ takesValue }) => takesValue)
    .map(({ flags, choices }) => `    ${flags.join(" | ")}) words="${choices.join(" ")}" ;;`);
  const shell = `_${program.replaceAll("-", "_")}`;
  return `# Completion of ${program} for bash, and for zsh after: autoload -U bashcompinit && bashcompinit
${shell}() {
  local words="${words}"
  case \${COMP_WORDS[COMP_CWORD-1]} in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F ${shell} ${program}
`;
}
