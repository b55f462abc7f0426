/** What the two families do differently in the result. */
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import { dhcp6Spaces } from "@kotare/core/dhcp6/options/dhcp6-spaces";
import type { OptionSpaces } from "@kotare/core/options/option-spaces";

export interface ConvertedFamily {
  readonly number: 4 | 6;
  /** The space of the options of a message, in dhcpd and in Kea. */
  readonly mainSpace: "dhcp" | "dhcp6";
  readonly keaSpace: "dhcp4" | "dhcp6";
  readonly standard: OptionSpaces;
  /** The option that has the options of vendors by their enterprise numbers, and dhcpd's name of its space. */
  readonly vendorOptions: { readonly code: number; readonly space: string };
  /** Kea's daemon, for names of loggers and sockets. */
  readonly daemon: string;
  readonly socket: string;
}

export const family4: ConvertedFamily = {
  number: 4,
  mainSpace: "dhcp",
  keaSpace: "dhcp4",
  standard: dhcp4Spaces,
  vendorOptions: { code: 125, space: "vendor" },
  daemon: "kea-dhcp4",
  socket: "kea4-ctrl-socket",
};

export const family6: ConvertedFamily = {
  number: 6,
  mainSpace: "dhcp6",
  keaSpace: "dhcp6",
  standard: dhcp6Spaces,
  vendorOptions: { code: 17, space: "vsio" },
  daemon: "kea-dhcp6",
  socket: "kea6-ctrl-socket",
};
