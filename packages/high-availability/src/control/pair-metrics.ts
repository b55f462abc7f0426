/** What Prometheus is told of pairs. */
import type { ExtensionMetric } from "@kotare/extension";
import type { PairedServer } from "../paired-server.ts";

interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly type?: ExtensionMetric["type"];
  /** `undefined` where there is none. */
  readonly of: (server: PairedServer) => number | undefined;
}

const GAUGES: readonly Gauge[] = [
  {
    name: "kotare_ha_partner_up",
    help: "1, or 0 while the partner has said nothing for longer than max-response-delay.",
    of: ({ isInterrupted }) => Number(!isInterrupted),
  },
  {
    name: "kotare_ha_partner_silence_seconds",
    help: "Time since the partner was heard.",
    of: ({ silence }) => silence / 1000,
  },
  {
    name: "kotare_ha_clock_skew_seconds",
    help: "So far the partner's clock is ahead.",
    of: ({ partner }) => partner.skew,
  },
  {
    name: "kotare_ha_clients_unacked",
    help: "Clients of the silent partner that have asked in vain for longer than max-ack-delay.",
    of: ({ connecting }) => connecting.unacked,
  },
  {
    name: "kotare_ha_clients_rejected",
    help: "Clients whose leases the partner has rejected.",
    of: ({ counts }) => counts.rejected,
  },
  {
    name: "kotare_ha_updates_waiting",
    help: "Changes of leases that are on their way to the partner, or kept for it.",
    of: ({ counts }) => counts.waiting,
  },
  {
    name: "kotare_ha_updates_unsent_total",
    type: "counter",
    help: "Changes of leases that the partner was not told of, because it was down.",
    of: ({ counts }) => counts.unsent,
  },
];

export function metricsOf(servers: readonly PairedServer[]): readonly ExtensionMetric[] {
  const paired = servers.filter(({ partnerName }) => partnerName !== undefined);
  return [
    {
      type: "gauge",
      name: "kotare_ha_state",
      help: "Always 1; the state of the server, and what its partner has told last.",
      samples: servers.map((server) => {
        const { state, partner } = server;
        return { labels: { ...labelsOf(server), state, partner_state: partner.state }, value: 1 };
      }),
    },
    {
      type: "gauge",
      name: "kotare_ha_scope_served",
      help: "1, or 0 while the clients of a server of the pair are not served by this one.",
      samples: servers.flatMap((server) => {
        const { relationship, served } = server;
        const scopes = relationship.peers.filter(({ role }) => role !== "backup").map(({ name }) => name);
        return scopes.map((scope) => {
          return { labels: { ...labelsOf(server), scope }, value: Number(served.includes(scope)) };
        });
      }),
    },
    ...GAUGES.map(({ name, help, type = "gauge", of }): ExtensionMetric => {
      return {
        type,
        name,
        help,
        samples: paired.map((server) => ({ labels: labelsOf(server), value: of(server) ?? 0 })),
      };
    }),
  ];
}

function labelsOf({ relationship, partnerName = "" }: PairedServer) {
  return { server: relationship["this-server-name"], partner: partnerName };
}
