/** Pools of prefixes: what is divided, into what, and which part of each is left out (RFC 6603). */
import { type Ipv6Key, isMulticast, isPrefixAddress, parseIpv6Key, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import { contains, formatPrefix, ipv6Text, spanIpv6 } from "../check/address-text.ts";
import type { PointedSpan } from "../check/check-pools.ts";
import type { Report } from "../check/report.ts";
import type { PdPoolConfig } from "../dhcp6-config.ts";
import type { Pointer } from "../fault.ts";

/** @returns what the pools that are prefixes cover; it need not be inside the subnet */
export function checkPdPools(pools: readonly PdPoolConfig[], pointer: Pointer, report: Report): PointedSpan<Ipv6Key>[] {
  return pools.flatMap((pool, index) => {
    const own = [...pointer, index];
    const address = checkPrefix(pool, own, report);
    if (pool["delegated-len"] < pool["prefix-len"]) {
      report({
        pointer: [...own, "delegated-len"],
        value: pool["delegated-len"],
        message: `must be at least "prefix-len", which is ${pool["prefix-len"]} here`,
        severity: "error",
      });
    } else if (address !== undefined) checkExcluded(pool, address, own, report);
    if (address === undefined) return [];
    return [{ ...spanIpv6(address, pool["prefix-len"]), pointer: own, key: "prefix", value: pool.prefix }];
  });
}

/** @returns the first address */
function checkPrefix(pool: PdPoolConfig, pointer: Pointer, report: Report): Ipv6Key | undefined {
  const { prefix, "prefix-len": length } = pool;
  const fault = { pointer: [...pointer, "prefix"], value: prefix, severity: "error" } as const;
  const address = parseIpv6Key(prefix);
  if (address === undefined) {
    const fix = 'write the first address, such as 2001:db8:8000::, and the length in "prefix-len"';
    report({ ...fault, message: "is not an IPv6 address", fix });
    return undefined;
  }
  if (isMulticast(address)) report({ ...fault, message: "cannot be given to a client", fix: "write a unicast prefix" });
  if (isPrefixAddress(address, length)) return address;
  const fix = `write ${ipv6Text.format(spanIpv6(address, length).first)}, or another "prefix-len"`;
  report({ ...fault, message: `is not the first address of a /${length}`, fix });
  return undefined;
}

function checkExcluded(pool: PdPoolConfig, address: Ipv6Key, pointer: Pointer, report: Report): void {
  const { "excluded-prefix": text, "excluded-prefix-len": length, "delegated-len": delegated } = pool;
  const excluded = parseIpv6Key(text);
  if (excluded === UNSPECIFIED && length === 0) return;
  const fault = { pointer: [...pointer, "excluded-prefix"], value: text, severity: "error" } as const;
  if (excluded === undefined) {
    const fix = 'write its first address, and its length in "excluded-prefix-len"';
    report({ ...fault, message: "is not an IPv6 address", fix });
    return;
  }
  if (length === 0) {
    report({ ...fault, message: "has no length", fix: 'write it in "excluded-prefix-len"' });
    return;
  }
  if (length <= delegated) {
    report({
      ...fault,
      pointer: [...pointer, "excluded-prefix-len"],
      value: length,
      message: `must be more than "delegated-len", which is ${delegated} here`,
    });
    return;
  }
  if (excluded === UNSPECIFIED && address !== UNSPECIFIED) {
    report({
      ...fault,
      pointer: [...pointer, "excluded-prefix-len"],
      value: length,
      message: 'is the length of an "excluded-prefix" that is not given',
      fix: "write that, too",
    });
    return;
  }
  const first = spanIpv6(address, delegated);
  if (!contains(first, excluded)) {
    report({
      ...fault,
      message: `is not inside the first delegated prefix, ${formatPrefix(ipv6Text, first)}`,
      fix: "write which part of that is left out; it is the same part of each other",
    });
  } else if (!isPrefixAddress(excluded, length)) {
    const taken = formatPrefix(ipv6Text, spanIpv6(excluded, length));
    const message = `is not the first address of its prefix and is taken as ${taken}`;
    report({ ...fault, message, severity: "warning" });
  }
}
