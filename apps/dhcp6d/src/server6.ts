/** A running DHCPv6 server. */
import { join } from "node:path";
import { readU16 } from "@kotare/core/base/big-endian";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { resolvePath } from "@kotare/core/daemon/paths";
import { namedFamily6, nameRulesOf6 } from "@kotare/core/ddns/named-family6";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { RELAY_HEADER } from "@kotare/core/dhcp6/relay6";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { leaseCounters6 } from "@kotare/core/leases/statistics/lease-counters6";
import { DhcpServer, type ServerFamily } from "@kotare/core/server/dhcp-server";
import { followLeases } from "@kotare/core/server/follow-leases";
import { interfaceRules6 } from "@kotare/core/server/interfaces/interface-rules6";
import { nameCompanion } from "@kotare/core/server/name-companion";
import { Urgency } from "@kotare/core/server/packets/intake";
import { sampleLimitOf } from "@kotare/core/server/sample-limit";
import type { ServerParts } from "@kotare/core/server/server-parts";
import type { statistics6 } from "@kotare/core/stats/statistics6";
import { listedSubnets6 } from "@kotare/core/subnets/listed-subnets6";
import type { Datagram } from "@kotare/netio/transports/datagram";
import type { Path6 } from "./path/outcome6.ts";
import { packetPath6 } from "./path/packet-path6.ts";
import { compileService6 } from "./path/service6.ts";
import { server } from "./report/messages6.ts";
import { Reporter6 } from "./report/reporter6.ts";
import { DelegatedRoutes } from "./routes/delegated-routes6.ts";
import { takeServerDuid } from "./server-duid-file6.ts";
import { Sockets6 } from "./sockets6.ts";
import { takeCommands6 } from "./take-commands6.ts";

/** In the data directory. */
const DDNS_MARK = "kotare-dhcp6-ddns";

export type ServerParts6 = ServerParts<LeaseStore6, typeof statistics6>;

export type Server6 = DhcpServer<Path6, Dhcp6Config>;

export async function startServer6(config: Dhcp6Config, parts: ServerParts6): Promise<Server6> {
  const { store, ports, log, statistics, clock, leaseClock, paths } = parts;
  const reporter = new Reporter6(log, statistics, ports, () => clock.wall());
  const routes = new DelegatedRoutes({ store, now: () => leaseClock.wall(), log });
  store.watch(routes);
  const names = await followLeases(parts, {
    countersOf: (lease) => leaseCounters6(statistics, lease),
    named: namedFamily6(store),
    markFile: join(resolvePath(paths.data, config["data-directory"] ?? ""), DDNS_MARK),
  });
  const family: ServerFamily<Path6, Dhcp6Config> = {
    messages: server,
    interfaceRules: interfaceRules6,
    urgencyOf: urgencyOf6,
    compile: (next) => compileService6(next, store, takeServerDuid(next, paths.data, clock, log)),
    list({ config: next, scope }) {
      statistics.limitSamples(sampleLimitOf(next));
      return statistics.list(listedSubnets6(scope), clock.wall());
    },
    openSockets: (_, watch, onOpen) => new Sockets6(ports.server, watch, log, onOpen),
    takeCommands: (server) => takeCommands6(server, parts, names),
    keepsSockets: () => true,
    companions: [routes, nameCompanion(names, nameRulesOf6)],
  };
  return DhcpServer.start(family, config, { ...parts, reporter, path: packetPath6(ports) });
}

/** Looks through relays, too; what it does not see through is one of the others, no harm done. */
export function urgencyOf6({
  buffer,
  offset,
  length,
}: Pick<Datagram<unknown>, "buffer" | "offset" | "length">): Urgency {
  const end = offset + length;
  let at = offset;
  while (at < end && buffer[at] === MessageType6.RELAY_FORW) {
    at += RELAY_HEADER;
    while (at + 4 <= end && readU16(buffer, at) !== Option6.relayMessage) at += 4 + readU16(buffer, at + 2);
    at += 4;
  }
  const type = at < end ? buffer[at] : undefined;
  if (type === MessageType6.SOLICIT) return Urgency.first;
  return type === MessageType6.RENEW || type === MessageType6.REBIND ? Urgency.renewal : Urgency.other;
}
