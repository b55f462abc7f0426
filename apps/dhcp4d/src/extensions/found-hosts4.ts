/** What extensions have found to be reserved for a client of DHCPv4, as reservations. */
import type { Host4 } from "@kotare/core/hosts/model/host4";
import { type Ipv4, type Ipv4Prefix, parseIpv4, prefixContains } from "@kotare/core/ip/ipv4";
import { noOptions } from "@kotare/core/options/scope-options";
import type { Identity } from "@kotare/extension";

/** Nobody else is ever compared with it: it is the client's by what it is found for. */
const NAMELESS: Omit<Host4, "address"> = {
  identifierType: "flex-id",
  identifier: new Uint8Array(0),
  hostname: "",
  nextServer: undefined,
  serverHostname: undefined,
  bootFileName: undefined,
  options: noOptions,
  classes: [],
};

/** @returns what there is in a subnet; `undefined` where nothing has been found */
export function foundHosts4(
  identity: Identity | undefined,
): ((subnet: { readonly prefix: Ipv4Prefix }) => Host4 | undefined) | undefined {
  const { reserved } = identity ?? {};
  if (reserved === undefined || reserved.length === 0) return undefined;
  const addresses = reserved.map(parseIpv4).filter((address): address is Ipv4 => address !== undefined);
  return ({ prefix }) => {
    const address = addresses.find((each) => prefixContains(prefix, each));
    return address === undefined ? undefined : { address, ...NAMELESS };
  };
}
