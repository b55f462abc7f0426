#!/bin/sh
# What dhclient, dhcpcd and udhcpc run when something happens: tells the test, and does the client's part of the work.
#
# Each call leaves a file in $EVENTS with the variables as `env -0` prints them (udhcpc's reason, an argument, as
# `reason`). dhclient has a PATH of its own: E2E_PATH replaces it. dhcpcd sets its address and looks for conflicts itself; for the others that is done here.
export reason="${reason:-$1}"
PATH=${E2E_PATH:-$PATH}

set_address() { # ADDRESS MASK ROUTER
  ip -4 address flush dev "$interface"
  ip address add "$1/$2" dev "$interface"
  [ -z "$3" ] || ip route replace default via "${3%% *}" dev "$interface"
}

status=0
case "$reason" in
  PREINIT) ip link set "$interface" up ;;
  BOUND | REBOOT | RENEW | REBIND)
    if [ -n "$pid_dhclient" ]; then
      # dhclient declines the address when this script fails (it never asks the network itself).
      if [ "$reason" = BOUND ] && ! busybox arping -q -D -c 2 -w 2 -I "$interface" "$new_ip_address"; then
        reason=CONFLICT
        status=1
      else
        set_address "$new_ip_address" "$new_subnet_mask" "$new_routers"
      fi
    fi
    ;;
  bound | renew) set_address "$ip" "$subnet" "$router" ;;
  EXPIRE | RELEASE | STOP | deconfig) [ -n "$pid_dhcpcd" ] || ip -4 address flush dev "$interface" ;;
esac

env -0 >"$EVENTS/.$$"
mv "$EVENTS/.$$" "$EVENTS/$(date +%s%N)"
exit $status
