/** The metrics of a DHCP server. */
import { stat } from "node:fs/promises";
import type { DhcpSubnets } from "../config/each-subnet.ts";
import { keaMetrics, type ReadableStatistics } from "../control/metrics/kea-metrics.ts";
import { histogram, type Metric, single } from "../control/metrics/metric.ts";
import type { DaemonPaths } from "../daemon/paths.ts";
import { type DhcpConfig, type StoreHealth, usedLeaseFile } from "./leases/open-lease-file.ts";
import type { BatchMeasures } from "./packets/batch-measures.ts";

/** What the server itself knows. */
export interface ServerGauges<Config> {
  /** The one in force. */
  readonly config: Config;
  readonly measures: BatchMeasures;
  /** Packets that wait for their turn. */
  readonly waiting: number;
  readonly isOn: boolean;
  /** Whether every interface that the configuration names is served. */
  readonly isComplete: boolean;
}

interface Parts {
  readonly statistics: ReadableStatistics;
  readonly paths: DaemonPaths;
  readonly health: StoreHealth;
}

/** @param names whose changes the DNS updater is to be told */
export async function serverMetrics(
  { config, measures, waiting, isOn, isComplete }: ServerGauges<DhcpConfig & DhcpSubnets>,
  { statistics, paths, health }: Parts,
  names: { readonly waiting: number },
): Promise<readonly Metric[]> {
  const file = usedLeaseFile(config, paths);
  const bytes = file === undefined ? undefined : await sizeOf(file);
  return [
    ...keaMetrics(statistics, config),
    single("gauge", "kotare_service_enabled", "1, or 0 while the service is switched off.", Number(isOn)),
    single("gauge", "kotare_interfaces_complete", "1, or 0 while an interface is not served.", Number(isComplete)),
    single("gauge", "kotare_packets_waiting", "Packets that wait for their turn.", waiting),
    single("gauge", "kotare_names_waiting", "Names that the DNS updater has not confirmed yet.", names.waiting),
    single(
      "gauge",
      "kotare_lease_store_up",
      "1, or 0 while leases cannot be written: the database is lost, or the disk fails.",
      Number(health.isUp),
    ),
    ...(bytes === undefined ? [] : [single("gauge", "kotare_lease_file_bytes", "Size of the lease file.", bytes)]),
    histogram("kotare_batch_packets", "Packets that were served together.", measures.packets),
    histogram(
      "kotare_commit_seconds",
      "Time that the answers of a batch have waited for its leases to be durable.",
      measures.commitTimes,
    ),
  ];
}

/** `undefined` while the file is away. */
async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
