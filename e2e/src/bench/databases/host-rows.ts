/** Reservations in a database, leases in the lease file: our daemon and Kea 3.0 on one and the same database, with Kea's tables. */
import { availableParallelism } from "node:os";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { cpuOf } from "../../lab/program.ts";
import { type DatabaseServer, databaseKinds } from "../../subject/database-server.ts";
import { type Bed, type BedLoad, keas3, kotare, type Variant } from "../bed.ts";
import { Contest } from "../contest.ts";
import type { BenchFamily } from "../family.ts";
import { findPeak } from "../peak.ts";
import { type Effort, type Measured, medians, type Row } from "../row.ts";

const HOSTS = 100_000;
/** Each has a name and an address, and one in ten an option. */
const OPTIONS = 10_000;
/** Rows of one statement. */
const TOGETHER = 1000;
/** Of the clients, who are those with reservations and no others. */
const FIRST_MAC = "02:5a:00:00:00:00";
/** Exchanges a second at which it is seen what one costs. Where Kea sustains fewer, it is a share of those, in such steps. */
const RATE = 1000;
const SHARE = 0.9;
const STEP = 50;
/** Seconds after which nothing is compiled any more at a high rate. Kea has nothing to compile. */
const WARM = { kotare: { rate: 4000, seconds: 5 }, kea: { rate: 500, seconds: 2 } };
/**
 * After which little is compiled any more at the rate that is measured. Batches are small there, so other code is worth it
 * than at a higher one: for many seconds a fifth of what an exchange costs is V8's compilers.
 */
const WARM_AT_RATE = 25;
/** Keeps a processor from sleeping: whoever else has something to do gets it at once. */
const NEIGHBOUR = ["chrt", "--idle", "0", "sh", "-c", "while :; do :; done"];
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
        await using contest = await Contest.start(family, [kotare, ...keas3], (bed, variant) =>
          startOn(server, bed, variant),
        );
        return await measureHosts(contest, `${HOSTS} hosts in ${kind}`, program, effort, say);
      } finally {
        await server.stop();
      }
    },
  }));
}

/** Microseconds of CPU time for an exchange, by contender. */
interface Costs {
  /** Of the daemon. */
  readonly own: Record<string, number>;
  /** With that of the database. */
  readonly all: Record<string, number>;
}

async function measureHosts(
  contest: Contest,
  what: string,
  program: string,
  effort: Effort,
  say: (line: string) => void,
): Promise<readonly Measured[]> {
  const who = { clients: HOSTS, firstMac: FIRST_MAC };
  const best = (values: Readonly<Record<string, number>>) => Math.max(...keas3.map(({ name }) => values[name]!));
  const peaks: Record<string, number> = {};
  for (const { bed, variant } of contest.contenders) {
    const [warm, first] = variant === kotare ? [WARM.kotare, 6000] : [WARM.kea, RATE];
    await bed.load({ ...warm, ...who });
    const load = (each: BedLoad) => bed.load({ ...each, ...who });
    peaks[variant.name] = await findPeak({ family: bed.family, load }, effort, say, { first });
  }
  const rate = Math.min(RATE, STEP * Math.max(1, Math.floor((SHARE * best(peaks)) / STEP)));
  await contest.contenders[0]!.bed.load({ rate, seconds: WARM_AT_RATE, ...who });
  const costs = async (when: string): Promise<Costs> => {
    const measured = await contest.measure(effort.repeats, async ({ bed, server }) => {
      const before = cpuOf(program);
      const { cpu, result } = await bed.cost(server, { rate, seconds: effort.seconds, ...who });
      return { own: cpu, all: cpu + (1e6 * (cpuOf(program) - before)) / result.completed, result };
    });
    for (const [name, each] of measured) {
      const { own, all, result } = each.at(-1)!;
      const lost = result.offered - result.completed;
      say(
        `${name}${when}: ${own.toFixed(0)} µs, with the database ${all.toFixed(0)}; ${lost} of ${result.offered} lost`,
      );
    }
    const of = (part: keyof Costs) => medians(new Map([...measured].map(([k, each]) => [k, each.map((e) => e[part])])));
    return { own: of("own"), all: of("all") };
  };
  const alone = await costs("");
  const spinning = contest.contenders[0]!.bed.server;
  const neighbours = Array.from({ length: availableParallelism() }, () => spinning.start(NEIGHBOUR));
  const beside = await costs(" beside neighbours that spin");
  for (const neighbour of neighbours) await neighbour.stop();
  const cost = (measure: string, values: Readonly<Record<string, number>>) => {
    const ratio = values[kotare.name]! / Math.min(...keas3.map(({ name }) => values[name]!));
    const target = { target: "≤ 0.5 × the cheapest Kea", met: ratio <= 0.5 };
    return { measure: `${what}: ${measure}`, unit: "µs", values, ratio, ...target };
  };
  const ratio = peaks[kotare.name]! / best(peaks);
  return [
    cost(`CPU per exchange at ${rate}/s`, alone.own),
    cost("the same, database included", alone.all),
    cost(`CPU per exchange at ${rate}/s beside neighbours that spin`, beside.own),
    cost("the same, database included, beside neighbours that spin", beside.all),
    {
      measure: `${what}: exchanges at ≤ 1 % drops`,
      unit: "/s",
      values: peaks,
      ratio,
      target: "≥ 3 × the best Kea",
      met: ratio >= 3,
    },
  ];
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
