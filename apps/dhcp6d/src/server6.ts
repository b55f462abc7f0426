/** A running DHCPv6 server. */
import { join } from "node:path";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { wantsReconfigure } from "@kotare/core/config/reconfigures6";
import { dataDirectoryOf } from "@kotare/core/daemon/config/confine-paths";
import { namedFamily6, nameRulesOf6 } from "@kotare/core/ddns/named-family6";
import { OwnCommands } from "@kotare/core/extensions/control/own-commands";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { leaseCounters6 } from "@kotare/core/leases/statistics/lease-counters6";
import { hostFamily6 } from "@kotare/core/server/databases/host-family6";
import { DhcpServer } from "@kotare/core/server/dhcp-server";
import { Tunnel6 } from "@kotare/core/server/dhcp4o6/tunnel6";
import { PacketRecord } from "@kotare/core/server/explain/packet-record";
import { followLeases } from "@kotare/core/server/follow-leases";
import { interfaceRules6 } from "@kotare/core/server/interfaces/interface-rules6";
import { isPortable } from "@kotare/core/server/interfaces/portable";
import { queryListener6 } from "@kotare/core/server/leasequery/dhcp6/query-listener6";
import { nameCompanion } from "@kotare/core/server/name-companion";
import { sampleLimitOf } from "@kotare/core/server/sample-limit";
import type { ServerFamily } from "@kotare/core/server/server-family";
import { serverMetrics } from "@kotare/core/server/server-metrics";
import type { ServerParts } from "@kotare/core/server/server-parts";
import type { statistics6 } from "@kotare/core/stats/statistics6";
import { listedSubnets6 } from "@kotare/core/subnets/listed-subnets6";
import { takeOwnSecret } from "@kotare/core/summons/own-secret";
import { explainRules6 } from "./explain/explain-rules6.ts";
import { explain6 } from "./explain/explain6.ts";
import type { Path6 } from "./path/outcome6.ts";
import { packetPath6 } from "./path/packet-path6.ts";
import { beginHosts6, compileService6 } from "./path/service6.ts";
import { isKnown6, urgencyOf6 } from "./path/urgency6.ts";
import { server6, summons6 } from "./report/messages6.ts";
import { Reporter6 } from "./report/reporter6.ts";
import { DelegatedRoutes } from "./routes/delegated-routes6.ts";
import { takeServerDuid } from "./server-duid-file6.ts";
import { openSockets6 } from "./sockets6.ts";
import { callOnChange6 } from "./summons/call-on-change6.ts";
import { Reconfigurer6 } from "./summons/reconfigurer6.ts";
import { commands6, takeCommands6 } from "./take-commands6.ts";

/** In the data directory. */
const SECRET_FILE = "kotare-secret6";

export type ServerParts6 = ServerParts<LeaseStore6, typeof statistics6>;

export type Server6 = DhcpServer<Path6, Dhcp6Config>;

export async function startServer6(config: Dhcp6Config, parts: ServerParts6): Promise<Server6> {
  const { store, ports, log, statistics, clock, leaseClock, paths } = parts;
  const reporter = new Reporter6(log, statistics, ports, () => clock.wall());
  const routes = new DelegatedRoutes({ store, now: () => leaseClock.wall(), log });
  store.watch(routes);
  const { names, events } = await followLeases(config, parts, {
    countersOf: leaseCounters6,
    named: namedFamily6(store),
  });
  const record = new PacketRecord<Path6>(clock, explain6);
  reporter.events = events;
  const summoner = new Reconfigurer6(log, ports, () => reporter.reconfigured());
  reporter.summoned = summoner;
  const takeSecret = (folder: string) =>
    takeOwnSecret(join(folder, SECRET_FILE), clock, (file, error) =>
      log.log(summons6.DHCP6_SECRET_FILE_UNUSABLE, { file, error: error.message }),
    );
  reporter.record = record;
  const calls = callOnChange6(summoner, store, leaseClock, log);
  const tunnel = new Tunnel6(log, server6, ports, () => reporter.passedBack());
  const queries = queryListener6(parts);
  const family: ServerFamily<Path6, Dhcp6Config> = {
    number: 6,
    messages: server6,
    interfaceRules: interfaceRules6,
    urgencyOf: urgencyOf6,
    isKnown: isKnown6,
    compile(next, former, hosts) {
      const folder = dataDirectoryOf(next, paths);
      const own = wantsReconfigure(next) ? (former?.own ?? takeSecret(folder)) : undefined;
      return compileService6(next, store, takeServerDuid(next, folder, clock, log), former, hosts, own);
    },
    openHosts: (next, former) => parts.openHosts(hostFamily6, next, former),
    beginHosts: beginHosts6,
    explainRules: explainRules6,
    list({ config: next, scope }) {
      return statistics.list(listedSubnets6(scope), clock.wall(), sampleLimitOf(next));
    },
    openSockets: (next, watch, onOpen) => openSockets6(isPortable(next), ports.server, watch, log, onOpen),
    commands: commands6,
    takeCommands: (server) => takeCommands6(server, parts, { names, events, summoner, record, calls }),
    metrics: async (server) => [...(await serverMetrics(server, parts, names)), ...queries.metrics()],
    keepsSockets: (before, after) => isPortable(before) === isPortable(after),
    companions: [routes, nameCompanion(names, nameRulesOf6), tunnel, queries, summoner, calls],
    delivers: () => tunnel.isOn,
  };
  return DhcpServer.start(family, config, {
    ...parts,
    reporter,
    path: packetPath6(ports, tunnel),
    own: new OwnCommands(),
    names,
  });
}
