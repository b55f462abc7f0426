/** What is reserved in one list of reservations: addresses inside the subnet, and nothing for two clients. */
import type { Pointer } from "../fault.ts";
import { type AddressText, contains, formatPrefix, type PrefixSpan } from "./address-text.ts";
import type { Report } from "./report.ts";

export class ReservedChecker<Address extends number | string> {
  readonly #family: AddressText<Address>;
  readonly #prefix: PrefixSpan<Address> | undefined;
  readonly #isUnique: boolean;
  readonly #pointer: Pointer;
  readonly #report: Report;
  /** By which reservation of the list. */
  readonly #seen = new Map<Address, number>();

  /**
   * @param prefix of the subnet; `undefined` for global reservations, which may be for any address
   * @param isUnique whether nothing may be reserved for two clients
   * @param pointer of the list
   */
  constructor(
    family: AddressText<Address>,
    prefix: PrefixSpan<Address> | undefined,
    isUnique: boolean,
    pointer: Pointer,
    report: Report,
  ) {
    this.#family = family;
    this.#prefix = prefix;
    this.#isUnique = isUnique;
    this.#pointer = pointer;
    this.#report = report;
  }

  /** @param steps from the reservation to the address */
  checkAddress(text: string, index: number, ...steps: Pointer): void {
    const { kind, parse, isUsable } = this.#family;
    const address = parse(text);
    const fault = { value: text, severity: "error" } as const;
    if (address === undefined || !isUsable(address)) {
      const message = address === undefined ? `is not an ${kind} address` : "cannot be given to a client";
      const fix = `remove ${kind === "IPv4" ? '"ip-address"' : "it"} if the client takes one from a pool`;
      this.#report({ ...fault, pointer: [...this.#pointer, index, ...steps], message, fix });
      return;
    }
    if (this.#prefix !== undefined && !contains(this.#prefix, address)) {
      this.#report({
        ...fault,
        pointer: [...this.#pointer, index, ...steps],
        message: `is not inside the subnet ${formatPrefix(this.#family, this.#prefix)}`,
        fix: "move the reservation to the subnet of its address",
      });
    }
    this.checkTaken(address, text, index, ...steps);
  }

  /** @param address of what is reserved: of a prefix the first one, as in Kea */
  checkTaken(address: Address, text: string, index: number, ...steps: Pointer): void {
    const same = this.#seen.get(address);
    if (same === undefined) this.#seen.set(address, index);
    else if (same === index || this.#isUnique) {
      this.#report({
        pointer: [...this.#pointer, index, ...steps],
        value: text,
        message: same === index ? "is reserved twice" : "is reserved by {other} too",
        other: [...this.#pointer, same],
        fix:
          same === index
            ? "remove one of the two"
            : `remove one of the two, or allow it with "ip-reservations-unique": false in ${this.#pointer[0]}`,
        severity: "error",
      });
    }
  }
}
