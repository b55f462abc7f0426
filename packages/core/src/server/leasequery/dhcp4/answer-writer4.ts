/** What is told of leases by TCP (RFC 6926 §6.2, RFC 7724 §5.2): DHCPv4 messages, framed. */
import { writeU32 } from "../../../base/big-endian.ts";
import type { Seconds } from "../../../base/clock.ts";
import { MessageType4 } from "../../../dhcp4/message-type4.ts";
import { BOOTREPLY, Field4, MAGIC_COOKIE, type Message4, Option4 } from "../../../dhcp4/message4.ts";
import type { Ipv4 } from "../../../ip/ipv4.ts";
import { expiryOf, INFINITE_LIFETIME, LeaseState } from "../../../leases/model/lease.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { agentOptionsOf } from "../../../leases/user-context/agent-options4.ts";
import type { SubnetIndex4 } from "../../../subnets/select/subnet-index4.ts";
import { computeTeeTimes4 } from "../../../subnets/tee-times4.ts";
import { changeTimeOf, isActive } from "../active-leases.ts";
import { collectFrames } from "../frames.ts";
import type { AnswerWriter, FeedStatus, Refusal } from "../queries.ts";
import { wasLeased } from "./every-address4.ts";

/** Option 151 (RFC 6926 §6.2.2, RFC 7724 §5.2.1). */
export const QueryStatus4 = {
  queryTerminated: 2,
  malformedQuery: 3,
  notAllowed: 4,
  dataMissing: 5,
  connectionActive: 6,
  catchUpComplete: 7,
  tlsConnectionRefused: 8,
} as const;
export type QueryStatus4 = (typeof QueryStatus4)[keyof typeof QueryStatus4];

/** Option 156 (RFC 6926 §6.2.7). */
const DhcpState = { available: 1, active: 2, expired: 3, released: 4, abandoned: 5 } as const;

const ETHERNET = 1;
/** Room in a message. */
const CHADDR = Field4.sname - Field4.chaddr;
const REFUSALS: Readonly<Record<Refusal, QueryStatus4>> = {
  "not-supported": QueryStatus4.notAllowed,
  "not-allowed": QueryStatus4.notAllowed,
  terminated: QueryStatus4.queryTerminated,
};
const STATUSES: Readonly<Record<FeedStatus, QueryStatus4 | undefined>> = {
  begun: undefined,
  "data-missing": QueryStatus4.dataMissing,
  "caught-up": QueryStatus4.catchUpComplete,
  alive: QueryStatus4.connectionActive,
};

interface Known {
  subnets(): SubnetIndex4;
  /** RFC 7724 §8.2: codes of options that are not told. */
  readonly withheld: ReadonlySet<number>;
}

export class AnswerWriter4 implements AnswerWriter<Lease4> {
  readonly #xid: number;
  readonly #serverId: Ipv4;
  readonly #subnets: () => SubnetIndex4;
  readonly #withheld: ReadonlySet<number>;
  readonly #wishes: ReadonlySet<number>;
  #isFirst = true;

  constructor(query: Pick<Message4, "xid" | "option">, serverId: Ipv4, { subnets, withheld }: Known) {
    this.#xid = query.xid;
    this.#serverId = serverId;
    this.#subnets = subnets;
    this.#withheld = withheld;
    this.#wishes = new Set(query.option(Option4.parameterRequestList));
  }

  leases(leases: readonly Lease4[], now: Seconds): Uint8Array {
    return collectFrames((add) => {
      for (const lease of leases) add((buffer, start) => this.#lease(lease, now, buffer, start));
    });
  }

  done(isWhole: boolean): Uint8Array {
    const status = isWhole ? undefined : QueryStatus4.queryTerminated;
    return writeStatus4(MessageType4.DHCPLEASEQUERYDONE, this.#xid, this.#takeServerId(), status);
  }

  refuse(refusal: Refusal, now: Seconds): Uint8Array {
    return this.#status(REFUSALS[refusal], now);
  }

  status(status: FeedStatus, now: Seconds): Uint8Array {
    const code = STATUSES[status];
    return code === undefined ? new Uint8Array(0) : this.#status(code, now);
  }

  #status(code: QueryStatus4, now: Seconds): Uint8Array {
    return writeStatus4(MessageType4.DHCPLEASEQUERYSTATUS, this.#xid, this.#takeServerId(), code, now);
  }

  /** RFC 6926 §6.2: the first message has it. */
  #takeServerId(): Ipv4 | undefined {
    const id = this.#isFirst ? this.#serverId : undefined;
    this.#isFirst = false;
    return id;
  }

  /** @returns its length at `buffer[start…]` */
  #lease(lease: Lease4, now: Seconds, buffer: Uint8Array, start: number): number {
    const isTaken = isActive(lease, now);
    const elapsed = Math.max(0, now - lease.cltt);
    const type = isTaken ? MessageType4.DHCPLEASEACTIVE : MessageType4.DHCPLEASEUNASSIGNED;
    const message = new MessageBytes(buffer, start, type, this.#xid, this.#withheld);
    message.head(lease);
    const serverId = this.#takeServerId();
    if (isTaken) message.number(Option4.leaseTime, remaining(lease.validLifetime, elapsed));
    if (serverId !== undefined) message.number(Option4.serverIdentifier, serverId);
    if (isTaken) this.#times(message, lease, elapsed);
    if (isTaken && lease.clientId !== undefined) message.option(Option4.clientIdentifier, lease.clientId);
    const hasPast = wasLeased(lease);
    if (hasPast) message.number(Option4.clientLastTransactionTime, elapsed);
    message.number(Option4.baseTime, now);
    const wishes = this.#wishes;
    if (hasPast && wishes.has(Option4.startTimeOfState)) {
      message.number(Option4.startTimeOfState, Math.max(0, now - changeTimeOf(lease, now)));
    }
    if (wishes.has(Option4.dhcpState)) message.byte(Option4.dhcpState, stateOf(lease, now));
    // RFC 6926 §6.2.8: its one flag says that another server has told us.
    if (wishes.has(Option4.dataSource)) message.byte(Option4.dataSource, 0);
    const agentOptions = lease.userContext === "" ? undefined : agentOptionsOf(lease.userContext);
    if (agentOptions !== undefined) message.option(Option4.relayAgentInformation, agentOptions);
    return message.end();
  }

  /** RFC 4388 §6.4.2: a time that is past is left out. */
  #times(message: MessageBytes, { subnetId, validLifetime }: Lease4, elapsed: Seconds): void {
    const parameters = this.#subnets().byId(subnetId)?.parameters;
    if (parameters === undefined) return;
    const { t1, t2 } = computeTeeTimes4(parameters, validLifetime);
    if (t1 !== undefined && t1 > elapsed) message.number(Option4.renewalTime, t1 - elapsed);
    if (t2 !== undefined && t2 > elapsed) message.number(Option4.rebindingTime, t2 - elapsed);
  }
}

function remaining(lifetime: Seconds, elapsed: Seconds): Seconds {
  return lifetime === INFINITE_LIFETIME ? lifetime : lifetime - elapsed;
}

function stateOf(lease: Lease4, now: Seconds): number {
  if (!wasLeased(lease)) return DhcpState.available;
  if (lease.state === LeaseState.declined) return DhcpState.abandoned;
  // Its client has ended it: a second is what we write then, and Kea none.
  if (lease.state === LeaseState.reclaimed) return lease.validLifetime <= 1 ? DhcpState.released : DhcpState.available;
  return expiryOf(lease) > now ? DhcpState.active : DhcpState.expired;
}

/** A message that is about no lease, framed. @param now where it is to say the time */
export function writeStatus4(
  type: MessageType4,
  xid: number,
  serverId: Ipv4 | undefined,
  status?: QueryStatus4,
  now?: Seconds,
): Uint8Array {
  return collectFrames((add) => {
    add((buffer, start) => {
      const message = new MessageBytes(buffer, start, type, xid);
      if (serverId !== undefined) message.number(Option4.serverIdentifier, serverId);
      if (status !== undefined) message.byte(Option4.statusCode, status);
      if (now !== undefined) message.number(Option4.baseTime, now);
      return message.end();
    });
  });
}

const NOTHING: ReadonlySet<number> = new Set();

/** Writes a message front to back. Nothing in it is longer than a lease, for which there is always room. */
class MessageBytes {
  readonly #buffer: Uint8Array;
  readonly #start: number;
  readonly #withheld: ReadonlySet<number>;
  #at: number;

  /** @param withheld codes of options that do not go in */
  constructor(buffer: Uint8Array, start: number, type: MessageType4, xid: number, withheld = NOTHING) {
    this.#withheld = withheld;
    this.#buffer = buffer;
    this.#start = start;
    this.#at = start + Field4.options;
    buffer.fill(0, start, this.#at);
    buffer[start + Field4.op] = BOOTREPLY;
    writeU32(buffer, start + Field4.xid, xid);
    writeU32(buffer, start + Field4.cookie, MAGIC_COOKIE);
    this.byte(Option4.messageType, type);
  }

  head({ address, hwaddr }: Lease4): void {
    const buffer = this.#buffer;
    const start = this.#start;
    const length = Math.min(hwaddr.length, CHADDR);
    if (length > 0) buffer[start + Field4.htype] = ETHERNET;
    buffer[start + Field4.hlen] = length;
    writeU32(buffer, start + Field4.ciaddr, address);
    this.#copy(hwaddr, 0, length, start + Field4.chaddr);
  }

  byte(code: number, value: number): void {
    if (this.#withheld.has(code)) return;
    const at = this.#open(code, 1);
    this.#buffer[at] = value;
  }

  number(code: number, value: number): void {
    if (this.#withheld.has(code)) return;
    writeU32(this.#buffer, this.#open(code, 4), value);
  }

  /** In several pieces where it is long (RFC 3396 §5). */
  option(code: number, payload: Uint8Array): void {
    if (this.#withheld.has(code)) return;
    for (let from = 0; from === 0 || from < payload.length; from += 255) {
      const length = Math.min(payload.length - from, 255);
      this.#copy(payload, from, length, this.#open(code, length));
    }
  }

  end(): number {
    this.#buffer[this.#at] = Option4.end;
    return this.#at + 1 - this.#start;
  }

  /** A view of what is to be copied would be memory outside of the heap: for each lease, and costly to collect. */
  #copy(bytes: Uint8Array, from: number, length: number, at: number): void {
    for (let i = 0; i < length; i++) this.#buffer[at + i] = bytes[from + i]!;
  }

  #open(code: number, length: number): number {
    const at = this.#at;
    this.#buffer[at] = code;
    this.#buffer[at + 1] = length;
    this.#at = at + 2 + length;
    return at + 2;
  }
}
