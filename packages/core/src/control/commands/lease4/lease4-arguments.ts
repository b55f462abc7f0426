/** IPv4 leases in commands: how they are given, which one is meant, and how answers show them. */
import { z } from "zod";
import { formatHex } from "../../../base/hex.ts";
import { formatIpv4, type Ipv4, prefixContains } from "../../../ip/ipv4.ts";
import { LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseBatch4 } from "../../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { parseContext } from "../../../leases/user-context/user-context.ts";
import { findPool4, type Subnet4 } from "../../../subnets/subnet4.ts";
import { type Answer, failed } from "../../answer.ts";
import type { Json } from "../../kea-json.ts";
import { checkGiven, commonPart, conflict, heldLease } from "../lease/given-lease.ts";
import type { WhichLease, WholeLease } from "../lease/lease-arguments.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { bytes, clientId, commonFields, hwAddress, ipv4, uint32 } from "../lease/lease-fields.ts";

/** Of a whole lease. */
const lease4Fields = {
  "ip-address": ipv4("The address."),
  "hw-address": hwAddress("The client's hardware address; may be empty where there is a client identifier."),
  "client-id": clientId("The client's identifier (option 61).").optional(),
  ...commonFields,
};

/** Of a lease that is there: by its address, or by its client and subnet. */
const which4Fields = {
  "ip-address": ipv4("The address.").optional(),
  "identifier-type": z.enum(["hw-address", "client-id"]).optional().describe("What `identifier` is."),
  identifier: bytes("The client, where no address is given.").optional(),
  "subnet-id": uint32("The subnet in which the client has it, where no address is given.").optional(),
};

type Given4 = z.output<z.ZodObject<typeof lease4Fields>>;
type Which4 = z.output<z.ZodObject<typeof which4Fields>>;

/** `lease4-add` and `lease4-update`. */
export const whole4: WholeLease<Lease4, LeaseBatch4, LeaseContext4, z.ZodObject<typeof lease4Fields>> = {
  family: 4,
  arguments: z.object(lease4Fields),
  make: makeLease4,
  current: ({ address }, batch) => heldLease(batch.byAddress(address)),
  obstacle: () => undefined,
  misplaced(lease, context) {
    const subnet = subnetOf({ "ip-address": lease.address, "subnet-id": lease.subnetId }, context);
    return "result" in subnet ? subnet : undefined;
  },
  key: ({ address }) => address,
  name: ({ address }) => `address ${formatIpv4(address)}`,
  formatAddress: ({ address }) => formatIpv4(address),
  example: { "hw-address": "1a:1b:1c:1d:1e:1f", "ip-address": "192.0.2.17" },
};

/** `lease4-get` and `lease4-del`. */
export const which4: WhichLease<Lease4, LeaseBatch4, z.ZodObject<typeof which4Fields>> = {
  family: 4,
  arguments: z.object(which4Fields),
  nobodys: (which) =>
    which["ip-address"] === undefined && which["identifier-type"] === "hw-address" && which.identifier?.length === 0
      ? (lease) => lease.hwaddr.length === 0 && isMeant4(which, lease)
      : undefined,
  find: findLease4,
  describe: ({ "ip-address": address }) => (address === undefined ? {} : { "ip-address": formatIpv4(address) }),
  examples: {
    byAddress: { "ip-address": "192.0.2.17" },
    byClient: { "identifier-type": "hw-address", identifier: "1a:1b:1c:1d:1e:1f", "subnet-id": 44 },
  },
};

/** `lease4-resend-ddns`. */
export const named4 = {
  family: 4,
  address: ipv4("The address."),
  find: (address: Ipv4, batch: LeaseBatch4) => heldLease(batch.byAddress(address)),
  format: formatIpv4,
} as const;

/** `forcerenew`. */
export const summoned4 = {
  ...named4,
  name: "forcerenew",
  summary:
    "Has clients renew at once, so that they learn what has changed (DHCPFORCERENEW, RFC 3203). Answers when the first " +
    "message has left; it is sent again, up to eight times, until the client comes. A client can be called only if it " +
    "takes nonces (RFC 6704) or authenticates all messages (RFC 3118), and `user-context.kotare.forcerenew` is true for its subnet.",
} as const;

function makeLease4(given: Given4, context: LeaseContext4): Lease4 | Answer {
  const wrong = checkGiven(given);
  if (wrong !== undefined) return wrong;
  const { "ip-address": address, "hw-address": hwaddr, "client-id": client } = given;
  const subnet = subnetOf(given, context);
  if ("result" in subnet) return subnet;
  if (hwaddr.length === 0 && client === undefined && given.state !== LeaseState.declined) {
    return failed(`Lease4: ${formatIpv4(address)} has neither hardware address or client id`);
  }
  const common = commonPart(given, {
    subnetId: subnet.id,
    poolId: findPool4(subnet, address)?.id ?? 0,
    validLifetime: subnet.parameters.validLifetime.default,
    now: Math.floor(context.leaseTime()),
  });
  if ("result" in common) return common;
  return { address, hwaddr, clientId: client, ...common };
}

function subnetOf(
  { "ip-address": address, "subnet-id": id = 0 }: Pick<Given4, "ip-address" | "subnet-id">,
  context: LeaseContext4,
): Subnet4 | Answer {
  const subnets = context.subnets();
  // Of many leases none is wrong.
  const text = () => formatIpv4(address);
  if (id === 0) {
    return (
      subnets.byAddress(address) ??
      conflict(`subnet-id not specified and failed to find a subnet for address ${text()}`)
    );
  }
  const subnet = subnets.byId(id);
  if (subnet === undefined) {
    return conflict(`Invalid subnet-id: No IPv4 subnet with subnet-id=${id} currently configured.`);
  }
  if (prefixContains(subnet.prefix, address)) return subnet;
  return conflict(`The address ${text()} does not belong to subnet ${subnet.text}, subnet-id=${id}`);
}

function isMeant4({ "subnet-id": subnetId }: Which4, lease: Lease4): boolean {
  return lease.subnetId === subnetId && heldLease(lease) !== undefined;
}

function findLease4(which: Which4, batch: LeaseBatch4, nobodys?: readonly Lease4[]): Lease4 | undefined | Answer {
  const { "ip-address": address, "identifier-type": type, identifier, "subnet-id": subnetId } = which;
  if (address !== undefined) return heldLease(batch.byAddress(address));
  if (type === undefined || identifier === undefined || subnetId === undefined) {
    return failed("arguments: name the lease by ip-address, or by identifier-type, identifier and subnet-id");
  }
  const known = nobodys ?? (type === "hw-address" ? batch.byHwaddr(identifier) : batch.byClientId(identifier));
  return known.find((lease) => isMeant4(which, lease));
}

/** With the keys of the lease commands. */
export function describeLease4(lease: Lease4) {
  const { clientId: client, userContext } = lease;
  return {
    "client-id": client && formatHex(client),
    cltt: lease.cltt,
    "fqdn-fwd": lease.fqdnFwd,
    "fqdn-rev": lease.fqdnRev,
    hostname: lease.hostname,
    "hw-address": formatHex(lease.hwaddr),
    "ip-address": formatIpv4(lease.address),
    "pool-id": lease.poolId === 0 ? undefined : lease.poolId,
    state: lease.state,
    "subnet-id": lease.subnetId,
    "user-context": userContext === "" ? undefined : (parseContext(userContext) as Json),
    "valid-lft": lease.validLifetime,
  };
}
