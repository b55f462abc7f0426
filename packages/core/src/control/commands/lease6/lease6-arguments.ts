/** IPv6 leases in commands: how they are given, which one is meant, and how answers show them. */
import { z } from "zod";
import { formatHex } from "../../../base/hex.ts";
import { isNobodysDuid, NOBODYS_DUID } from "../../../dhcp6/duid.ts";
import { formatIpv6Key, type Ipv6Key, isInPrefix, isPrefixAddress, maskIpv6Key } from "../../../ip/ipv6-key.ts";
import { LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseBatch6 } from "../../../leases/model/lease-store6.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../../../leases/model/lease6.ts";
import { parseContext } from "../../../leases/user-context/user-context.ts";
import { findPoolAround6, type Subnet6 } from "../../../subnets/subnet6.ts";
import { type Answer, failed } from "../../answer.ts";
import type { Json } from "../../kea-json.ts";
import { checkGiven, commonPart, conflict, heldLease } from "../lease/given-lease.ts";
import type { WhichLease, WholeLease } from "../lease/lease-arguments.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { commonFields, duid, hwAddress, ipv6, uint32 } from "../lease/lease-fields.ts";

const TYPES = { IA_NA: LeaseType6.address, IA_PD: LeaseType6.prefix } as const;
const ETHERNET = 1;

const type = z.enum(["IA_NA", "IA_PD"]).default("IA_NA").describe("Address or delegated prefix.");

/** Of a whole lease. */
const lease6Fields = {
  "ip-address": ipv6("The address, or the first one of the prefix."),
  duid: duid("The client's DUID; `00:00:00` for a declined address, which belongs to no client."),
  iaid: uint32("The association that it belongs to."),
  type,
  "prefix-len": z.int().min(1).max(128).optional().describe("Of a prefix: its length."),
  "preferred-lft": uint32("Seconds for which it is preferred; by default as long as it is valid.").optional(),
  "hw-address": hwAddress("The client's hardware address, where it is known.").optional(),
  ...commonFields,
  state: z
    .int()
    .min(0)
    .max(4)
    .describe(`${commonFields.state.description} 4: its host has chosen the address, and registered it (RFC 9686).`)
    .default(0),
};

/** Of a lease that is there: by its address, or by its client, association and subnet. */
const which6Fields = {
  "ip-address": ipv6("The address, or the first one of the prefix.").optional(),
  type,
  "identifier-type": z.literal("duid").optional().describe("What `identifier` is."),
  identifier: duid("The client, where no address is given.").optional(),
  iaid: uint32("The client's association.").default(0),
  "subnet-id": uint32("The subnet in which the client has it, where no address is given.").optional(),
};

type Given6 = z.output<z.ZodObject<typeof lease6Fields>>;
type Which6 = z.output<z.ZodObject<typeof which6Fields>>;

/** `lease6-add` and `lease6-update`. */
export const whole6: WholeLease<Lease6, LeaseBatch6, LeaseContext6, z.ZodObject<typeof lease6Fields>> = {
  family: 6,
  arguments: z.object(lease6Fields),
  make: makeLease6,
  current: ({ type: kind, address }, batch) => heldLease(batch.byAddress(kind, address)),
  obstacle: (lease, batch, spared) => crossing(lease, batch, spared) ?? unknownState(lease, batch),
  clash,
  misplaced(lease, context) {
    const { address, subnetId } = lease;
    const subnet = subnetOf({ "ip-address": address, "subnet-id": subnetId, type: nameType(lease) }, context);
    return "result" in subnet ? subnet : undefined;
  },
  key: ({ type: kind, address }) => `${kind} ${address}`,
  name: nameLease6,
  formatAddress: ({ address }) => formatIpv6Key(address),
  example: { duid: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1, "ip-address": "2001:db8:1::17" },
};

/** `lease6-get` and `lease6-del`. */
export const which6: WhichLease<Lease6, LeaseBatch6, z.ZodObject<typeof which6Fields>> = {
  family: 6,
  arguments: z.object(which6Fields),
  nobodys: (which) =>
    which["ip-address"] === undefined && which.identifier !== undefined && isNobodysDuid(which.identifier)
      ? (lease) => lease.duid.length === 0 && isMeant6(which, lease)
      : undefined,
  find: findLease6,
  describe: ({ "ip-address": address, type: kind }) => ({
    ...(address === undefined ? {} : { "ip-address": formatIpv6Key(address) }),
    type: kind,
  }),
  examples: {
    byAddress: { "ip-address": "2001:db8:1::17", type: "IA_NA" },
    byClient: { "identifier-type": "duid", identifier: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1, "subnet-id": 66 },
  },
};

/** `lease6-resend-ddns`. */
export const named6 = {
  family: 6,
  address: ipv6("The address."),
  find: (address: Ipv6Key, batch: LeaseBatch6) => heldLease(batch.byAddress(LeaseType6.address, address)),
  format: formatIpv6Key,
} as const;

/** `reconfigure`. */
export const summoned6 = {
  family: 6,
  name: "reconfigure",
  summary:
    "Has clients come back, so that they learn what has changed (RECONFIGURE, RFC 8415 §18.3.11). Answers when the first " +
    "message has left; it is sent again, up to eight times, until the client comes. A client can be called only if it has " +
    "said that it accepts that, and `user-context.kotare.reconfigure` is true for its subnet.",
  types: ["renew", "rebind", "information-request"],
  address: ipv6("The client's address, or the first one of its prefix."),
  find: (address: Ipv6Key, batch: LeaseBatch6) =>
    heldLease(batch.byAddress(LeaseType6.address, address)) ?? heldLease(batch.byAddress(LeaseType6.prefix, address)),
  format: formatIpv6Key,
} as const;

/** @returns the lease, or why there can be none */
function makeLease6(given: Given6, context: LeaseContext6): Lease6 | Answer {
  const wrong = checkGiven(given) ?? checkPrefix(given);
  if (wrong !== undefined) return wrong;
  const subnet = subnetOf(given, context);
  if ("result" in subnet) return subnet;
  const { "ip-address": address } = given;
  if (given.duid.length === 0 && given.state !== LeaseState.declined) {
    return failed(`Lease6: ${formatIpv6Key(address)} has no DUID`);
  }
  const leaseType = TYPES[given.type];
  const prefixLength = leaseType === LeaseType6.prefix ? given["prefix-len"]! : 128;
  const common = commonPart(given, {
    subnetId: subnet.id,
    poolId: findPoolAround6(subnet, leaseType, address)?.id ?? 0,
    validLifetime: subnet.parameters.validLifetime.default,
    now: Math.floor(context.leaseTime()),
  });
  if ("result" in common) return common;
  const hwaddr = given["hw-address"] ?? new Uint8Array(0);
  return {
    type: leaseType,
    address,
    prefixLength,
    duid: given.duid,
    iaid: given.iaid,
    preferredLifetime: given["preferred-lft"] ?? common.validLifetime,
    hwaddr,
    hwtype: hwaddr.length === 0 ? 0 : ETHERNET,
    hwaddrSource: HwaddrSource.unknown,
    ...common,
  };
}

function checkPrefix({ type: given, "ip-address": address, "prefix-len": length, state }: Given6): Answer | undefined {
  if (TYPES[given] === LeaseType6.address) return undefined;
  if (state === LeaseState.registered) {
    return failed("arguments.state: 4, registered, is of addresses only; hosts do not choose prefixes");
  }
  if (length === undefined)
    return failed('arguments.prefix-len: is missing; write "prefix-len", the length of the prefix');
  if (isPrefixAddress(address, length)) return undefined;
  const [text, prefix] = [address, maskIpv6Key(address, length)].map(formatIpv6Key);
  return failed(`Prefix address: ${text} exceeds prefix/prefix-len pair: ${prefix}/${length}`);
}

function subnetOf(given: Pick<Given6, "ip-address" | "subnet-id" | "type">, context: LeaseContext6): Subnet6 | Answer {
  const { "ip-address": address, "subnet-id": id = 0 } = given;
  const isAddress = TYPES[given.type] === LeaseType6.address;
  const subnets = context.subnets();
  // Of many leases none is wrong.
  const text = () => formatIpv6Key(address);
  if (id === 0) {
    if (!isAddress) {
      return failed("Subnet-id is 0 or not specified. This is allowed for address leases only, not prefix leases.");
    }
    return (
      subnets.byAddress(address) ??
      conflict(`subnet-id not specified and failed to find a subnet for address ${text()}`)
    );
  }
  const subnet = subnets.byId(id);
  if (subnet === undefined) {
    return conflict(`Invalid subnet-id: No IPv6 subnet with subnet-id=${id} currently configured.`);
  }
  // Prefixes are routed through a link, they need not be of it.
  if (!isAddress || isInPrefix(address, subnet.prefix, subnet.prefixLength)) return subnet;
  return conflict(`The address ${text()} does not belong to subnet ${subnet.text}, subnet-id=${id}`);
}

/** Whether a lease is of the association that is named. */
function isMeant6({ type, iaid, "subnet-id": subnetId }: Which6, lease: Lease6): boolean {
  const isSame = lease.type === TYPES[type] && lease.iaid === iaid && lease.subnetId === subnetId;
  return isSame && heldLease(lease) !== undefined;
}

/**
 * @param nobodys the leases of nobody, where they are meant
 * @returns the lease, `undefined` where there is none, or why it is not clear which one is meant
 */
function findLease6(which: Which6, batch: LeaseBatch6, nobodys?: readonly Lease6[]): Lease6 | undefined | Answer {
  const { type, "ip-address": address, "identifier-type": by, identifier, iaid, "subnet-id": subnetId } = which;
  if (address !== undefined) return heldLease(batch.byAddress(TYPES[type], address));
  if (by === undefined || identifier === undefined || subnetId === undefined) {
    return failed("arguments: name the lease by ip-address, or by identifier-type, identifier, iaid and subnet-id");
  }
  const leases = (nobodys ?? batch.byDuid(identifier)).filter((lease) => isMeant6(which, lease));
  if (leases.length <= 1) return leases[0];
  return failed(
    `More than one lease found for type ${TYPES[type]}, duid ${formatHex(identifier)}, iaid ${iaid} and subnet-id ${subnetId}`,
  );
}

/** @returns why a prefix cannot be added: somebody has part of it */
function crossing(lease: Lease6, batch: LeaseBatch6, spared?: ReadonlySet<Ipv6Key>): Answer | undefined {
  if (lease.type !== LeaseType6.prefix || !batch.isCrossed(lease.address, lease.prefixLength, spared)) return undefined;
  return conflict(`The ${nameLease6(lease)} has addresses of another prefix that is leased.`);
}

/** RFC 9686: what a host has registered is nobody's lease, and never becomes one; nor the other way round. */
function clash({ state, address }: Lease6, current: Lease6): Answer | undefined {
  const [isOne, wasOne] = [state, current.state].map((each) => each === LeaseState.registered);
  if (isOne === wasOne || current.state === LeaseState.reclaimed) return undefined;
  const text = formatIpv6Key(address);
  return failed(isOne ? `address in use: ${text} can't be registered` : `illegal reuse of registered address ${text}`);
}

function unknownState({ state }: Lease6, { keepsRegistered }: LeaseBatch6): Answer | undefined {
  if (state !== LeaseState.registered || keepsRegistered) return undefined;
  return failed("The database's tables do not know state 4, registered; give db upgrade --kea 3.0");
}

/** `address 2001:db8::1`, `prefix 2001:db8::/56`. */
function nameLease6({ type: kind, address, prefixLength }: Lease6): string {
  const text = formatIpv6Key(address);
  return kind === LeaseType6.prefix ? `prefix ${text}/${prefixLength}` : `address ${text}`;
}

function nameType(lease: Lease6): keyof typeof TYPES {
  return lease.type === LeaseType6.prefix ? "IA_PD" : "IA_NA";
}

/** With the keys of the lease commands. */
export function describeLease6(lease: Lease6) {
  const { userContext } = lease;
  return {
    cltt: lease.cltt,
    // A declined address is nobody's.
    duid: formatHex(lease.duid.length === 0 ? NOBODYS_DUID : lease.duid),
    "fqdn-fwd": lease.fqdnFwd,
    "fqdn-rev": lease.fqdnRev,
    hostname: lease.hostname,
    "hw-address": lease.hwaddr.length === 0 ? undefined : formatHex(lease.hwaddr),
    iaid: lease.iaid,
    "ip-address": formatIpv6Key(lease.address),
    "pool-id": lease.poolId === 0 ? undefined : lease.poolId,
    "preferred-lft": lease.preferredLifetime,
    "prefix-len": lease.type === LeaseType6.prefix ? lease.prefixLength : undefined,
    state: lease.state,
    "subnet-id": lease.subnetId,
    type: nameType(lease),
    "user-context": userContext === "" ? undefined : (parseContext(userContext) as Json),
    "valid-lft": lease.validLifetime,
  };
}
