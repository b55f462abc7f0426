/** The stage on which a start rehearses: one subnet of the configuration, and clients on its link and behind a relay. */

import { readU32, writeU32 } from "@kotare/core/base/big-endian";
import { atOnce } from "@kotare/core/base/steps";
import type { Dhcp4Config, Subnet4Config } from "@kotare/core/config/dhcp4-config";
import { Subnet4 } from "@kotare/core/config/schema/dhcp4/subnet4";
import type { GoOn } from "@kotare/core/daemon/main-loop/spare-time";
import { namedFamily4 } from "@kotare/core/ddns/named-family4";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREQUEST, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import { leaseCounters4 } from "@kotare/core/leases/statistics/lease-counters4";
import { muteLog } from "@kotare/core/log/mute-log";
import { DeliveringBatch } from "@kotare/core/server/dhcp4o6/delivering-batch";
import { rehearsedOver4 } from "@kotare/core/server/dhcp4o6/rehearsed-over6";
import { PacketRecord } from "@kotare/core/server/explain/packet-record";
import { followLeases } from "@kotare/core/server/follow-leases";
import { queryListener4 } from "@kotare/core/server/leasequery/dhcp4/query-listener4";
import { openLeaseFile4 } from "@kotare/core/server/leases/open-lease-file";
import { NoWire, rehearse, type Stage, type Way } from "@kotare/core/server/packets/rehearse";
import type { StageParts } from "@kotare/core/server/server-parts";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics4 } from "@kotare/core/stats/statistics4";
import { Pool } from "@kotare/netio/transports/pool";
import { ReceivedBatch, ReceivedDatagram4 } from "@kotare/netio/transports/received-batch";
import { explain4 } from "./explain/explain4.ts";
import type { Path4 } from "./path/outcome4.ts";
import { packetPath4 } from "./path/packet-path4.ts";
import { beginHosts4, compileService4 } from "./path/service4.ts";
import { urgencyOf4 } from "./path/urgency4.ts";
import { server4 } from "./report/messages4.ts";
import { Reporter4 } from "./report/reporter4.ts";
import { ForceRenewer4 } from "./summons/force-renewer4.ts";

const ROOM = 512;
/** The interface on which the clients are. */
const LINK = "stage";
const ASK = [Option4.parameterRequestList, 7, 1, 3, 6, 12, 15, 42, 43];
/** Some clients name themselves so, others not at all. */
const NAMES = [Option4.hostName, 5, 0x73, 0x74, 0x61, 0x67, 0x65, Option4.vendorClass, 3, 0x61, 0x62, 0x63];

/** Batches are not used again. */
const NO_POOL = new Pool<ReceivedBatch<Ipv4, ReceivedDatagram4>>(() => {
  throw new Error("there are none");
}, 0);

/** @returns `undefined` where there is no subnet with a pool */
export async function openStage4(
  config: Dhcp4Config,
  { paths, clock, ports }: StageParts,
): Promise<Stage<Path4> | undefined> {
  const small = smallConfig(config);
  if (small === undefined) return undefined;
  const log = muteLog();
  const signal = new AbortController().signal;
  const { store, leaseClock } = await openLeaseFile4(small, { paths, clock, log, messages: server4, signal });
  const statistics = new Statistics(statistics4, clock.wall());
  const reporter = new Reporter4(log, statistics, ports, () => clock.wall());
  const parts = { store, clock, leaseClock, log, statistics, paths };
  // All who are told of leases in service are told here: who is not known makes V8 give up what it has compiled for the others.
  queryListener4({ store, leaseClock, log });
  const { events } = await followLeases(small, parts, {
    countersOf: leaseCounters4,
    named: namedFamily4(store),
  });
  reporter.events = events;
  reporter.record = new PacketRecord<Path4>(clock, explain4);
  reporter.summoned = new ForceRenewer4(log, ports, () => undefined);
  const service = atOnce(compileService4(small, store));
  const [subnet] = service.scope.subnets.all();
  const [pool] = subnet!.pools;
  const server = subnet!.prefix.address;
  const relay = server + 1;
  const link = { index: 1, name: LINK, mtu: 1500, mac: new Uint8Array(6), addresses: [server] };
  const direct: Way<Ipv4> = {
    messages: messagesOf(server, relay),
    receive: (messages) => batchOf(messages, relay, server, ports.server),
  };
  const wire = new NoWire<Ipv4>();
  const ways = isOver6(config) ? [direct, rehearsedOver4(link, messagesOf(server, 0), server4, clock)] : [direct];
  return {
    service,
    store,
    reporter,
    path: packetPath4(ports),
    urgencyOf: urgencyOf4,
    beginHosts: beginHosts4,
    interface: link,
    wire,
    newSendBatch: () => (isOver6(config) ? new DeliveringBatch(wire.newSendBatch()) : wire.newSendBatch()),
    room: pool!.last - pool!.first + 1,
    ways,
  };
}

/** Before anybody is served. */
export function rehearse4(config: Dhcp4Config, parts: StageParts): Promise<GoOn> {
  return rehearse(() => openStage4(config, parts), parts.clock);
}

function isOver6(config: Dhcp4Config): boolean {
  return config["dhcp4o6-port"] !== 0;
}

/** @param relay 0 where none speaks */
function messagesOf(server: Ipv4, relay: Ipv4): Way<Ipv4>["messages"] {
  return [
    (client) => messageOf(MessageType4.DHCPDISCOVER, client, relay, 0, []),
    (client, offer) => {
      const wanted = [Option4.requestedAddress, 4, ...offer.subarray(Field4.yiaddr, Field4.yiaddr + 4)];
      const chosen = [Option4.serverIdentifier, 4, ...bytesOf(server)];
      return messageOf(MessageType4.DHCPREQUEST, client, relay, 0, [...wanted, ...chosen]);
    },
    (client, ack) => messageOf(MessageType4.DHCPREQUEST, client, relay, readU32(ack, Field4.yiaddr), []),
  ];
}

/** For a server whose subnets are in a database. */
const MADE_UP = { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.0/24" }] };

/** So small that it is compiled at once, whatever there is. */
function smallConfig(config: Dhcp4Config): Dhcp4Config | undefined {
  const networks = config["shared-networks"];
  const subnets = [...config.subnet4, ...networks.flatMap(({ subnet4 }) => subnet4)];
  const subnet = subnets.find(({ pools }) => pools.length > 0) ?? madeUp(config);
  if (subnet === undefined) return undefined;
  return {
    ...config,
    "lease-database": { ...config["lease-database"], type: "memfile", persist: false },
    "shared-networks": [],
    subnet4: [
      {
        ...subnet,
        ...(isOver6(config) ? { "4o6-interface": LINK } : {}),
        reservations: subnet.reservations.slice(0, 1),
      },
    ],
    reservations: config.reservations.slice(0, 1),
  };
}

function madeUp(config: Dhcp4Config): Subnet4Config | undefined {
  return config["config-control"] === undefined ? undefined : Subnet4.parse(MADE_UP);
}

function batchOf(messages: readonly Uint8Array[], relay: Ipv4, server: Ipv4, port: number) {
  const batch = new ReceivedBatch(ROOM * messages.length, ReceivedDatagram4, NO_POOL).open();
  for (const [i, message] of messages.entries()) {
    const datagram = batch.candidate();
    batch.buffer.set(message, ROOM * i);
    datagram.offset = ROOM * i;
    datagram.length = message.length;
    datagram.ifindex = 1;
    datagram.source = relay;
    datagram.sourcePort = port;
    datagram.destination = server;
    datagram.macOffset = datagram.offset + Field4.chaddr;
    datagram.received = performance.now();
    batch.keep(datagram);
  }
  return batch;
}

/** For half of all transactions the number is too large for what V8 takes for a small one. */
const HIGH = 0x8000_0000;

/** Of every second client a relay speaks, and every third has all that a client may have. */
function messageOf(type: number, client: number, relay: Ipv4, ciaddr: Ipv4, options: readonly number[]): Uint8Array {
  const fixed = new Uint8Array(Field4.options);
  // Locally administered, and of no device.
  const chaddr = [2, 0, ...bytesOf(client)];
  fixed.set([BOOTREQUEST, 1, chaddr.length, client % 2]);
  writeU32(fixed, Field4.xid, client % 4 < 2 ? client : HIGH + client);
  writeU32(fixed, Field4.ciaddr, ciaddr);
  writeU32(fixed, Field4.giaddr, client % 2 === 0 ? 0 : relay);
  fixed.set(chaddr, Field4.chaddr);
  writeU32(fixed, Field4.cookie, MAGIC_COOKIE);
  const own = client % 3 === 0 ? [Option4.clientIdentifier, 7, 1, ...chaddr, ...NAMES] : [];
  return Uint8Array.from([...fixed, Option4.messageType, 1, type, ...options, ...own, ...ASK, Option4.end]);
}

function bytesOf(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, number);
  return bytes;
}
