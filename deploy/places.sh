# Where a daemon of the packages has its files: as its unit says, for commands at a terminal, too. Sourced by its launcher;
# @DAEMON@ is its name. A configuration of Kea's has Kea's places, and so has a service that has taken Kea's place.
case "$*" in
  */etc/kea/*) ;;
  *)
    if [ ! -e /etc/systemd/system/@DAEMON@.service.d/kea.conf ]; then
      export KEA_DHCP_DATA_DIR="${KEA_DHCP_DATA_DIR:-/var/lib/kotare}"
      export KEA_PIDFILE_DIR="${KEA_PIDFILE_DIR:-/run/kotare}"
      export KEA_CONTROL_SOCKET_DIR="${KEA_CONTROL_SOCKET_DIR:-/run/kotare}"
      export KEA_LOG_FILE_DIR="${KEA_LOG_FILE_DIR:-/var/log/kotare}"
      export KEA_LEGAL_LOG_DIR="${KEA_LEGAL_LOG_DIR:-/var/log/kotare}"
      export KOTARE_CONFIG="${KOTARE_CONFIG:-/etc/kotare/@DAEMON@.conf}"
    fi
    ;;
esac
