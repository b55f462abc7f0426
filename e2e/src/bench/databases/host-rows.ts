/** Reservations in a database, leases in the lease file: our daemon and Kea 3.0 on one and the same database, with Kea's tables. */
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { cpuOf } from "../../lab/program.ts";
import { type DatabaseServer, databaseKinds } from "../../subject/database-server.ts";
import { Bed, keas3, kotare, type Variant } from "../bed.ts";
import type { BenchFamily } from "../family.ts";
import { findPeak } from "../peak.ts";
import type { Measured, Row } from "../row.ts";
import { median } from "../row.ts";

const HOSTS = 100_000;
/** Each has a name and an address, and one in ten an option. */
const OPTIONS = 10_000;
/** Rows of one statement. */
const TOGETHER = 1000;
/** Of the clients, who are those with reservations and no others. */
const FIRST_MAC = "02:5a:00:00:00:00";
/** Exchanges a second at which it is seen what one costs. */
const RATE = 1000;
/**
 * After which little is compiled any more. Batches are small at the lower rate, so other code is worth it there than at the
 * higher one: for half a minute a fifth of what an exchange costs is V8's compilers. Kea has nothing to compile.
 */
const WARM = [
  { rate: 4000, seconds: 10 },
  { rate: RATE, seconds: 35 },
];
const KEA_WARM = [{ rate: RATE, seconds: 5 }];
const DATABASE = "hosts";

async function fill(server: DatabaseServer, { large }: BenchFamily): Promise<void> {
  const first = parseIpv4(large.member(0))!;
  const mac = (index: number) => `025a${index.toString(16).padStart(8, "0")}`;
  const insert = async (into: string, count: number, row: (index: number) => string) => {
    for (let from = 0; from < count; from += TOGETHER) {
      const rows = Array.from({ length: TOGETHER }, (_, i) => `(${row(from + i)})`);
      await server.query(DATABASE, `INSERT INTO ${into} VALUES ${rows.join(", ")}`);
    }
  };
  await insert(
    "hosts (host_id, dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id, ipv4_address, hostname)",
    HOSTS,
    (i) => `${i + 1}, ${server.bytes(mac(i))}, 0, ${large.subnet.id}, ${first + i}, 'host-${i}'`,
  );
  await insert(
    "dhcp4_options (code, formatted_value, space, host_id, scope_id)",
    OPTIONS,
    (i) => `6, '10.0.0.53, 10.0.0.54', 'dhcp4', ${10 * i + 1}, 3`,
  );
  await server.query(DATABASE, server.analyze("hosts", "dhcp4_options"));
}

export function hostRows(family: BenchFamily): Row[] {
  return databaseKinds.map(({ name: kind, package: debian, program, start, kea30Schema }) => ({
    family: family.family,
    name: `hosts-${kind.toLowerCase()}`,
    async measure(effort, say) {
      if (start === undefined || kea30Schema === undefined) throw new Error(`${debian} is needed, and Kea's tables`);
      const server = await start();
      try {
        await server.create(DATABASE, kea30Schema);
        await fill(server, family);
        const costs: Record<string, number> = {};
        const alone: Record<string, number> = {};
        const peaks: Record<string, number> = {};
        for (const variant of [kotare, ...keas3]) {
          const { name } = variant;
          await using bed = new Bed(family);
          const daemon = await startOn(server, bed, variant);
          const who = { clients: HOSTS, firstMac: FIRST_MAC };
          for (const load of variant === kotare ? WARM : KEA_WARM) await bed.load({ ...load, ...who });
          const [own, shared]: [number[], number[]] = [[], []];
          for (let i = 0; i < effort.repeats; i++) {
            const before = cpuOf(program);
            const { cpu, result } = await bed.cost(daemon, { rate: RATE, seconds: effort.seconds, ...who });
            own.push(cpu);
            shared.push(cpu + (1e6 * (cpuOf(program) - before)) / result.completed);
          }
          alone[name] = median(own);
          costs[name] = median(shared);
          const load = (rate: Parameters<typeof bed.load>[0]) => bed.load({ ...rate, ...who });
          peaks[name] = await findPeak({ family, load }, effort, say, { first: 2000 });
          say(
            `${name}: ${Math.round(peaks[name])}/s; at ${RATE}/s ${alone[name].toFixed(0)} µs, ` +
              `with the database ${costs[name].toFixed(0)} µs`,
          );
        }
        const cheapest = (values: Record<string, number>) => Math.min(...keas3.map(({ name }) => values[name]!));
        const row = (measure: string, unit: string, values: Record<string, number>, ratio: number, target: string) => ({
          ...{ measure: `${HOSTS} hosts in ${kind}: ${measure}`, unit, values, ratio, target },
          met: target.startsWith("≤") ? ratio <= 0.5 : ratio >= 3,
        });
        const ratio = (values: Record<string, number>) => values[kotare.name]! / cheapest(values);
        const best = Math.max(...keas3.map(({ name }) => peaks[name]!));
        const measured: Measured[] = [
          row(`CPU per exchange at ${RATE}/s`, "µs", alone, ratio(alone), "≤ 0.5 × the cheapest Kea"),
          row("the same, database included", "µs", costs, ratio(costs), "≤ 0.5 × the cheapest Kea"),
          row("exchanges at ≤ 1 % drops", "/s", peaks, peaks[kotare.name]! / best, "≥ 3 × the best Kea"),
        ];
        return measured;
      } finally {
        await server.stop();
      }
    },
  }));
}

function startOn(server: DatabaseServer, bed: Bed, variant: Variant) {
  const { subnet } = bed.family.large;
  if (variant === kotare) {
    const config = { "hosts-databases": [server.settings(DATABASE)] };
    return bed.start({ ...variant, config }, [subnet]);
  }
  const { settings, under } = server.keaSettings(DATABASE);
  const databases = { "hosts-databases": [settings], "hooks-libraries": [{ library: server.keaLibrary }] };
  return bed.start({ ...variant, config: { ...variant.config, ...databases } }, [subnet], { under });
}
