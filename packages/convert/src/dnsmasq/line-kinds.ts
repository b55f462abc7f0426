/** Keys of dnsmasq's lines by what becomes of them. */

/** Of the name server, of TFTP and of router advertisements. */
export const OTHERS = new RegExp(
  `^(${[
    "address|add-.*|addn-hosts|alias|all-servers|auth-.*|bind-.*|bogus-.*|cache-size|clear-on-reload|cname|conntrack|dns-.*",
    "dnssec.*|domain-needed|dumpfile|dumpmask|edns-.*|enable-(dbus|ra|tftp|ubus)|expand-hosts|fast-dns-retry|filter.*|filterwin2k",
    "group|host-record|hostsdir|interface-name|ipset|nftset|keep-in-foreground|local.*|log-.*|loop.*|max-.*|min-.*|mx-.*|naptr-record",
    "neg-ttl|no-(daemon|hosts|negcache|poll|resolv|round-robin)|pid-file|port|port-limit|ptr-record|query-port|quiet-.*",
    "ra-param|rebind-.*|resolv-file|rev-server|selfmx|server|servers-file|srv-host|stop-dns-rebind|strict-order|synth-domain",
    "tftp-.*|trust-anchor|txt-record|umbrella|use-stale-cache|user|dns-rr|caa-record",
  ].join("|")})$`,
);

/** What Kea does anyway, or has no need of. */
export const UNNEEDED =
  /^dhcp-(lease-max|sequential-ip|leasefile|no-override|duid|rapid-commit)$|^(no-dhcp-interface|no-ping|leasefile-ro)$/;

/** Says which clients have a tag. */
export const DEFINES_TAG = /^dhcp-(match|vendorclass|userclass|mac|circuitid|remoteid|subscrid)$/;
