/** Makes what the packet path looks at of an entry of `reservations`, wherever it comes from. */
import type { OptionDataConfig, Reservation4Config } from "../../config/dhcp4-config.ts";
import { IDENTIFIER_TYPES4, parseIdentifier } from "../../config/host-identifier.ts";
import type { Host4 } from "../../hosts/model/host4.ts";
import { parseIpv4 } from "../../ip/ipv4.ts";
import type { ScopeOptions } from "../../options/scope-options.ts";

/** @param reservation has been checked */
export function compileHost4(
  reservation: Reservation4Config,
  compileOptions: (entries: readonly OptionDataConfig[]) => ScopeOptions,
): Host4 {
  const type = IDENTIFIER_TYPES4.find((candidate) => reservation[candidate] !== undefined)!;
  const address = reservation["ip-address"];
  const nextServer = reservation["next-server"];
  return {
    identifierType: type,
    identifier: parseIdentifier(reservation[type]!)!,
    address: address === undefined ? 0 : parseIpv4(address)!,
    hostname: reservation.hostname,
    nextServer: nextServer === undefined ? undefined : parseIpv4(nextServer),
    serverHostname: reservation["server-hostname"],
    bootFileName: reservation["boot-file-name"],
    options: compileOptions(reservation["option-data"]),
    classes: reservation["client-classes"],
  };
}
