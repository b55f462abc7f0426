/** Services of Debian that ours take the place of, and give it back, by the commands of the manual. */
import { scriptOf } from "../manual/machine-commands.ts";

export const FORMER = [
  {
    unit: "isc-dhcp-server",
    files: {
      "etc/default/isc-dhcp-server": 'INTERFACESv4="eth0"\n',
      "etc/dhcp/dhcpd.conf":
        "authoritative; ping-check off; dhcp-cache-threshold 0;\nsubnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.19; }\n",
    },
    there: `${scriptOf("coming-from-isc-dhcp.md", "Convert the configuration")}
      ${scriptOf("coming-from-isc-dhcp.md", "Move the leases")}`,
    back: scriptOf("coming-from-isc-dhcp.md", "Go back"),
  },
  {
    unit: "dnsmasq",
    files: {
      "etc/dnsmasq.conf": "port=0\ninterface=eth0\ndhcp-authoritative\nno-ping\ndhcp-range=10.0.0.10,10.0.0.19,1h\n",
    },
    there: `dhcp4d convert --from dnsmasq /etc/dnsmasq.conf >dhcp4d.conf
      ${scriptOf("coming-from-dnsmasq.md", "Move the leases")}`,
    back: scriptOf("coming-from-dnsmasq.md", "Go back"),
  },
] as const;
