/** Addresses and prefixes that reservations of one list set aside. */
import { type Ipv6Key, isMulticast, isPrefixAddress, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { contains, formatPrefix, ipv6Text, type PrefixSpan, spanIpv6 } from "../check/address-text.ts";
import { ReservedChecker } from "../check/check-reserved.ts";
import type { Report } from "../check/report.ts";
import type { Reservation6Config } from "../dhcp6-config.ts";
import type { Pointer } from "../fault.ts";

/**
 * @param subnet the prefix of the subnet; `undefined` for global reservations
 * @param isUnique whether nothing may be reserved for two clients
 * @param pointer of the list
 */
export function checkReservations6(
  reservations: readonly Reservation6Config[],
  subnet: PrefixSpan<Ipv6Key> | undefined,
  isUnique: boolean,
  pointer: Pointer,
  report: Report,
): void {
  const reserved = new ReservedChecker(ipv6Text, subnet, isUnique, pointer, report);
  reservations.forEach((reservation, i) => {
    reservation["ip-addresses"].forEach((text, j) => {
      reserved.checkAddress(text, i, "ip-addresses", j);
    });
    if (reservation.prefixes.length > 0) checkPrefixes(reservation.prefixes, reserved, i, pointer, report);
    if (reservation["excluded-prefixes"].length > 0) checkExcluded(reservation, [...pointer, i], report);
  });
}

function checkPrefixes(
  prefixes: readonly string[],
  reserved: ReservedChecker<Ipv6Key>,
  index: number,
  pointer: Pointer,
  report: Report,
): void {
  prefixes.forEach((text, j) => {
    const prefix = parsePrefix(text);
    if (typeof prefix !== "string") {
      reserved.checkTaken(prefix.first, text, index, "prefixes", j);
      return;
    }
    const fix = "write an address and a length from 1 to 128 without spaces, such as 2001:db8:2::/48";
    report({ pointer: [...pointer, index, "prefixes", j], value: text, message: prefix, fix, severity: "error" });
  });
}

/** @returns the prefix, or what is wrong with it */
function parsePrefix(text: string): PrefixSpan<Ipv6Key> | string {
  const [start = "", length = "", ...more] = text.split("/");
  const address = parseIpv6Key(start);
  const bits = Number(length);
  if (address === undefined || more.length > 0 || !/^\d{1,3}$/.test(length) || bits < 1 || bits > 128) {
    return "is not an IPv6 prefix";
  }
  if (isMulticast(address)) return "cannot be given to a client";
  const prefix = spanIpv6(address, bits);
  if (isPrefixAddress(address, bits)) return prefix;
  return `is not the first address of its prefix ${formatPrefix(ipv6Text, prefix)}`;
}

/** Each of `excluded-prefixes` belongs to the entry of `prefixes` at its place. */
function checkExcluded(reservation: Reservation6Config, pointer: Pointer, report: Report): void {
  const { prefixes, "excluded-prefixes": excluded } = reservation;
  if (excluded.length !== prefixes.length) {
    report({
      pointer: [...pointer, "excluded-prefixes"],
      message: `has ${excluded.length} entries where "prefixes" has ${prefixes.length}`,
      fix: 'write one for each of "prefixes", "" where nothing is left out',
      severity: "error",
    });
    return;
  }
  excluded.forEach((text, i) => {
    if (text === "") return;
    const fault = { pointer: [...pointer, "excluded-prefixes", i], value: text, severity: "error" } as const;
    const whole = parsePrefix(prefixes[i] ?? "");
    const part = parsePrefix(text);
    if (typeof part === "string") {
      report({ ...fault, message: part, fix: "write an address and a length, such as 2001:db8:2:1::/64" });
    } else if (typeof whole !== "string" && !(contains(whole, part.first) && part.length > whole.length)) {
      report({ ...fault, message: `is not a part of ${prefixes[i]}`, fix: "write a longer prefix that is inside it" });
    }
  });
}
