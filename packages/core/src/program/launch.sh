# What each daemon's launcher ends with: node without any of its doors. `$@` are the daemon's own arguments, and `$launcher`
# is where it is.
#
# SIGUSR1 has node open its inspector, which obeys every local user. No version of node that we run on can be told not
# to, but it can be told to listen where nobody can (RFC 5737's 192.0.2.1); the daemon takes the signal away from it as
# soon as it runs. Signals that ask for nothing are ignored here until node takes over, and by the daemon from then on.

node=node
dist=${launcher%/*}/../dist
# Packages say where files are.
[ ! -r "$dist/places.sh" ] || . "$dist/places.sh"
signals='USR1 USR2 ALRM VTALRM PROF IO PWR'
# Systems differ in what they have.
# shellcheck disable=SC2086
(trap '' $signals) 2>/dev/null ||
  signals=$(for signal in $signals; do (trap '' "$signal") 2>/dev/null && echo "$signal"; done)
# shellcheck disable=SC2086
trap '' $signals

# The environment must not load code into the daemon, trace it, or write files for it.
for name in $(env | sed -n -e 's/^\(NODE_[A-Za-z0-9_]*\)=.*/\1/p' -e 's/^\(OPENSSL_[A-Za-z0-9_]*\)=.*/\1/p'); do
  unset "$name"
done

options="$flags --inspect-port=192.0.2.1:9229"
if [ -n "$KOTARE_NAME" ]; then
  # By Kea's name (deploy/kea-names). Stork's agent looks for it at the begin of the command line, runs what it finds there
  # with -v, and dies of options of node in between. Of shells only bash can start a program by another name.
  export NODE_OPTIONS="$options"
  exec bash -c 'exec -a "$0" "$@"' "$KOTARE_NAME" "$node" "$dist/start.cjs" "$@"
fi
exec "$node" $options "$dist/start.cjs" "$@"
