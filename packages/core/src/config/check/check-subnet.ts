/** What a subnet says about itself: its id and its prefix, each once in the file, and its relays. */
import type { ConfigFault, Pointer } from "../fault.ts";
import { type AddressText, formatPrefix, type PrefixSpan } from "./address-text.ts";
import type { Report } from "./report.ts";

interface SubnetText {
  readonly id: number;
  readonly subnet: string;
}

/** Knows all subnets seen so far, in shared networks or outside. */
export class SubnetChecker<Address extends number | string> {
  readonly #family: AddressText<Address>;
  readonly #report: Report;
  readonly #ids = new Map<number, Pointer>();
  readonly #prefixes = new Map<number | string, Pointer>();

  constructor(family: AddressText<Address>, report: Report) {
    this.#family = family;
    this.#report = report;
  }

  /** @returns the prefix, when it is one */
  check({ id, subnet }: SubnetText, pointer: Pointer): PrefixSpan<Address> | undefined {
    const same = this.#ids.get(id);
    if (same !== undefined) {
      this.#report({
        pointer: [...pointer, "id"],
        value: id,
        message: "is the id of {other} too",
        other: same,
        fix: "give each subnet a number of its own, and leave it to the older one: leases refer to it",
        severity: "error",
      });
    } else this.#ids.set(id, pointer);
    return this.#checkPrefix(subnet, pointer);
  }

  #checkPrefix(subnet: string, pointer: Pointer): PrefixSpan<Address> | undefined {
    const tell = (fault: Omit<ConfigFault, "pointer" | "value">) =>
      this.#report({ pointer: [...pointer, "subnet"], value: subnet, ...fault });
    const { kind, bits, examples, parse, parsePrefix, keyOf } = this.#family;
    const prefix = parsePrefix(subnet);
    if (prefix === undefined) {
      const fix = `write an address and a length from 0 to ${bits}, such as ${examples.prefix}`;
      tell({ message: `is not an ${kind} prefix`, fix, severity: "error" });
      return undefined;
    }
    const key = keyOf(prefix);
    const other = this.#prefixes.get(key);
    if (other !== undefined) {
      const message = "is the prefix of {other} too";
      const fix = "put both sets of pools into one subnet";
      tell({ message, other, fix, severity: "error" });
    } else this.#prefixes.set(key, pointer);
    if (parse(subnet.slice(0, subnet.indexOf("/"))) !== prefix.first) {
      const message = `is not the first address of its prefix and is taken as ${formatPrefix(this.#family, prefix)}`;
      tell({ message, severity: "warning" });
    }
    return prefix;
  }
}

export interface Relayed {
  readonly relay?: { readonly "ip-addresses": readonly string[] } | undefined;
}

/** Relays of a subnet or of a shared network. */
export function checkRelay<Address extends number | string>(
  { kind, parse }: AddressText<Address>,
  { relay }: Relayed,
  pointer: Pointer,
  report: Report,
): void {
  if (relay === undefined) return;
  const seen = new Set<Address>();
  relay["ip-addresses"].forEach((text, i) => {
    const fault = { pointer: [...pointer, "relay", "ip-addresses", i], value: text, severity: "error" } as const;
    const address = parse(text);
    if (address === undefined) {
      const fix = `write the relay's ${kind === "IPv4" ? "giaddr" : "link-address"}`;
      report({ ...fault, message: `is not an ${kind} address`, fix });
    } else if (seen.has(address)) report({ ...fault, message: "is listed twice", fix: "remove one of the two" });
    else seen.add(address);
  });
}
