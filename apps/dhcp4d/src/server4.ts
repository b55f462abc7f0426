/** A running DHCPv4 server. */
import { join } from "node:path";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { needsSecret4 } from "@kotare/core/config/kotare4";
import { namedFamily4, nameRulesOf4 } from "@kotare/core/ddns/named-family4";
import { OwnCommands } from "@kotare/core/extensions/control/own-commands";
import type { LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import { leaseCounters4 } from "@kotare/core/leases/statistics/lease-counters4";
import { hostFamily4 } from "@kotare/core/server/databases/host-family4";
import { DhcpServer } from "@kotare/core/server/dhcp-server";
import { Tunnel4 } from "@kotare/core/server/dhcp4o6/tunnel4";
import { PacketRecord } from "@kotare/core/server/explain/packet-record";
import { followLeases } from "@kotare/core/server/follow-leases";
import { interfaceRules4 } from "@kotare/core/server/interfaces/interface-rules4";
import { announcePortable, isPortable } from "@kotare/core/server/interfaces/portable";
import { queryListener4 } from "@kotare/core/server/leasequery/dhcp4/query-listener4";
import { nameCompanion } from "@kotare/core/server/name-companion";
import { sampleLimitOf } from "@kotare/core/server/sample-limit";
import type { ServerFamily } from "@kotare/core/server/server-family";
import { serverMetrics } from "@kotare/core/server/server-metrics";
import type { ServerParts } from "@kotare/core/server/server-parts";
import type { statistics4 } from "@kotare/core/stats/statistics4";
import { listedSubnets4 } from "@kotare/core/subnets/listed-subnets4";
import { ClientReplays } from "@kotare/core/summons/client-replays";
import { type OwnSecret, takeOwnSecret } from "@kotare/core/summons/own-secret";
import { saveReplays4 } from "./authentication/save-replays4.ts";
import { explainRules4 } from "./explain/explain-rules4.ts";
import { explain4 } from "./explain/explain4.ts";
import type { Path4 } from "./path/outcome4.ts";
import { packetPath4 } from "./path/packet-path4.ts";
import { beginHosts4, compileService4 } from "./path/service4.ts";
import { isKnown4, urgencyOf4 } from "./path/urgency4.ts";
import { server4, summons4 } from "./report/messages4.ts";
import { Reporter4 } from "./report/reporter4.ts";
import { openPortableSockets4, openSockets4 } from "./sockets4.ts";
import { callOnChange4 } from "./summons/call-on-change4.ts";
import { ForceRenewer4 } from "./summons/force-renewer4.ts";
import { commands4, takeCommands4 } from "./take-commands4.ts";

/** In the data directory. */
const SECRET_FILE = "kotare-secret4";
const REPLAY_FILE = "kotare-replays4";

const PORTABLE_LIMITS =
  "a client that has no address is answered by broadcast, and where several interfaces are served it is heard through a relay only";

export type ServerParts4 = ServerParts<LeaseStore4, typeof statistics4>;

export type Server4 = DhcpServer<Path4, Dhcp4Config>;

export async function startServer4(config: Dhcp4Config, parts: ServerParts4): Promise<Server4> {
  const { store, ports, log, statistics, clock, leaseClock, paths } = parts;
  const reporter = new Reporter4(log, statistics, ports, () => clock.wall());
  const { names, events } = await followLeases(config, parts, {
    countersOf: leaseCounters4,
    named: namedFamily4(store),
  });
  const record = new PacketRecord<Path4>(clock, explain4);
  reporter.events = events;
  const summoner = new ForceRenewer4(log, ports, () => reporter.forcedRenewal());
  reporter.summoned = summoner;
  const takeSecret = (): OwnSecret => ({
    ...takeOwnSecret(join(paths.data, SECRET_FILE), clock, (file, error) =>
      log.log(summons4.DHCP4_SECRET_FILE_UNUSABLE, { file, error: error.message }),
    ),
    heard: new ClientReplays(join(paths.data, REPLAY_FILE), (file, error) =>
      log.log(summons4.DHCP4_REPLAY_FILE_UNUSABLE, { file, error: error.message }),
    ),
  });
  reporter.record = record;
  const calls = callOnChange4(summoner, store, leaseClock, log);
  const tunnel = new Tunnel4(log, server4, clock);
  const queries = queryListener4(parts);
  const family: ServerFamily<Path4, Dhcp4Config> = {
    number: 4,
    messages: server4,
    interfaceRules: interfaceRules4,
    urgencyOf: urgencyOf4,
    isKnown: isKnown4,
    compile(next, former, hosts) {
      const own = needsSecret4(next) ? (former?.own ?? takeSecret()) : undefined;
      return compileService4(next, store, former, hosts, own);
    },
    openHosts: (next, former) => parts.openHosts(hostFamily4, next, former),
    beginHosts: beginHosts4,
    explainRules: explainRules4,
    list({ config: next, scope }) {
      return statistics.list(listedSubnets4(scope), clock.wall(), sampleLimitOf(next));
    },
    openSockets(next, watch, onOpen) {
      const type = next["interfaces-config"]["dhcp-socket-type"];
      if (!isPortable(next)) return openSockets4(type, ports.server, onOpen);
      const onRefused = announcePortable(log, server4, PORTABLE_LIMITS);
      return openPortableSockets4({ port: ports.server, watch, broadcasts: type === "raw", onRefused }, onOpen);
    },
    companions: [nameCompanion(names, nameRulesOf4), tunnel, queries, summoner, calls, saveReplays4()],
    delivers: () => tunnel.isOn,
    commands: commands4,
    takeCommands: (server) => takeCommands4(server, parts, { names, events, summoner, record, calls }),
    metrics: async (server) => [...(await serverMetrics(server, parts, names)), ...queries.metrics()],
    keepsSockets: (before, after) =>
      before["interfaces-config"]["dhcp-socket-type"] === after["interfaces-config"]["dhcp-socket-type"] &&
      isPortable(before) === isPortable(after),
  };
  return DhcpServer.start(family, config, {
    ...parts,
    reporter,
    path: packetPath4(ports),
    own: new OwnCommands(),
    names,
  });
}
