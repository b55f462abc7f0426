# Completion for dhcp4d, dhcp6d and d2d: their options, as --help has them, and files.
_kotare() {
  local word=${COMP_WORDS[COMP_CWORD]}
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$1" --help | grep -oE -- '--[a-z][a-z-]*|^ +-[a-zA-Z]')" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _kotare dhcp4d dhcp6d d2d
