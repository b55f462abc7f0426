/** Tells what became of packets: one place where each outcome is counted and logged. */
import { belongsTo, type Choice4 } from "@kotare/core/allocate/allocate4";
import type { Seconds } from "@kotare/core/base/clock";
import { describeMessage4 } from "@kotare/core/dhcp4/describe-message4";
import { MessageType4, nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4, type Ipv4 } from "@kotare/core/ip/ipv4";
import type { Logger } from "@kotare/core/log/logger";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { Attempt } from "@kotare/core/server/packets/attempt";
import type { EncodedReply } from "@kotare/core/server/packets/packet-path";
import { ClassReporter } from "@kotare/core/server/packets/report/class-reporter";
import { DecisionReporter } from "@kotare/core/server/packets/report/decision-reporter";
import { PacketReporter } from "@kotare/core/server/packets/report/packet-reporter";
import type { PathReporter } from "@kotare/core/server/packets/report/path-reporter";
import type { ReportNames } from "@kotare/core/server/packets/report/report-names";
import type { Statistics } from "@kotare/core/stats/statistics";
import type { statistics4 } from "@kotare/core/stats/statistics4";
import { additionalClasses4 } from "../path/complete4.ts";
import type { Done4, Drop4, Path4, Reply4, Shortage4 } from "../path/outcome4.ts";
import type { ClassedPacket4, Ingress4, Query4 } from "../path/query4.ts";
import { destinationOf4 } from "../reply/destination4.ts";
import { dropReasons4 } from "./drop-reasons4.ts";
import { allocation4, bad4, classes4, labels4, leases4, packets4 } from "./messages4.ts";

type Statistics4 = Statistics<typeof statistics4>;
type Counter = keyof Statistics4["global"];

/** Clients that are waited for. */
interface Summoned {
  readonly isEmpty: boolean;
  heard(address: Ipv4): void;
}

/** The counter of each message type received. */
const RECEIVED: ReadonlyMap<number, Counter> = new Map<number, Counter>([
  [MessageType4.DHCPDISCOVER, "pkt4-discover-received"],
  [MessageType4.DHCPOFFER, "pkt4-offer-received"],
  [MessageType4.DHCPREQUEST, "pkt4-request-received"],
  [MessageType4.DHCPDECLINE, "pkt4-decline-received"],
  [MessageType4.DHCPACK, "pkt4-ack-received"],
  [MessageType4.DHCPNAK, "pkt4-nak-received"],
  [MessageType4.DHCPRELEASE, "pkt4-release-received"],
  [MessageType4.DHCPINFORM, "pkt4-inform-received"],
  [MessageType4.DHCPLEASEQUERY, "pkt4-lease-query-received"],
]);

/** The counter of each message type sent. */
const SENT: ReadonlyMap<number, Counter> = new Map<Reply4["type"], Counter>([
  [MessageType4.DHCPOFFER, "pkt4-offer-sent"],
  [MessageType4.DHCPACK, "pkt4-ack-sent"],
  [MessageType4.DHCPNAK, "pkt4-nak-sent"],
  [MessageType4.DHCPLEASEUNASSIGNED, "pkt4-lease-query-response-unassigned-sent"],
  [MessageType4.DHCPLEASEUNKNOWN, "pkt4-lease-query-response-unknown-sent"],
  [MessageType4.DHCPLEASEACTIVE, "pkt4-lease-query-response-active-sent"],
]);

const NAMES: ReportNames<Path4, Counter> = {
  reasons: dropReasons4,
  nameType: nameMessageType4,
  describe: describeMessage4,
  receivedTypes: RECEIVED,
  sentTypes: SENT,
  counters: {
    received: "pkt4-received",
    unknown: "pkt4-unknown-received",
    sent: "pkt4-sent",
    dropped: "pkt4-receive-drop",
    undecodable: "pkt4-parse-failed",
    failed: "pkt4-processing-failed",
    stale: "pkt4-queue-full",
  },
  messages: {
    label: labels4.DHCP4_QUERY_LABEL,
    received: packets4.DHCP4_PACKET_RECEIVED,
    data: packets4.DHCP4_QUERY_DATA,
    dropped: bad4.DHCP4_PACKET_DROP,
    undecodable: bad4.DHCP4_PACKET_DROP_0001,
    bug: bad4.DHCP4_PACKET_DROP_0007,
    notServed: bad4.DHCP4_PACKET_NOT_SERVED,
    commitFailed: leases4.DHCP4_LEASE_COMMIT_FAILED,
  },
};

export class Reporter4 extends PacketReporter<Path4, Counter> implements PathReporter<Path4> {
  readonly #classes: ClassReporter<ClassedPacket4>;
  readonly #decisions: DecisionReporter;
  readonly #statistics: Statistics4;
  readonly #ports: Ports;

  /** Told of clients that come, where they may have been called. */
  summoned: Summoned | undefined;

  constructor(log: Logger, statistics: Statistics4, ports: Ports, wall: () => Seconds) {
    super(log, statistics.global, wall, NAMES);
    this.#classes = new ClassReporter(log, classes4, nameMessageType4);
    this.#decisions = new DecisionReporter(log, 4);
    this.#statistics = statistics;
    this.#ports = ports;
  }

  attempted(attempt: Attempt<Path4>): void {
    const { query, answer, completed, reply, drop, service } = attempt;
    if (this.record?.isOn === true) this.record.add(attempt);
    const { set } = service.scope.classes;
    const packet = query ?? drop?.packet;
    if (packet !== undefined) this.#classes.assigned(packet, set);
    if (query === undefined) return;
    this.#decisions.placed(query);
    if (answer?.kind !== "reply") return;
    if (completed !== undefined && completed !== query) {
      this.#classes.completed(completed, query.classes, additionalClasses4(answer), set);
    }
    if (reply !== undefined) this.#encoded(query.message, reply);
  }

  #encoded(message: Message4, { buffer, offset, length, leftOut }: EncodedReply<Ipv4>): void {
    const log = this.log;
    if (leftOut.length > 0) {
      log.log(bad4.DHCP4_REPLY_TOO_LARGE, { client: message.label, codes: leftOut.join(" "), limit: length });
    }
    const isDescribed = log.isEnabled(packets4.DHCP4_RESPONSE_DATA);
    if (!isDescribed && !this.#decisions.tellsWritten) return;
    const written = new Message4(buffer.subarray(offset, offset + length));
    if (this.#decisions.tellsWritten) {
      const asked = message.option(Option4.parameterRequestList) ?? [];
      this.#decisions.written(message.label, written.optionCodes(), asked);
    }
    if (isDescribed)
      log.log(packets4.DHCP4_RESPONSE_DATA, { client: message.label, packet: describeMessage4(written) });
  }

  /**
   * An outcome is carried out: its lease is durable and its reply, if it has one, sent.
   * @param error why the kernel did not take the reply, if so
   */
  answered(query: Query4, outcome: Reply4 | Done4, error: string | undefined): void {
    if (outcome.kind === "done") {
      this.#done(query, outcome);
      return;
    }
    const log = this.log;
    this.#answer(query, outcome);
    if (this.summoned?.isEmpty === false && outcome.type === MessageType4.DHCPACK) this.summoned.heard(outcome.yiaddr);
    if (error !== undefined) {
      this.countFailed();
      const { address: destination } = destinationOf4(query, outcome, this.#ports);
      log.log(bad4.DHCP4_PACKET_SEND_FAIL, { client: query.message.label, destination, error });
      return;
    }
    this.countSent(outcome.type);
    if (log.isEnabled(packets4.DHCP4_PACKET_SEND)) {
      const { address, port } = destinationOf4(query, outcome, this.#ports);
      log.log(packets4.DHCP4_PACKET_SEND, {
        client: query.message.label,
        type: nameMessageType4(outcome.type),
        destination: address,
        port,
        interface: query.ingress.interface.name,
      });
    }
  }

  /** DHCPFORCERENEW has left. */
  forcedRenewal(): void {
    this.count("pkt4-sent");
    this.count("pkt4-forcerenew-sent");
  }

  #answer(query: Query4, { type, yiaddr, lifetime, place, pool, name, choice, changes }: Reply4): void {
    const log = this.log;
    const { message } = query;
    if (choice?.conflict === true) this.#conflict(query, choice);
    if (type === MessageType4.DHCPNAK) {
      if (!log.isEnabled(leases4.DHCP4_NAK)) return;
      const address = message.u32(Option4.requestedAddress) ?? message.ciaddr;
      log.log(leases4.DHCP4_NAK, { client: message.label, address });
      return;
    }
    // An INFORM is about no lease.
    if (lifetime === undefined || place === undefined) return;
    if (this.#decisions.tellsChosen) {
      const current = choice?.current;
      this.#decisions.chosen(message.label, {
        lease: formatIpv4(yiaddr),
        place,
        pool,
        isReserved: place.host?.address === yiaddr,
        isOwn: current !== undefined && belongsTo(current, query.hwaddr, query.clientId, place.subnet),
        lifetime,
      });
    }
    const hostname = name?.hostname;
    const asked = message.type === MessageType4.DHCPREQUEST ? message.u32(Option4.requestedAddress) : undefined;
    if (asked !== undefined && !message.hasOption(Option4.serverIdentifier)) {
      log.log(leases4.DHCP4_INIT_REBOOT, { client: message.label, address: asked });
    }
    if (type === MessageType4.DHCPOFFER) {
      if (!log.isEnabled(leases4.DHCP4_LEASE_OFFER)) return;
      log.log(leases4.DHCP4_LEASE_OFFER, { client: message.label, address: yiaddr, name: hostname });
      return;
    }
    if (changes.put === undefined) {
      this.#statistics.subnet(place.subnet.id)["v4-lease-reuses"].add(1, this.now);
      if (!log.isEnabled(leases4.DHCP4_LEASE_REUSE)) return;
      log.log(leases4.DHCP4_LEASE_REUSE, { client: message.label, address: yiaddr, lifetime, name: hostname });
      return;
    }
    if (!log.isEnabled(leases4.DHCP4_LEASE_ALLOC)) return;
    const subnet = place.subnet.id;
    log.log(leases4.DHCP4_LEASE_ALLOC, { client: message.label, address: yiaddr, lifetime, subnet, name: hostname });
  }

  #conflict(query: Query4, { place: { subnet, host } }: Choice4): void {
    this.#statistics.subnet(subnet.id)["v4-reservation-conflicts"].add(1, this.now);
    const address = host?.address ?? 0;
    this.log.log(leases4.ALLOC_ENGINE_V4_DISCOVER_ADDRESS_CONFLICT, { client: query.message.label, address });
  }

  #done(query: Query4, { event, lease, changes }: Done4): void {
    const client = query.message.label;
    const { address, hostname: name } = lease;
    if (event === "released") {
      this.log.log(leases4.DHCP4_RELEASE, { client, address, name });
      return;
    }
    const seconds = changes.put?.validLifetime ?? 0;
    if (event === "in-use") this.log.log(leases4.DHCP4_SERVER_INITIATED_DECLINE, { client, address, seconds });
    else this.log.log(leases4.DHCP4_DECLINE_LEASE, { client, address, seconds, name });
  }

  override dropped(message: Message4, ingress: Ingress4, drop: Drop4): void {
    if (drop.shortage !== undefined) this.#noAddress(message, drop.shortage, drop.reason);
    super.dropped(message, ingress, drop);
  }

  #noAddress({ label: client }: Message4, { subnet, classes }: Shortage4, reason: Drop4["reason"]): void {
    const { id, network } = subnet;
    const statistics = this.#statistics.subnet(id);
    for (const name of [
      reason === "no-pool" ? "v4-allocation-fail-no-pools" : "v4-allocation-fail",
      network === undefined ? "v4-allocation-fail-subnet" : "v4-allocation-fail-shared-network",
      "v4-allocation-fail-classes",
    ] as const) {
      statistics[name].add(1, this.now);
    }
    const { ALLOC_ENGINE_V4_ALLOC_FAIL, ALLOC_ENGINE_V4_ALLOC_FAIL_CLASSES } = allocation4;
    this.log.log(ALLOC_ENGINE_V4_ALLOC_FAIL, { client, subnet: subnet.text });
    this.log.log(ALLOC_ENGINE_V4_ALLOC_FAIL_CLASSES, { client, classes: [...classes].join(", ") });
  }
}
