/** What a shell completes: commands and the names of their arguments, for bash, and zsh with bashcompinit. */
import type { Command } from "../command.ts";

/** A script to be sourced: `source <(dhcp4d completion)`. Completing starts no process. */
export function writeCompletion(program: string, commands: readonly Command<never>[]): string {
  const names = commands.map(({ name }) => name).sort();
  const cases = commands
    .filter((command) => "arguments" in command && Object.keys(command.arguments.shape).length > 0)
    .map((command) => `    ${command.name}) words="${argumentsOf(command).join(" ")}" ;;`)
    .sort();
  return `# Completion of ${program} for bash, and for zsh after: autoload -U bashcompinit && bashcompinit
_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "call completion -c -t -T -d -v -V -W -p -P --help" -- "$current"))
    return
  fi
  [ "\${COMP_WORDS[1]}" = call ] || return
  if [ "$COMP_CWORD" = 2 ]; then
    COMPREPLY=($(compgen -W "${names.join(" ")}" -- "$current"))
    return
  fi
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
