#!/bin/sh
# What every client runs when something happens: tells the test, and does the client's part of the work.
#
# Each call leaves a file in $EVENTS with the variables as `env -0` prints them, what happened as `reason` (dhcp6c says
# REASON, udhcpc and dibbler-client give an argument). dhclient has a PATH of its own: E2E_PATH replaces it. dhclient and
# udhcpc leave it to this script to set addresses and look for conflicts; the others do that themselves.
export reason="${reason:-${REASON:-$1}}"
PATH=${E2E_PATH:-$PATH}

set_address() { # ADDRESS MASK ROUTER
  ip -4 address flush dev "$interface"
  ip address add "$1/$2" dev "$interface"
  [ -z "$3" ] || ip route replace default via "${3%% *}" dev "$interface"
}

wait_for_dad() {
  while ip -6 address show dev "$interface" tentative -dadfailed | grep -q .; do sleep 0.1; done
}

set_address6() {
  ip -6 address replace "$new_ip6_address/$new_ip6_prefixlen" dev "$interface" \
    valid_lft "$new_max_life" preferred_lft "$new_preferred_life"
  wait_for_dad
  # The kernel withdraws an address that somebody else has.
  ip -6 address show dev "$interface" to "$new_ip6_address" | grep -q .
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
  PREINIT6) wait_for_dad ;;
  BOUND6 | RENEW6 | REBIND6)
    # dhclient declines an address when this script ends with 3.
    if [ -n "$pid_dhclient" ] && [ -n "$new_ip6_address" ] && ! set_address6; then
      reason=CONFLICT6
      status=3
    fi
    ;;
  EXPIRE6 | RELEASE6 | STOP6)
    [ -z "$pid_dhclient" ] || [ -z "$old_ip6_address" ] ||
      ip -6 address delete "$old_ip6_address/$old_ip6_prefixlen" dev "$interface"
    ;;
  bound | renew) set_address "$ip" "$subnet" "$router" ;;
  EXPIRE | RELEASE | STOP | deconfig) [ -n "$pid_dhcpcd" ] || ip -4 address flush dev "$interface" ;;
esac

env -0 >"$EVENTS/.$$"
mv "$EVENTS/.$$" "$EVENTS/$(date +%s%N)"
exit $status
