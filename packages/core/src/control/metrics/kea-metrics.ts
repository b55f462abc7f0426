/** The statistics of a DHCP server under the names and labels that the dashboards for kea-exporter have. */
import { type DhcpSubnets, eachSubnet } from "../../config/each-subnet.ts";
import type { Statistics, StatisticTable } from "../../stats/statistics.ts";
import { type Metric, type MetricSample, writeLabels } from "./metric.ts";

export type ReadableStatistics = Pick<Statistics<StatisticTable>, "table" | "value">;

interface KeaMetric {
  /** Behind `kea_dhcp4_`. */
  readonly name: string;
  /** Without, it is what its statistic says of itself. */
  readonly help?: string;
  /** The smallest thing that it is told of. */
  readonly of: "server" | "subnet" | "pool";
  /** With the label that tells it from the others, if there are any. */
  readonly statistics: Readonly<Record<string, MetricSample["labels"]>>;
}

/** `*` is where the words go. */
function labelled(label: string, pattern: string, words: readonly string[]): KeaMetric["statistics"] {
  return Object.fromEntries(words.map((word) => [pattern.replace("*", word), { [label]: word }]));
}

function plain(name: string, of: "subnet" | "pool", statistic: string): KeaMetric {
  return { name, of, statistics: { [statistic]: {} } };
}

function failures(family: 4 | 6): KeaMetric {
  const kinds = ["subnet", "shared-network", "no-pools", "classes"];
  return {
    name: "allocations_failed_total",
    help: "Clients that got nothing.",
    of: "subnet",
    statistics: labelled("context", `v${family}-allocation-fail-*`, kinds),
  };
}

function packets(family: 4 | 6, sent: readonly string[], received: readonly string[]): KeaMetric[] {
  return [
    {
      name: "packets_sent_total",
      help: "Packets sent.",
      of: "server",
      statistics: labelled("operation", `pkt${family}-*-sent`, sent),
    },
    {
      name: "packets_received_total",
      help: "Packets received; those that were dropped for any reason count as drop, too.",
      of: "server",
      statistics: {
        ...labelled("operation", `pkt${family}-*-received`, received),
        [`pkt${family}-parse-failed`]: { operation: "parse-failed" },
        [`pkt${family}-receive-drop`]: { operation: "drop" },
      },
    },
  ];
}

const ends = [
  plain("addresses_declined_total", "pool", "declined-addresses"),
  plain("addresses_declined_reclaimed_total", "pool", "reclaimed-declined-addresses"),
  plain("addresses_reclaimed_total", "pool", "reclaimed-leases"),
];

const received4 = ["discover", "offer", "request", "ack", "nak", "release", "decline", "inform", "unknown"];
const received6 = ["solicit", "advertise", "request", "reply", "renew", "rebind", "release", "decline"];

const KEA_METRICS: Readonly<Record<4 | 6, readonly KeaMetric[]>> = {
  4: [
    ...packets(4, ["offer", "ack", "nak", "forcerenew"], received4),
    failures(4),
    plain("addresses_assigned_total", "pool", "assigned-addresses"),
    plain("addresses_total", "pool", "total-addresses"),
    ...ends,
    plain("leases_reused_total", "subnet", "v4-lease-reuses"),
    plain("reservation_conflicts_total", "subnet", "v4-reservation-conflicts"),
  ],
  6: [
    ...packets(
      6,
      ["advertise", "reply", "reconfigure", "addr-reg-reply"],
      [...received6, "infrequest", "confirm", "addr-reg-inform", "unknown"],
    ),
    {
      name: "packets_sent_dhcp4_total",
      help: "DHCPv4 packets in DHCPv6 ones, sent.",
      of: "server",
      statistics: labelled("operation", "pkt6-dhcpv4-*-sent", ["response"]),
    },
    {
      name: "packets_received_dhcp4_total",
      help: "DHCPv4 packets in DHCPv6 ones, received.",
      of: "server",
      statistics: labelled("operation", "pkt6-dhcpv4-*-received", ["query", "response"]),
    },
    failures(6),
    plain("na_assigned_total", "pool", "assigned-nas"),
    plain("na_total", "pool", "total-nas"),
    plain("pd_assigned_total", "subnet", "assigned-pds"),
    plain("pd_total", "subnet", "total-pds"),
    ...ends,
    // Their label `pool` is there and empty, as the dashboards have it.
    plain("na_reuses_total", "pool", "v6-ia-na-lease-reuses"),
    plain("pd_reuses_total", "pool", "v6-ia-pd-lease-reuses"),
  ],
};

/** Ours: `receive-drop` by its reasons, which are statistics of later versions of Kea. */
const DROP_REASONS = ["parse-failed", "service-disabled", "queue-full", "duplicate", "rfc-violation"].concat([
  "admin-filtered",
  "not-for-us",
  "processing-failed",
  "limit-exceeded",
]);

export function keaMetrics(statistics: ReadableStatistics, config: DhcpSubnets): Metric[] {
  const family = "subnet4" in config ? 4 : 6;
  const kea = KEA_METRICS[family].map((metric) => {
    return metricOf({ ...metric, name: `kea_dhcp${family}_${metric.name}` }, statistics, config);
  });
  const drops = labelled("reason", `pkt${family}-*`, DROP_REASONS);
  const help = "Packets dropped, by the reason.";
  const dropped: KeaMetric = { name: "kotare_packets_dropped_total", help, of: "server", statistics: drops };
  return [...kea, metricOf(dropped, statistics, config)];
}

function metricOf(metric: KeaMetric, statistics: ReadableStatistics, config: DhcpSubnets): Metric {
  const { name, of } = metric;
  const [first = ""] = Object.keys(metric.statistics);
  const { kind, doc } = statistics.table[of === "server" ? "global" : "subnet"][first]!;
  return {
    name,
    help: metric.help ?? doc,
    type: kind === "counter" ? "counter" : "untyped",
    samples: () => (of === "server" ? [samplesOf(metric, statistics)] : eachSubnetOf(metric, statistics, config)),
  };
}

function samplesOf(
  metric: KeaMetric,
  statistics: ReadableStatistics,
  place = "",
  subnet?: number,
  pool?: number,
): MetricSample[] {
  const samples: MetricSample[] = [];
  for (const statistic in metric.statistics) {
    const value = statistics.value(statistic, subnet, pool);
    if (value !== undefined) samples.push({ place, labels: metric.statistics[statistic]!, value });
  }
  return samples;
}

function* eachSubnetOf(
  metric: KeaMetric,
  statistics: ReadableStatistics,
  config: DhcpSubnets,
): Generator<readonly MetricSample[]> {
  const known = labelsIn(config);
  let i = 0;
  for (const subnet of eachSubnet(config)) {
    const labels = known[i] ?? labelsOf(subnet);
    known[i++] = labels;
    const { id } = subnet;
    if (metric.of === "subnet") {
      yield samplesOf(metric, statistics, labels.subnet, id);
      continue;
    }
    const samples = samplesOf(metric, statistics, labels.allPools, id);
    for (const [poolId, pool] of labels.pools) samples.push(...samplesOf(metric, statistics, pool, id, poolId));
    yield samples;
  }
}

/** Of a subnet, as they are written. */
interface SubnetLabels {
  readonly subnet: string;
  readonly allPools: string;
  readonly pools: readonly (readonly [id: number, labels: string])[];
}

/** In the order of the subnets, as far as somebody has asked: a dozen metrics have the same, and each scrape. */
const written = new WeakMap<DhcpSubnets, SubnetLabels[]>();

function labelsIn(config: DhcpSubnets): SubnetLabels[] {
  const known = written.get(config) ?? [];
  written.set(config, known);
  return known;
}

interface LabelledSubnet {
  readonly id: number;
  readonly subnet: string;
  readonly pools: readonly { readonly pool: string; readonly "pool-id": number }[];
}

function labelsOf({ id, subnet, pools }: LabelledSubnet): SubnetLabels {
  const labels = writeLabels({ subnet, subnet_id: id });
  const ofPools = Array.from(poolsById(pools), ([poolId, pool]) => [poolId, writeLabels({ pool }, labels)] as const);
  return { subnet: labels, allPools: writeLabels({ pool: "" }, labels), pools: ofPools };
}

/** Pools with one id are counted as one. */
function poolsById(pools: LabelledSubnet["pools"]): Map<number, string> {
  const texts = new Map<number, string>();
  for (const { pool, "pool-id": id } of pools) {
    const before = texts.get(id);
    texts.set(id, before === undefined ? pool : `${before}, ${pool}`);
  }
  return texts;
}
