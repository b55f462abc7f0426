/** RFC 4388 §6.4: who may ask is told about an address, or about what a client has. */

import { writeU32 } from "@kotare/core/base/big-endian";
import type { Seconds } from "@kotare/core/base/clock";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { agentOptionsOf } from "@kotare/core/leases/user-context/agent-options4";
import { isActive } from "@kotare/core/server/leasequery/active-leases";
import { findPool4 } from "@kotare/core/subnets/subnet4";
import { computeTeeTimes4 } from "@kotare/core/subnets/tee-times4";
import type { OptionEdit } from "@kotare/extension";
import { drop4, type Facts4, type Handler4, leaselessReply4, type Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";

export const leasequery4: Handler4 = (query, facts) => {
  const { message, clientId, hwaddr } = query;
  const keys = [message.ciaddr !== 0, hwaddr.length > 0, clientId !== undefined];
  // §6.1: "Only one of these three".
  if (keys.filter(Boolean).length !== 1) return drop4("bad-leasequery");
  return message.ciaddr === 0 ? tellOfClient(query, facts) : tellOfAddress(query, facts);
};

/** An address in no pool that nobody has had from us may well be somebody's: a router's, for example. */
function tellOfAddress({ message: { ciaddr } }: Query4, { view, now, subnets }: Facts4): Reply4 {
  const lease = view.byAddress(ciaddr);
  if (lease !== undefined && isActive(lease, now)) return active(lease, [], { now, subnets });
  const isOurs =
    lease !== undefined || subnets.byAddress(ciaddr, (subnet) => findPool4(subnet, ciaddr) !== undefined) !== undefined;
  return leaselessReply4(isOurs ? MessageType4.DHCPLEASEUNASSIGNED : MessageType4.DHCPLEASEUNKNOWN, undefined);
}

function tellOfClient({ clientId, hwaddr }: Query4, facts: Facts4): Reply4 {
  const { view, now } = facts;
  const leases = clientId === undefined ? view.byHwaddr(hwaddr) : view.byClientId(clientId);
  const [latest, ...others] = leases.filter((lease) => isActive(lease, now)).sort((a, b) => b.cltt - a.cltt);
  return latest === undefined
    ? leaselessReply4(MessageType4.DHCPLEASEUNKNOWN, undefined)
    : active(latest, others, facts);
}

/** §6.4.2: "the time remaining"; a time that is past is left out. @param others that the client has beside it */
function active(lease: Lease4, others: readonly Lease4[], { now, subnets }: Pick<Facts4, "now" | "subnets">): Reply4 {
  const { address, hwaddr } = lease;
  const elapsed = now - lease.cltt;
  const left = lease.validLifetime === INFINITE_LIFETIME ? INFINITE_LIFETIME : lease.validLifetime - elapsed;
  const parameters = subnets.byId(lease.subnetId)?.parameters;
  const { t1, t2 } = parameters === undefined ? NO_TIMES : computeTeeTimes4(parameters, lease.validLifetime);
  const edits = [
    number(Option4.leaseTime, left),
    ...time(Option4.renewalTime, t1, elapsed),
    ...time(Option4.rebindingTime, t2, elapsed),
    number(Option4.clientLastTransactionTime, Math.max(0, elapsed)),
    ...(lease.clientId === undefined ? [] : [option(Option4.clientIdentifier, lease.clientId)]),
    ...(others.length === 0
      ? []
      : [option(Option4.associatedIp, Buffer.concat(others.map((each) => u32(each.address))))]),
  ];
  return {
    ...leaselessReply4(MessageType4.DHCPLEASEACTIVE, undefined),
    about: { address, hwaddr, agentOptions: agentOptionsOf(lease.userContext) },
    edits,
  };
}

const NO_TIMES = { t1: undefined, t2: undefined };

function time(code: number, since: Seconds | undefined, elapsed: Seconds): readonly OptionEdit[] {
  return since === undefined || since <= elapsed ? [] : [number(code, since - elapsed)];
}

function number(code: number, value: number): OptionEdit {
  return option(code, u32(value));
}

function option(code: number, data: Uint8Array): OptionEdit {
  return { kind: "supersede", code, data };
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
}
