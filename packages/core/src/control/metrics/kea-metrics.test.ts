import { describe, expect, it } from "vitest";
import { dhcp4Family } from "../../config/dhcp4-family.ts";
import { dhcp6Family } from "../../config/dhcp6-family.ts";
import { parseInside } from "../../config/testing/parse-inside.ts";
import { type ListedSubnet, Statistics, type StatisticTable } from "../../stats/statistics.ts";
import { statistics4 } from "../../stats/statistics4.ts";
import { statistics6 } from "../../stats/statistics6.ts";
import { keaMetrics } from "./kea-metrics.ts";
import { writeMetrics } from "./metric.ts";
import { readMetrics } from "./testing/read-metrics.ts";

const START = 1_800_000_000;

function listed<Table extends StatisticTable>(table: Table, ...subnets: readonly ListedSubnet[]): Statistics<Table> {
  const statistics = new Statistics(table, START);
  for (const _ of statistics.list(subnets, START));
  return statistics;
}

const pool = (id: number, size: bigint) => ({ kind: "pool", id, size }) as const;

/** Of a metric, what is not zero, by its labels. */
function told(metrics: ReturnType<typeof keaMetrics>, name: string): Record<string, number> {
  const { samples } = readMetrics([...writeMetrics(metrics)].join("")).get(name)!;
  return Object.fromEntries(
    [...samples].flatMap(([key, value]) => (value === 0 ? [] : [[key.slice(name.length), value]])),
  );
}

describe("statistics of DHCPv4 as metrics", () => {
  const config = parseInside(dhcp4Family, {
    subnet4: [
      {
        id: 7,
        subnet: "10.0.0.0/24",
        pools: [{ pool: "10.0.0.1-10.0.0.5" }, { pool: "10.0.0.8 - 10.0.0.9", "pool-id": 3 }, { pool: "10.0.0.32/30" }],
      },
    ],
    "shared-networks": [{ name: "n", subnet4: [{ id: 8, subnet: "10.0.1.0/24" }] }],
  });
  const statistics = listed(
    statistics4,
    { id: 7, pools: [pool(0, 5n), pool(3, 2n), pool(0, 4n)] },
    { id: 8, pools: [] },
  );
  statistics.pool("pool", 7, 3)["assigned-addresses"].add(2, START);
  statistics.global["pkt4-discover-received"].add(5, START);
  statistics.global["pkt4-receive-drop"].add(3, START);
  statistics.global["pkt4-queue-full"].add(3, START);
  statistics.subnet(8)["v4-allocation-fail-no-pools"].add(1, START);
  const metrics = keaMetrics(statistics, config);

  it("tell packets by their kind, and drops by their reason", () => {
    expect(told(metrics, "kea_dhcp4_packets_received_total")).toEqual({
      '{operation="discover"}': 5,
      '{operation="drop"}': 3,
    });
    expect(told(metrics, "kotare_packets_dropped_total")).toEqual({ '{reason="queue-full"}': 3 });
  });

  it("tell subnets and pools as config-get writes them; pools with one number are one", () => {
    expect(told(metrics, "kea_dhcp4_addresses_total")).toEqual({
      '{subnet="10.0.0.0/24",subnet_id="7",pool=""}': 11,
      '{subnet="10.0.0.0/24",subnet_id="7",pool="10.0.0.1-10.0.0.5, 10.0.0.32/30"}': 9,
      '{subnet="10.0.0.0/24",subnet_id="7",pool="10.0.0.8-10.0.0.9"}': 2,
    });
    expect(told(metrics, "kea_dhcp4_addresses_assigned_total")).toEqual({
      '{subnet="10.0.0.0/24",subnet_id="7",pool=""}': 2,
      '{subnet="10.0.0.0/24",subnet_id="7",pool="10.0.0.8-10.0.0.9"}': 2,
    });
    expect(told(metrics, "kea_dhcp4_allocations_failed_total")).toEqual({
      '{subnet="10.0.1.0/24",subnet_id="8",context="no-pools"}': 1,
    });
  });

  it("tell no subnet that is not served any more", () => {
    const gone = listed(statistics4, { id: 8, pools: [] });
    const { samples } = readMetrics([...writeMetrics(keaMetrics(gone, config))].join("")).get(
      "kea_dhcp4_addresses_total",
    )!;
    expect([...samples.keys()].filter((key) => key.includes('subnet_id="7"'))).toEqual([]);
  });

  it("leave no kind of packets out", () => {
    const written = [...writeMetrics(metrics)].join("");
    const ofPackets = Object.keys(statistics4.global).filter((name) => /^pkt4-.*(?:-received|-sent)$/.test(name));
    const operations = new Set([...written.matchAll(/operation="([^"]+)"/g)].map(([, operation]) => operation));
    const untold = ofPackets.filter((name) => !operations.has(name.replace(/^pkt4-(.*)-\w+$/, "$1")));
    expect(untold.filter((name) => !name.includes("lease-query"))).toEqual([]);
  });
});

describe("statistics of DHCPv6 as metrics", () => {
  const subnet = { id: 7, subnet: "2001:db8::/48", pools: [{ pool: "2001:db8::/64" }] };
  const config = parseInside(dhcp6Family, {
    subnet6: [{ ...subnet, "pd-pools": [{ prefix: "2001:db8:0:8000::", "prefix-len": 49, "delegated-len": 56 }] }],
  });
  const pools = [pool(0, 2n ** 64n), { kind: "pd-pool", id: 0, size: 128n } as const];

  it("tell addresses by pool and prefixes by subnet, to any size", () => {
    const metrics = keaMetrics(listed(statistics6, { id: 7, pools }), config);
    expect(told(metrics, "kea_dhcp6_na_total")).toEqual({
      '{subnet="2001:db8::/48",subnet_id="7",pool=""}': 2 ** 64,
      '{subnet="2001:db8::/48",subnet_id="7",pool="2001:db8::/64"}': 2 ** 64,
    });
    expect(told(metrics, "kea_dhcp6_pd_total")).toEqual({ '{subnet="2001:db8::/48",subnet_id="7"}': 128 });
  });
});

it("many subnets are told one at a time, with room for packets between them", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => i + 1);
  const config = parseInside(dhcp4Family, {
    subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.0/25" }] }],
  });
  const statistics = listed(statistics4, ...ids.map((id) => ({ id, pools: [pool(0, 128n)] })));
  let looked = 0;
  const counting = {
    table: statistics.table,
    value(...place: Parameters<typeof statistics.value>) {
      looked++;
      return statistics.value(...place);
    },
  };
  const many = { ...config, subnet4: ids.map((id) => ({ ...config.subnet4[0]!, id })) };
  let most = 0;
  let pieces = 0;
  for (const _ of writeMetrics(keaMetrics(counting, many))) {
    most = Math.max(most, looked);
    looked = 0;
    pieces++;
  }
  expect(most).toBeLessThan(20);
  expect(pieces).toBeGreaterThan(8000);
});

it("the labels of a subnet are written once for a configuration, whatever asks for them again", () => {
  let written = 0;
  const base = parseInside(dhcp4Family, {
    subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.0/25" }] }],
  });
  const subnet = {
    ...base.subnet4[0]!,
    get subnet() {
      written++;
      return "10.0.0.0/24";
    },
  };
  const config = { ...base, subnet4: [subnet] };
  const statistics = listed(statistics4, { id: 1, pools: [pool(0, 128n)] });
  const pages = [1, 2].map(() => [...writeMetrics(keaMetrics(statistics, config))].join(""));
  expect(pages[1]).toBe(pages[0]);
  expect(written).toBe(1);
});
