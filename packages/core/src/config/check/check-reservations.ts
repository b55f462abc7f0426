/** Reservations of one subnet, or the global ones. Written to be quick: there may be hundreds of thousands. */

import {
  formatIpv4Prefix,
  type Ipv4,
  type Ipv4Prefix,
  LIMITED_BROADCAST,
  parseIpv4,
  prefixContains,
} from "../../ip/ipv4.ts";
import type { Reservation4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import { canonicalIdentifier, IDENTIFIER_LENGTHS } from "../host-identifier.ts";
import { IDENTIFIER_TYPES, type IdentifierType } from "../schema/reservation4.ts";
import type { Report } from "./report.ts";

export class ReservationChecker {
  readonly #isAddressUnique: boolean;
  readonly #report: Report;
  #isFlexIdNoted = false;

  constructor(isAddressUnique: boolean, report: Report) {
    this.#isAddressUnique = isAddressUnique;
    this.#report = report;
  }

  /**
   * @param prefix of the subnet; `undefined` for global reservations, which may be for any address
   * @param pointer of the list
   */
  check(reservations: readonly Reservation4Config[], prefix: Ipv4Prefix | undefined, pointer: Pointer): void {
    const identifiers = new Map<string, number>();
    const addresses = new Map<Ipv4, number>();
    for (let i = 0; i < reservations.length; i++) {
      const reservation = reservations[i]!;
      const type = this.#checkIdentifierType(reservation, pointer, i);
      if (type !== undefined) this.#checkIdentifier(type, reservation[type]!, identifiers, pointer, i);
      const text = reservation["ip-address"];
      if (text !== undefined) this.#checkAddress(text, prefix, addresses, pointer, i);
    }
  }

  /** The type of the one identifier. */
  #checkIdentifierType(reservation: Reservation4Config, pointer: Pointer, index: number): IdentifierType | undefined {
    let found: IdentifierType | undefined;
    for (const type of IDENTIFIER_TYPES) {
      if (reservation[type] === undefined) continue;
      if (found !== undefined) {
        this.#report({
          pointer: [...pointer, index, type],
          message: `stands beside "${found}"`,
          fix: "a reservation has one identifier: make two reservations of it",
          severity: "error",
          at: "key",
        });
      } else found = type;
    }
    if (found === undefined) {
      const message = "has nothing to know the client by";
      const fix = 'add "hw-address", "client-id", "duid" or "circuit-id"';
      this.#report({ pointer: [...pointer, index], message, fix, severity: "error" });
    }
    return found;
  }

  #checkIdentifier(
    type: IdentifierType,
    text: string,
    seen: Map<string, number>,
    pointer: Pointer,
    index: number,
  ): void {
    const canonical = canonicalIdentifier(text);
    const { min, max } = IDENTIFIER_LENGTHS[type];
    const length = canonical === undefined ? 0 : (canonical.length + 1) / 3;
    if (canonical === undefined || length < min || length > max) {
      const isMalformed = canonical === undefined;
      this.#report({
        pointer: [...pointer, index, type],
        value: text,
        message: isMalformed ? "is not hexadecimal" : `has ${length} bytes`,
        fix: isMalformed ? adviseIdentifier(type) : `it must have from ${min} to ${max}`,
        severity: "error",
      });
      return;
    }
    if (type === "flex-id") this.#noteFlexId([...pointer, index, type]);
    const key = type + canonical;
    const same = seen.get(key);
    if (same === undefined) seen.set(key, index);
    else {
      this.#report({
        pointer: [...pointer, index, type],
        value: text,
        message: "is reserved by {other} too",
        other: [...pointer, same],
        fix: "remove one of the two",
        severity: "error",
      });
    }
  }

  /** Once: there may be thousands. */
  #noteFlexId(pointer: Pointer): void {
    if (this.#isFlexIdNoted) return;
    this.#isFlexIdNoted = true;
    const message = "matches no client: flexible identifiers are computed by a hook that there is not";
    this.#report({ pointer, message, severity: "note", at: "key" });
  }

  #checkAddress(
    text: string,
    prefix: Ipv4Prefix | undefined,
    seen: Map<Ipv4, number>,
    pointer: Pointer,
    index: number,
  ): void {
    const address = parseIpv4(text);
    if (address === undefined || address === 0 || address === LIMITED_BROADCAST) {
      const message = address === undefined ? "is not an IPv4 address" : "cannot be given to a client";
      const fix = 'remove "ip-address" if the client takes one from a pool';
      this.#report({ pointer: [...pointer, index, "ip-address"], value: text, message, fix, severity: "error" });
      return;
    }
    if (prefix !== undefined && !prefixContains(prefix, address)) {
      this.#report({
        pointer: [...pointer, index, "ip-address"],
        value: text,
        message: `is not inside the subnet ${formatIpv4Prefix(prefix)}`,
        fix: "move the reservation to the subnet of its address",
        severity: "error",
      });
    }
    const same = seen.get(address);
    if (same === undefined) seen.set(address, index);
    else if (this.#isAddressUnique) {
      this.#report({
        pointer: [...pointer, index, "ip-address"],
        value: text,
        message: "is reserved by {other} too",
        other: [...pointer, same],
        fix: 'remove one of the two, or allow it with "ip-reservations-unique": false in Dhcp4',
        severity: "error",
      });
    }
  }
}

/** `host-reservation-identifiers`: each type once. */
export function checkIdentifierTypes(types: readonly IdentifierType[], pointer: Pointer, report: Report): void {
  types.forEach((type, i) => {
    if (types.indexOf(type) === i) return;
    const fix = "remove one of the two";
    report({ pointer: [...pointer, i], value: type, message: "is listed twice", fix, severity: "error" });
  });
}

function adviseIdentifier(type: IdentifierType): string {
  if (type === "hw-address") return 'write it as "1a:1b:1c:1d:1e:1f"';
  return `write it as "01:02:03", or text in single quotes: "'text'"`;
}
