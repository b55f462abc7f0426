/** The stage on which a start rehearses: one subnet of the configuration, and clients on its link and behind a relay. */

import { setImmediate as immediate } from "node:timers/promises";
import { writeU32 } from "@kotare/core/base/big-endian";
import { atOnce } from "@kotare/core/base/steps";
import type { Dhcp6Config, Subnet6Config } from "@kotare/core/config/dhcp6-config";
import { Subnet6 } from "@kotare/core/config/schema/dhcp6/subnet6";
import type { GoOn } from "@kotare/core/daemon/main-loop/spare-time";
import { namedFamily6 } from "@kotare/core/ddns/named-family6";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { type Ipv6Key, parseIpv6Key, writeIpv6Key } from "@kotare/core/ip/ipv6-key";
import { countMembers } from "@kotare/core/ip/ipv6-range";
import { leaseCounters6 } from "@kotare/core/leases/statistics/lease-counters6";
import { muteLog } from "@kotare/core/log/mute-log";
import { DeliveringBatch } from "@kotare/core/server/dhcp4o6/delivering-batch";
import { over6Query, rehearsedTunnel6 } from "@kotare/core/server/dhcp4o6/rehearsed-over6";
import { PacketRecord } from "@kotare/core/server/explain/packet-record";
import { followLeases } from "@kotare/core/server/follow-leases";
import { queryListener6 } from "@kotare/core/server/leasequery/dhcp6/query-listener6";
import { openLeaseFile6 } from "@kotare/core/server/leases/open-lease-file";
import { NoWire, rehearse, type Stage, type Way } from "@kotare/core/server/packets/rehearse";
import type { StageParts } from "@kotare/core/server/server-parts";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics6 } from "@kotare/core/stats/statistics6";
import { Pool } from "@kotare/netio/transports/pool";
import { ReceivedBatch, ReceivedDatagram6 } from "@kotare/netio/transports/received-batch";
import { explain6 } from "./explain/explain6.ts";
import type { Path6 } from "./path/outcome6.ts";
import { packetPath6 } from "./path/packet-path6.ts";
import { beginHosts6, compileService6 } from "./path/service6.ts";
import { urgencyOf6 } from "./path/urgency6.ts";
import { server6 } from "./report/messages6.ts";
import { Reporter6 } from "./report/reporter6.ts";
import { DelegatedRoutes } from "./routes/delegated-routes6.ts";
import { Reconfigurer6 } from "./summons/reconfigurer6.ts";

const ROOM = 512;
/** Of an address. */
const BYTES = 16;
/** DUID-UUID (RFC 6355) of nobody. */
const SERVER_DUID = uuidOf(0xffff_ffff);
/** Name servers and search list. */
const ORO = Uint8Array.of(0, 23, 0, 24);
/** Of the clients on the link, and of those that the relay has it from. */
const CLIENT = parseIpv6Key("fe80::200:5eff:fe00:5301")!;
const SERVERS = parseIpv6Key("ff02::1:2")!;

/** Nobody reads what it says. */
const DHCPV4_MESSAGE = new Uint8Array(300);

const BOTH = [Option6.iaNa, Option6.iaPd];

/** Batches are not used again. */
const NO_POOL = new Pool<ReceivedBatch<Ipv6Key, ReceivedDatagram6>>(() => {
  throw new Error("there are none");
}, 0);

/** @returns `undefined` where there is no subnet with a pool of addresses */
export async function openStage6(
  config: Dhcp6Config,
  { paths, clock, ports }: StageParts,
): Promise<Stage<Path6> | undefined> {
  const small = smallConfig(config);
  if (small === undefined) return undefined;
  const log = muteLog();
  const signal = new AbortController().signal;
  const { store, leaseClock } = await openLeaseFile6(small, { paths, clock, log, messages: server6, signal });
  const statistics = new Statistics(statistics6, clock.wall());
  const reporter = new Reporter6(log, statistics, ports, () => clock.wall());
  const parts = { store, clock, leaseClock, log, statistics, paths };
  // All who are told of leases in service are told here: who is not known makes V8 give up what it has compiled for the others.
  store.watch(new DelegatedRoutes({ store, now: () => leaseClock.wall(), log }));
  queryListener6({ store, leaseClock, log });
  const { events } = await followLeases(small, parts, {
    countersOf: leaseCounters6,
    named: namedFamily6(store),
  });
  reporter.events = events;
  reporter.record = new PacketRecord<Path6>(clock, explain6);
  reporter.summoned = new Reconfigurer6(log, ports, () => undefined);
  const service = atOnce(compileService6(small, store, SERVER_DUID));
  const [subnet] = service.scope.subnets.all();
  const [pool] = subnet!.pools;
  const link = subnet!.prefix;
  const name = small.subnet6[0]!.interface || "stage";
  const served = { index: 1, name, mtu: 1500, mac: new Uint8Array(6), addresses: [CLIENT, link] };
  const wire = new NoWire<Ipv6Key>();
  const receive: Way<Ipv6Key>["receive"] = (messages) => batchOf(messages, link, ports.server);
  const own: Way<Ipv6Key> = {
    receive,
    messages: [
      (client) => messageOf(MessageType6.SOLICIT, client, link),
      (client, advertise) => messageOf(MessageType6.REQUEST, client, link, advertise),
      (client, reply) => messageOf(MessageType6.RENEW, client, link, reply),
    ],
  };
  const over6: Way<Ipv6Key> = {
    receive,
    messages: [(client) => over6Query(client, DHCPV4_MESSAGE)],
    async takeAnswers() {
      await immediate();
      return wire.takeSent();
    },
  };
  const isOver6 = config["dhcp4o6-port"] !== 0;
  const tunnel = isOver6 ? rehearsedTunnel6(served, server6, ports, () => wire.newSendBatch()) : undefined;
  return {
    service,
    store,
    reporter,
    path: packetPath6(ports, tunnel),
    urgencyOf: urgencyOf6,
    beginHosts: beginHosts6,
    interface: served,
    wire,
    newSendBatch: () => (isOver6 ? new DeliveringBatch(wire.newSendBatch()) : wire.newSendBatch()),
    room: Number(countMembers(pool!.range)),
    ways: isOver6 ? [own, over6] : [own],
  };
}

/** Before anybody is served. */
export function rehearse6(config: Dhcp6Config, parts: StageParts): Promise<GoOn> {
  return rehearse(() => openStage6(config, parts), parts.clock);
}

/** For a server whose subnets are in a database. */
const MADE_UP = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/64" }] };

/** So small that it is compiled at once, whatever there is. */
function smallConfig(config: Dhcp6Config): Dhcp6Config | undefined {
  const networks = config["shared-networks"];
  const subnets = [...config.subnet6, ...networks.flatMap(({ subnet6 }) => subnet6)];
  const subnet = subnets.find(({ pools }) => pools.length > 0) ?? madeUp(config);
  if (subnet === undefined) return undefined;
  return {
    ...config,
    "lease-database": { ...config["lease-database"], type: "memfile", persist: false },
    "shared-networks": [],
    subnet6: [{ ...subnet, reservations: subnet.reservations.slice(0, 1) }],
    reservations: config.reservations.slice(0, 1),
  };
}

function madeUp(config: Dhcp6Config): Subnet6Config | undefined {
  return config["config-control"] === undefined ? undefined : Subnet6.parse(MADE_UP);
}

/** @param link where the relay is, and the address that it sends from */
function batchOf(messages: readonly Uint8Array[], link: Ipv6Key, port: number) {
  const addresses = ROOM * messages.length;
  const batch = new ReceivedBatch(addresses + 3 * BYTES, ReceivedDatagram6, NO_POOL).open();
  for (const [i, address] of [link, CLIENT, SERVERS].entries()) {
    writeIpv6Key(address, batch.buffer, addresses + BYTES * i);
  }
  for (const [i, message] of messages.entries()) {
    const isRelayed = message[0] === MessageType6.RELAY_FORW;
    const datagram = batch.candidate();
    batch.buffer.set(message, ROOM * i);
    datagram.offset = ROOM * i;
    datagram.length = message.length;
    datagram.ifindex = 1;
    datagram.sourceOffset = isRelayed ? addresses : addresses + BYTES;
    datagram.sourcePort = port;
    datagram.destinationOffset = isRelayed ? addresses : addresses + 2 * BYTES;
    datagram.macOffset = addresses;
    datagram.received = performance.now();
    batch.keep(datagram);
  }
  return batch;
}

/**
 * Of every second client a relay speaks, and every third wants a prefix, too.
 * @param former the answer to the client's message before; what that has given is asked for
 */
function messageOf(type: number, client: number, link: Ipv6Key, former?: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(ROOM);
  const writer = new MessageWriter6(buffer, 0, ROOM);
  const isRelayed = client % 2 === 1;
  if (isRelayed) writer.beginRelay(MessageType6.RELAY_FORW, 0, link, CLIENT).openOption(Option6.relayMessage);
  writer.begin(type, client).option(Option6.clientId, isRelayed ? uuidOf(client) : macOf(client));
  if (former !== undefined) writer.option(Option6.serverId, SERVER_DUID);
  const given = former && new Message6(former);
  for (const code of client % 3 === 0 ? BOTH : [Option6.iaNa]) {
    const ia = given?.option(code);
    if (ia !== undefined) writer.option(code, ia);
    else writer.openIa(code, 1, 0, 0).closeOption();
  }
  writer.optionU16(Option6.elapsedTime, 0).option(Option6.oro, ORO);
  return buffer.subarray(0, writer.finish());
}

function uuidOf(number: number): Uint8Array {
  const duid = new Uint8Array(18);
  duid[1] = 4;
  writeU32(duid, 14, number);
  return duid;
}

/** DUID-LL of a locally administered Ethernet address of no device. */
function macOf(number: number): Uint8Array {
  const duid = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 0);
  writeU32(duid, 6, number);
  return duid;
}
