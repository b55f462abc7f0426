/** How the databases of reservations are, for `status-get` and the metrics. */
import type { Json } from "../../control/kea-json.ts";
import { type Metric, single } from "../../control/metrics/metric.ts";
import type { HostDatabase } from "../../hosts/database/host-database.ts";
import type { HostDatabases } from "../../hosts/database/host-source.ts";

type Judged = HostDatabases<Pick<HostDatabase<never, never, never>, "name" | "isUp">>;

/** Nothing where there are none. */
export function statusOfHosts({ databases }: Judged): { readonly [key: string]: Json } {
  if (databases.length === 0) return {};
  return { "hosts-databases": databases.map(({ name, isUp }) => ({ name, status: isUp ? "ready" : "failed" })) };
}

export function metricsOfHosts({ databases }: Judged): readonly Metric[] {
  if (databases.length === 0) return [];
  const areUp = databases.every(({ isUp }) => isUp);
  return [
    single("gauge", "kotare_host_databases_up", "1, or 0 while a database of reservations is away.", Number(areUp)),
  ];
}
