/** Makes what the packet path looks at of an entry of `reservations`, wherever it comes from. */
import type { OptionDataConfig } from "../../config/dhcp4-config.ts";
import type { Reservation6Config } from "../../config/dhcp6-config.ts";
import { parseIdentifier } from "../../config/host-identifier.ts";
import { IDENTIFIER_TYPES6 } from "../../config/schema/dhcp6/reservation6.ts";
import type { Host6, ReservedLease6 } from "../../hosts/model/host6.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { parseIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import { LeaseType6 } from "../../leases/model/lease6.ts";
import type { ScopeOptions } from "../../options/scope-options.ts";

/** @param reservation has been checked */
export function compileHost6(
  reservation: Reservation6Config,
  compileOptions: (entries: readonly OptionDataConfig[]) => ScopeOptions,
): Host6 {
  const type = IDENTIFIER_TYPES6.find((candidate) => reservation[candidate] !== undefined)!;
  const addresses = reservation["ip-addresses"].map(
    (text): ReservedLease6 => ({
      type: LeaseType6.address,
      address: parseIpv6Key(text)!,
      length: 128,
      excluded: undefined,
    }),
  );
  const prefixes = reservation.prefixes.map((text, i): ReservedLease6 => {
    const excluded = reservation["excluded-prefixes"][i] ?? "";
    return {
      type: LeaseType6.prefix,
      ...parsePrefix(text),
      excluded: excluded === "" ? undefined : parsePrefix(excluded),
    };
  });
  return {
    identifierType: type,
    identifier: parseIdentifier(reservation[type]!)!,
    leases: [...addresses, ...prefixes],
    hostname: reservation.hostname,
    options: compileOptions(reservation["option-data"]),
    classes: reservation["client-classes"],
  };
}

function parsePrefix(text: string) {
  const { address, length } = parseIpv6Prefix(text)!;
  return { address: readIpv6Key(address), length };
}
