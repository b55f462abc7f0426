/** Subnets, their pools and relays, and what the subnets of a shared network must have in common. */

import {
  formatIpv4,
  formatIpv4Prefix,
  type Ipv4,
  type Ipv4Prefix,
  lastAddress,
  netmask,
  parseIpv4,
  parseIpv4Prefix,
  parseIpv4Range,
  prefixContains,
} from "../../ip/ipv4.ts";
import type { Pool4Config, SharedNetwork4Config, Subnet4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** Knows all subnets seen so far, in shared networks or outside. */
export class SubnetChecker {
  readonly #report: Report;
  readonly #ids = new Map<number, Pointer>();
  readonly #prefixes = new Map<string, Pointer>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** @returns the prefix, when it is one */
  check(subnet: Subnet4Config, pointer: Pointer): Ipv4Prefix | undefined {
    const sameId = this.#ids.get(subnet.id);
    if (sameId !== undefined) {
      this.#report({
        pointer: [...pointer, "id"],
        value: subnet.id,
        message: "is the id of {other} too",
        other: sameId,
        fix: "give each subnet a number of its own, and leave it to the older one: leases refer to it",
        severity: "error",
      });
    } else this.#ids.set(subnet.id, pointer);
    const prefix = this.#checkPrefix(subnet, pointer);
    checkRelay(subnet, pointer, this.#report);
    checkNames(subnet, pointer, this.#report);
    if (prefix !== undefined) checkPools(subnet.pools, prefix, [...pointer, "pools"], this.#report);
    return prefix;
  }

  #checkPrefix({ subnet }: Subnet4Config, pointer: Pointer): Ipv4Prefix | undefined {
    const fault = { pointer: [...pointer, "subnet"], value: subnet } as const;
    const prefix = parseIpv4Prefix(subnet);
    if (prefix === undefined) {
      const fix = "write an address and a length from 0 to 32, such as 192.0.2.0/24";
      this.#report({ ...fault, message: "is not an IPv4 prefix", fix, severity: "error" });
      return undefined;
    }
    const text = formatIpv4Prefix(prefix);
    const same = this.#prefixes.get(text);
    if (same !== undefined) {
      const message = "is the prefix of {other} too";
      this.#report({
        ...fault,
        message,
        other: same,
        fix: "put both sets of pools into one subnet",
        severity: "error",
      });
    } else this.#prefixes.set(text, pointer);
    if (parseIpv4(subnet.split("/")[0] ?? "") !== prefix.address) {
      this.#report({
        ...fault,
        message: `is not the first address of its prefix and is taken as ${text}`,
        severity: "warning",
      });
    }
    return prefix;
  }
}

function checkPools(pools: readonly Pool4Config[], prefix: Ipv4Prefix, pointer: Pointer, report: Report): void {
  const seen: { first: Ipv4; last: Ipv4; index: number }[] = [];
  pools.forEach(({ pool }, index) => {
    const fault = { pointer: [...pointer, index, "pool"], value: pool, severity: "error" } as const;
    const range = parseIpv4Range(pool);
    if (range === undefined) {
      report({ ...fault, message: "is not a range of addresses", fix: adviseRange(pool, prefix) });
      return;
    }
    const { first, last } = range;
    const [start = "", length] = pool.split("/");
    if (length !== undefined && parseIpv4(start) !== first) {
      const fix = `write ${formatIpv4(first)}/${length}, or a range`;
      report({ ...fault, message: `does not begin at the first address of a /${length}`, fix });
    }
    if (!prefixContains(prefix, first) || !prefixContains(prefix, last)) {
      const bounds = `${formatIpv4(prefix.address)} - ${formatIpv4(lastAddress(prefix))}`;
      report({
        ...fault,
        message: `is not inside the subnet ${formatIpv4Prefix(prefix)}`,
        fix: `stay within ${bounds}`,
      });
    }
    seen.push({ first, last, index });
  });
  seen.sort((a, b) => a.first - b.first || a.index - b.index);
  let before: (typeof seen)[number] | undefined;
  for (const pool of seen) {
    if (before !== undefined && pool.first <= before.last) {
      const [earlier, later] = pool.index < before.index ? [pool, before] : [before, pool];
      report({
        pointer: [...pointer, later.index, "pool"],
        value: pools[later.index]?.pool,
        message: "overlaps {other}",
        other: [...pointer, earlier.index],
        fix: `take ${formatIpv4(pool.first)} - ${formatIpv4(Math.min(pool.last, before.last))} out of one of them`,
        severity: "error",
      });
    }
    if (before === undefined || pool.last > before.last) before = pool;
  }
}

function adviseRange(text: string, prefix: Ipv4Prefix): string {
  const [first, last] = text.split("-").map(parseIpv4);
  if (first !== undefined && last !== undefined && first > last) return "write the lower address first";
  const low = formatIpv4((prefix.address | (10 & ~netmask(prefix.length))) >>> 0);
  return `write "first - last" or "address/length", such as "${low} - ${formatIpv4(lastAddress(prefix))}"`;
}

/** Relays of a subnet or of a shared network. */
function checkRelay({ relay }: Pick<Subnet4Config, "relay">, pointer: Pointer, report: Report): void {
  const seen = new Set<Ipv4>();
  relay?.["ip-addresses"].forEach((text, i) => {
    const fault = { pointer: [...pointer, "relay", "ip-addresses", i], value: text, severity: "error" } as const;
    const address = parseIpv4(text);
    if (address === undefined) report({ ...fault, message: "is not an IPv4 address", fix: "write the relay's giaddr" });
    else if (seen.has(address)) report({ ...fault, message: "is listed twice", fix: "remove one of the two" });
    else seen.add(address);
  });
}

/** POSIX knows more expressions; only a bracket expression is evaluated in constant time a character. */
const BRACKET = /^(?:\[\^?\]?[^\]]*\])?$/;

/** `hostname-char-set` of any scope. */
export function checkNames(
  scope: { readonly "hostname-char-set"?: string | undefined },
  pointer: Pointer,
  report: Report,
): void {
  const set = scope["hostname-char-set"];
  if (set === undefined || (BRACKET.test(set) && !set.includes("[:"))) return;
  report({
    pointer: [...pointer, "hostname-char-set"],
    value: set,
    message: "is not one set of characters",
    fix: "write a set in brackets without classes such as [:alpha:], for example [^A-Za-z0-9.-]",
    severity: "error",
  });
}

/**
 * @param globalAuthoritative what the network inherits
 * @param names of the networks seen so far; the network's own is added
 */
export function checkSharedNetwork(
  network: SharedNetwork4Config,
  globalAuthoritative: boolean,
  names: Set<string>,
  pointer: Pointer,
  report: Report,
): void {
  const { name } = network;
  const fault = { pointer: [...pointer, "name"], value: name, severity: "error" } as const;
  if (name === "") report({ ...fault, message: "is no name", fix: "give the network one" });
  else if (names.has(name))
    report({ ...fault, message: "is the name of another network too", fix: "rename one of them" });
  names.add(name);
  checkRelay(network, pointer, report);
  checkNames(network, pointer, report);

  const authoritative = network.authoritative ?? globalAuthoritative;
  let interfaceName = network.interface ?? "";
  network.subnet4.forEach((subnet, i) => {
    const inner = [...pointer, "subnet4", i];
    const own = subnet.interface ?? "";
    if (interfaceName === "") interfaceName = own;
    else if (own !== "" && own !== interfaceName) {
      report({
        pointer: [...inner, "interface"],
        value: own,
        message: `is not the interface of the rest of the network, "${interfaceName}"`,
        fix: "a shared network is one link: name one interface, or leave the subnets to other networks",
        severity: "error",
      });
    }
    if (subnet.authoritative !== undefined && subnet.authoritative !== authoritative) {
      report({
        pointer: [...inner, "authoritative"],
        value: subnet.authoritative,
        message: `is not what the network has, ${authoritative}`,
        fix: 'write "authoritative" at the network',
        severity: "error",
      });
    }
  });
}
