/** What a shell completes: commands and the names of their arguments, for bash, and zsh with bashcompinit. */
import type { Command } from "../../control/command.ts";

/** What stands on a command line beside `call` and its commands. */
export interface FirstWords {
  /** `-c`, `--config` and so on. */
  readonly flags: readonly string[];
  /** Sub-commands, each with the words that may follow it. */
  readonly subCommands: ReadonlyMap<string, readonly string[]>;
}

/** A script to be sourced: `source <(dhcp4d completion)`. Completing starts no process. */
export function writeCompletion(program: string, first: FirstWords, commands: readonly Command<never>[]): string {
  const followers = [...first.subCommands].map(([name, words]) => `      ${name}) words="${words.join(" ")}" ;;`);
  const cases = commands
    .filter((command) => "arguments" in command && Object.keys(command.arguments.shape).length > 0)
    .map((command) => `    ${command.name}) words="${argumentsOf(command).join(" ")}" ;;`)
    .sort();
  return `# Completion of ${program} for bash, and for zsh after: autoload -U bashcompinit && bashcompinit
_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "${[...first.subCommands.keys(), ...first.flags].join(" ")}" -- "$current"))
    return
  fi
  if [ "$COMP_CWORD" = 2 ]; then
    case \${COMP_WORDS[1]} in
${followers.join("\n")}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  [ "\${COMP_WORDS[1]}" = call ] || return
  case \${COMP_WORDS[2]} in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${COMPREPLY-} != *= ]] || compopt -o nospace 2>/dev/null
}
complete -o default -F _${program} ${program}
`;
}

function argumentsOf(command: Command<never>): string[] {
  return "arguments" in command ? Object.keys(command.arguments.shape).map((name) => `${name}=`) : [];
}
