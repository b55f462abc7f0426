/** Tells what became of packets: one place where each outcome is counted and logged. */
import type { Place6 } from "@kotare/core/allocate/allocate6";
import { equalBytes } from "@kotare/core/base/bytes";
import type { Seconds } from "@kotare/core/base/clock";
import { describeMessage6 } from "@kotare/core/dhcp6/describe-message6";
import type { IaCode } from "@kotare/core/dhcp6/identity-association";
import { MessageType6, nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { formatIpv6Key, type Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseType6 } from "@kotare/core/leases/model/lease6";
import type { Logger } from "@kotare/core/log/logger";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { Attempt } from "@kotare/core/server/packets/attempt";
import type { EncodedReply } from "@kotare/core/server/packets/packet-path";
import { ClassReporter } from "@kotare/core/server/packets/report/class-reporter";
import { type Chosen, DecisionReporter } from "@kotare/core/server/packets/report/decision-reporter";
import { PacketReporter } from "@kotare/core/server/packets/report/packet-reporter";
import type { PathReporter } from "@kotare/core/server/packets/report/path-reporter";
import type { ReportNames } from "@kotare/core/server/packets/report/report-names";
import type { Statistics } from "@kotare/core/stats/statistics";
import type { statistics6 } from "@kotare/core/stats/statistics6";
import { admits } from "@kotare/core/subnets/class-guard";
import { poolsOf } from "@kotare/core/subnets/subnet6";
import { additionalClasses6 } from "../path/complete6.ts";
import type { Given6, IaAnswer, Path6, Registered6, Reply6 } from "../path/outcome6.ts";
import { type ClassedPacket6, type Query6, wishesOf } from "../path/query6.ts";
import { destinationOf6 } from "../reply/destination6.ts";
import { dropReasons6 } from "./drop-reasons6.ts";
import { allocation6, association6, bad6, classes6, labels6, leases6, packets6 } from "./messages6.ts";

type Statistics6 = Statistics<typeof statistics6>;
type Counter = keyof Statistics6["global"];

/** Clients that are waited for. */
interface Summoned {
  readonly isEmpty: boolean;
  heard(duid: Uint8Array): void;
}

/** The counter of each message type received. */
const RECEIVED: ReadonlyMap<number, Counter> = new Map<number, Counter>([
  [MessageType6.SOLICIT, "pkt6-solicit-received"],
  [MessageType6.ADVERTISE, "pkt6-advertise-received"],
  [MessageType6.REQUEST, "pkt6-request-received"],
  [MessageType6.CONFIRM, "pkt6-confirm-received"],
  [MessageType6.RENEW, "pkt6-renew-received"],
  [MessageType6.REBIND, "pkt6-rebind-received"],
  [MessageType6.REPLY, "pkt6-reply-received"],
  [MessageType6.RELEASE, "pkt6-release-received"],
  [MessageType6.DECLINE, "pkt6-decline-received"],
  [MessageType6.INFORMATION_REQUEST, "pkt6-infrequest-received"],
  [MessageType6.ADDR_REG_INFORM, "pkt6-addr-reg-inform-received"],
  [MessageType6.ADDR_REG_REPLY, "pkt6-addr-reg-reply-received"],
  [MessageType6.LEASEQUERY, "pkt6-lease-query-received"],
  [MessageType6.DHCPV4_QUERY, "pkt6-dhcpv4-query-received"],
  [MessageType6.DHCPV4_RESPONSE, "pkt6-dhcpv4-response-received"],
]);

/** The counter of each message type sent. */
const SENT: ReadonlyMap<number, Counter> = new Map<number, Counter>([
  [MessageType6.ADVERTISE, "pkt6-advertise-sent"],
  [MessageType6.REPLY, "pkt6-reply-sent"],
  [MessageType6.ADDR_REG_REPLY, "pkt6-addr-reg-reply-sent"],
  [MessageType6.LEASEQUERY_REPLY, "pkt6-lease-query-reply-sent"],
]);

/** The counter of confirmations out of the lease cache. */
const CACHED = {
  [Option6.iaNa]: "v6-ia-na-lease-reuses",
  [Option6.iaPd]: "v6-ia-pd-lease-reuses",
} as const satisfies Record<IaCode, Counter>;

const NAMES: ReportNames<Path6, Counter> = {
  reasons: dropReasons6,
  nameType: nameMessageType6,
  describe: describeMessage6,
  receivedTypes: RECEIVED,
  sentTypes: SENT,
  counters: {
    received: "pkt6-received",
    unknown: "pkt6-unknown-received",
    sent: "pkt6-sent",
    dropped: "pkt6-receive-drop",
    undecodable: "pkt6-parse-failed",
    failed: "pkt6-processing-failed",
    stale: "pkt6-queue-full",
  },
  messages: {
    label: labels6.DHCP6_QUERY_LABEL,
    received: packets6.DHCP6_PACKET_RECEIVED,
    data: packets6.DHCP6_QUERY_DATA,
    dropped: bad6.DHCP6_PACKET_DROP,
    undecodable: bad6.DHCP6_PACKET_DROP_PARSE_FAIL,
    bug: bad6.DHCP6_PACKET_PROCESS_EXCEPTION,
    notServed: bad6.DHCP6_PACKET_NOT_SERVED,
    commitFailed: leases6.DHCP6_LEASE_COMMIT_FAILED,
  },
};

export class Reporter6 extends PacketReporter<Path6, Counter> implements PathReporter<Path6> {
  readonly #classes: ClassReporter<ClassedPacket6>;
  readonly #decisions: DecisionReporter;
  readonly #statistics: Statistics6;
  readonly #ports: Ports;

  /** Told of clients that come, where they may have been called. */
  summoned: Summoned | undefined;

  constructor(log: Logger, statistics: Statistics6, ports: Ports, wall: () => Seconds) {
    super(log, statistics.global, wall, NAMES);
    this.#classes = new ClassReporter(log, classes6, nameMessageType6);
    this.#decisions = new DecisionReporter(log, 6);
    this.#statistics = statistics;
    this.#ports = ports;
  }

  attempted(attempt: Attempt<Path6>): void {
    const { query, answer, completed, reply, drop, service } = attempt;
    if (this.record?.isOn === true) this.record.add(attempt);
    const { set } = service.scope.classes;
    const packet = query ?? drop?.packet;
    if (packet !== undefined) this.#classes.assigned(packet, set);
    if (query === undefined) return;
    this.#decisions.placed(query);
    if (answer !== undefined && completed !== undefined && completed !== query) {
      this.#classes.completed(completed, query.classes, additionalClasses6(answer), set);
    }
    if (reply !== undefined && this.#decisions.tellsWritten) this.#written(query, reply);
  }

  #written(query: Query6, { buffer, offset, length }: EncodedReply<Ipv6Key>): void {
    const codes = new Message6(buffer.subarray(offset, offset + length)).optionCodes();
    this.#decisions.written(query.message.label, codes, wishesOf(query));
  }

  /**
   * An outcome is carried out: its leases are durable and its reply sent.
   * @param error why the kernel did not take the reply, if so
   */
  answered(query: Query6, reply: Reply6, error: string | undefined): void {
    const log = this.log;
    const { message } = query;
    if (reply.event === "passed-on") {
      log.log(packets6.DHCP6_DHCP4O6_PACKET_PASSED_ON, { client: message.label });
      return;
    }
    for (const ia of reply.ias) this.#reportIa(query, ia, reply);
    if (reply.event === "released" || reply.event === "declined") this.#reportEnds(message, reply);
    if (reply.registered !== undefined) this.#reportRegistered(query, reply.registered, reply);
    if (this.summoned?.isEmpty === false && reply.event !== "offered") this.summoned.heard(query.duid);
    if (error !== undefined) {
      this.countFailed();
      const { address } = destinationOf6(query, this.#ports);
      log.log(bad6.DHCP6_PACKET_SEND_FAIL, { client: message.label, destination: address, error });
      return;
    }
    this.countSent(reply.type);
    if (!log.isEnabled(packets6.DHCP6_PACKET_SEND)) return;
    const { address, port } = destinationOf6(query, this.#ports);
    const type = nameMessageType6(reply.type);
    const { name } = query.ingress.interface;
    const client = message.label;
    log.log(packets6.DHCP6_PACKET_SEND, { client, type, destination: address, port, interface: name });
  }

  /** RECONFIGURE has left. */
  reconfigured(): void {
    this.count("pkt6-sent");
    this.count("pkt6-reconfigure-sent");
  }

  /** An answer of the DHCPv4 server has left. */
  passedBack(): void {
    this.count("pkt6-sent");
    this.count("pkt6-dhcpv4-response-sent");
  }

  #reportIa(
    { message, classes, duid }: Query6,
    { code, iaid, given, status }: IaAnswer,
    { event, name, place }: Reply6,
  ): void {
    const log = this.log;
    const { LEASE_ADVERT, LEASE_ALLOC, LEASE_REUSE, LEASE_ADVERT_FAIL, LEASE_ALLOC_FAIL } = association6[code];
    if (given.length === 0) {
      if (status === undefined || place === undefined || (event !== "offered" && event !== "leased")) return;
      const { label: client } = message;
      log.log(event === "offered" ? LEASE_ADVERT_FAIL : LEASE_ALLOC_FAIL, { client, iaid, why: status.text });
      // Where there is no subnet nothing was looked for, nor for one who is elsewhere.
      if (place === "global" || status.code === StatusCode6.NotOnLink) return;
      this.#nothing(code, place, classes);
      log.log(allocation6.ALLOC_ENGINE_V6_ALLOC_FAIL_CLASSES, { client, classes: [...classes].join(", ") });
      return;
    }
    for (const lease of given) {
      const { lifetimes, isCached } = lease;
      if (this.#decisions.tellsChosen) this.#decisions.chosen(message.label, describeGiven(lease, duid));
      const { id: subnet } = lease.place.subnet;
      if (isCached) this.#statistics.subnet(subnet)[CACHED[code]].add(1, this.now);
      const isLogged = log.isEnabled(event === "offered" ? LEASE_ADVERT : isCached ? LEASE_REUSE : LEASE_ALLOC);
      if (!isLogged) continue;
      const fields = { client: message.label, iaid, lease, name: name?.hostname };
      if (event === "offered") log.log(LEASE_ADVERT, fields);
      else if (isCached) log.log(LEASE_REUSE, { lifetime: lifetimes.valid, ...fields });
      else log.log(LEASE_ALLOC, { lifetime: lifetimes.valid, subnet, ...fields });
    }
  }

  /** Counted where the client is. */
  #nothing(code: IaCode, { subnet }: Place6, classes: Query6["classes"]): void {
    const { id, network } = subnet;
    const statistics = this.#statistics.subnet(id);
    const type = code === Option6.iaNa ? LeaseType6.address : LeaseType6.prefix;
    const hasPool = (network?.subnets ?? [subnet]).some((each) =>
      poolsOf(each, type).some(({ guard }) => admits(guard, classes)),
    );
    for (const name of [
      hasPool ? "v6-allocation-fail" : "v6-allocation-fail-no-pools",
      network === undefined ? "v6-allocation-fail-subnet" : "v6-allocation-fail-shared-network",
      "v6-allocation-fail-classes",
    ] as const) {
      statistics[name].add(1, this.now);
    }
  }

  #reportRegistered(
    { message: { label: client }, duid }: Query6,
    { former, ...lease }: Registered6,
    { name }: Reply6,
  ): void {
    const { DHCP6_ADDR_REG_INFORM_CLIENT_CHANGE, DHCP6_ADDRESS_REGISTERED } = leases6;
    if (former !== undefined && !equalBytes(former.duid, duid)) {
      this.log.log(DHCP6_ADDR_REG_INFORM_CLIENT_CHANGE, { client, lease, former: former.duid });
    }
    this.log.log(DHCP6_ADDRESS_REGISTERED, { client, lease, lifetime: lease.valid, name: name?.hostname });
  }

  #reportEnds({ label: client }: Message6, { event, changes }: Reply6): void {
    const { DHCP6_RELEASE_NA, DHCP6_RELEASE_PD, DHCP6_DECLINE_LEASE } = leases6;
    for (const { type, address, prefixLength: length, iaid, hostname: name, validLifetime: seconds } of changes.put) {
      const lease = { address, length };
      if (event === "declined") this.log.log(DHCP6_DECLINE_LEASE, { client, lease, seconds, name });
      else {
        const message = type === LeaseType6.address ? DHCP6_RELEASE_NA : DHCP6_RELEASE_PD;
        this.log.log(message, { client, lease, iaid, name });
      }
    }
  }
}

function describeGiven(given: Given6, duid: Uint8Array): Chosen {
  const { address, length, place, pool, reserved, current, lifetimes } = given;
  const lease = length === 128 ? formatIpv6Key(address) : `${formatIpv6Key(address)}/${length}`;
  const isOwn = current !== undefined && equalBytes(current.duid, duid);
  return { lease, place, pool, isReserved: reserved !== undefined, isOwn, lifetime: lifetimes.valid };
}
