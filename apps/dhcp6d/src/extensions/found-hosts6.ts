/** What extensions have found to be reserved for a client of DHCPv6, as reservations. */
import type { Host6, ReservedLease6 } from "@kotare/core/hosts/model/host6";
import { parseIpv6Prefix } from "@kotare/core/ip/ipv6";
import { type Ipv6Key, isInPrefix, readIpv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseType6 } from "@kotare/core/leases/model/lease6";
import { noOptions } from "@kotare/core/options/scope-options";
import type { Identity } from "@kotare/extension";

/** Nobody else is ever compared with it: it is the client's by what it is found for. */
const NAMELESS: Omit<Host6, "leases"> = {
  identifierType: "flex-id",
  identifier: new Uint8Array(0),
  hostname: "",
  options: noOptions,
  classes: [],
};

interface Located {
  readonly prefix: Ipv6Key;
  readonly prefixLength: number;
}

/** @returns what there is in a subnet: addresses that are in it, and all prefixes; `undefined` where nothing has been found */
export function foundHosts6(identity: Identity | undefined): ((subnet: Located) => Host6 | undefined) | undefined {
  const { reserved } = identity ?? {};
  if (reserved === undefined || reserved.length === 0) return undefined;
  const all = reserved.flatMap(readReserved);
  return ({ prefix, prefixLength }) => {
    const leases = all.filter(
      ({ type, address }) => type === LeaseType6.prefix || isInPrefix(address, prefix, prefixLength),
    );
    return leases.length === 0 ? undefined : { leases, ...NAMELESS };
  };
}

function readReserved(text: string): ReservedLease6[] {
  const isPrefix = text.includes("/");
  const parsed = parseIpv6Prefix(isPrefix ? text : `${text}/128`);
  if (parsed === undefined) return [];
  const type = isPrefix ? LeaseType6.prefix : LeaseType6.address;
  return [{ type, address: readIpv6Key(parsed.address), length: parsed.length, excluded: undefined }];
}
