/** Rows about commands by HTTP: ours and those of Kea 3.0, whose daemons have such sockets themselves. */
import { run } from "../../lab/lab.ts";
import { delay } from "../../lab/program.ts";
import { formatTurns, UNDER_TURNS, watchTurns } from "../../load/watch-turns.ts";
import type { Server } from "../../subject/server.ts";
import { Bed, formatDelays, type Variant } from "../bed.ts";
import { inTurn } from "../contest.ts";
import type { BenchFamily, Subnet } from "../family.ts";
import { heldRow } from "../held.ts";
import { firstOf, writeLeases } from "../lease-files.ts";
import { warmUp } from "../peak.ts";
import { type Effort, type Measured, median, medians, type Row } from "../row.ts";
import { STEADY_RATE } from "../steady.ts";
import { HttpClient, type HttpTarget, requestOf } from "./http-client.ts";

/** Reached from outside of the lab. */
const TARGET: HttpTarget = { address: "192.0.2.1", port: 8000, user: "bench", password: "secret" };
const CONNECTIONS = 10;
/** Leases of a page, as people ask for them. */
const PAGE = 1000;
/** Milliseconds until a server must be reached. */
const PATIENCE = 10_000;
/** Milliseconds that a packet may wait because of pages. */
const MOST_WAITED = 10;
/** Milliseconds that a turn of the main loop may take for metrics. */
const MOST_HELD = 5;

const { address, port, user, password } = TARGET;
const authentication = { type: "basic", clients: [{ user, password }] };
const config = {
  "control-sockets": [{ "socket-type": "http", "socket-address": address, "socket-port": port, authentication }],
  "hooks-libraries": [{ library: "libdhcp_lease_cmds.so" }],
};
const ours: Variant = { name: "kotare", subject: "kotare", config };
const theirs: Variant = { name: "kea 3.0", subject: "kea3", config };

interface Served {
  readonly bed: Bed;
  readonly server: Server;
}

/** One server at a time: both have the same address. @param leases how many of the large subnet there are */
async function serve<T>(
  family: BenchFamily,
  variant: Variant,
  subnets: readonly Subnet[],
  leases: number,
  measure: (served: Served) => Promise<T>,
  under: readonly string[] = [],
): Promise<T> {
  await using bed = new Bed(family);
  const network = bed.lab.network();
  run("ip", "address", "add", "192.0.2.250/24", "dev", network.bridge);
  bed.server.attach(network, "eth1", `${address}/24`);
  const folder = bed.newFolder();
  writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, leases));
  const server = await bed.start(variant, subnets, { folder, under });
  await untilOpen();
  return await measure({ bed, server });
}

/** The sockets for commands are opened last. */
async function untilOpen(): Promise<void> {
  for (const end = performance.now() + PATIENCE; ; await delay(50)) {
    try {
      return (await HttpClient.open(TARGET))[Symbol.dispose]();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

/** @returns answers a second over all connections */
async function askAsFastAsGoes(requests: readonly Buffer[], seconds: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => HttpClient.open(TARGET)));
  const end = performance.now() + 1000 * seconds;
  let answers = 0;
  const began = performance.now();
  await Promise.all(
    clients.map(async (client, i) => {
      for (let next = i; performance.now() < end; next += CONNECTIONS) {
        await client.ask(requests[next % requests.length]!);
        answers++;
      }
    }),
  );
  for (const client of clients) client[Symbol.dispose]();
  return answers / ((performance.now() - began) / 1000);
}

function rateRow(
  family: BenchFamily,
  name: string,
  what: string,
  target: number,
  requests: readonly Buffer[],
  subnets: readonly Subnet[],
): Row {
  return {
    family: family.family,
    name,
    async measure({ repeats, seconds }: Effort, say): Promise<readonly Measured[]> {
      const rates = await inTurn(
        [ours, theirs],
        repeats,
        (variant) => {
          const measure = async ({ server }: Served) => {
            await askAsFastAsGoes(requests, seconds / 2);
            const before = server.usage().cpu;
            const rate = await askAsFastAsGoes(requests, seconds);
            const cpu = (1e6 * (server.usage().cpu - before)) / (rate * seconds);
            say(`${variant.name}: ${Math.round(rate)}/s, ${Math.round(cpu)} µs CPU an answer`);
            return rate;
          };
          return serve(family, variant, subnets, requests.length, measure);
        },
        (variant) => variant.name,
      );
      const values = medians(rates);
      const ratio = values[ours.name]! / values[theirs.name]!;
      const met = ratio >= target;
      return [{ measure: `${what} by HTTP`, unit: "answers/s", values, ratio, target: `≥ ${target} ×`, met }];
    },
  };
}

/** All leases, a page at a time, while packets are served. */
function pageRow(family: BenchFamily): Row {
  const subnets = [family.large.subnet];
  return {
    family: family.family,
    name: "http-page",
    async measure(effort, say): Promise<readonly Measured[]> {
      const paged = (variant: Variant, under?: readonly string[]) =>
        serve(family, variant, subnets, effort.leases, (served) => page(served, variant, effort, say), under);
      const [own, kea] = [await paged(ours, UNDER_TURNS), await paged(theirs)];
      const beside = `at ${STEADY_RATE}/s beside pages of ${effort.leases} leases by HTTP`;
      return [
        {
          measure: `longest delay of a reply ${beside}`,
          unit: "ms",
          values: { [ours.name]: own.delay, [theirs.name]: kea.delay },
          ratio: own.delay / kea.delay,
          target: `≤ ${MOST_WAITED} ms`,
          met: own.isWhole && own.delay <= MOST_WAITED,
        },
        heldRow(beside, own.turns, MOST_WAITED),
      ];
    },
  };
}

interface Paged {
  /** Milliseconds of the longest one, the median of several times. */
  readonly delay: number;
  /** Whether no exchange was lost. */
  readonly isWhole: boolean;
  readonly turns: readonly number[];
}

async function page(
  { bed, server }: Served,
  variant: Variant,
  effort: Effort,
  say: (line: string) => void,
): Promise<Paged> {
  const command = `lease${bed.family.family}-get-page`;
  await warmUp(bed, effort);
  await delay(2000);
  const quiet = await bed.watchedLoad({ rate: STEADY_RATE, seconds: effort.seconds });
  const isWatched = variant === ours;
  using client = await HttpClient.open(TARGET);
  const [delays, held]: [number[], number[]] = [[], []];
  let isWhole = true;
  for (let i = 0; i < effort.repeats; i++) {
    const turns = isWatched ? watchTurns(server) : () => [];
    const load = bed.watchedLoad({ rate: STEADY_RATE, seconds: effort.seconds });
    const end = performance.now() + 1000 * effort.seconds;
    let leases = 0;
    for (let from: string | undefined = "start"; from !== undefined && performance.now() < end; ) {
      from = lastAddress(await client.ask(requestOf(TARGET, command, { from, limit: PAGE }), true));
      if (from !== undefined) leases += PAGE;
    }
    const result = await load;
    const { offered, completed } = result;
    isWhole &&= completed === offered;
    delays.push(result.longest);
    const long = turns();
    held.push(...long);
    say(
      `${variant.name}: ${leases} leases in pages of ${PAGE}; ${offered - completed} of ${offered} exchanges ` +
        `lost, longest delay ${formatDelays(result)}; without pages ${formatDelays(quiet)}` +
        (isWatched ? `; ${formatTurns(long, MOST_WAITED)}` : ""),
    );
  }
  return { delay: median(delays), isWhole, turns: held };
}

/** How much processor time a turn of the main loop takes at most while the metrics of many subnets are asked for. */
function metricsRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "metrics",
    async measure({ scale, seconds }, say): Promise<readonly Measured[]> {
      const count = Math.round(10_000 * scale);
      const subnets = Array.from({ length: count }, (_, i) => family.otherSubnet(i));
      const measure = async ({ server }: Served) => {
        await scrape(2 * seconds);
        const turns = watchTurns(server);
        const { scrapes, page } = await scrape(4 * seconds);
        return { scrapes, page, long: turns() };
      };
      const { scrapes, page, long } = await serve(family, ours, subnets, 0, measure, UNDER_TURNS);
      const byTheClock = 1000 * Number(/^kotare_main_loop_held_seconds (.*)$/m.exec(page)![1]);
      say(
        `${scrapes} times the metrics of ${count} subnets, ${(page.length / 1e6).toFixed(1)} MB: ` +
          `${formatTurns(long, MOST_HELD)}; by the clock the main loop was held for up to ${byTheClock.toFixed(1)} ms`,
      );
      return [heldRow(`while /metrics of ${count} subnets is asked for`, long, MOST_HELD)];
    },
  };
}

/** Asks for the metrics twice a second. @returns how often, and the last answer */
async function scrape(seconds: number): Promise<{ scrapes: number; page: string }> {
  const headers = { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  let page = "";
  let scrapes = 0;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await delay(500)) {
    page = await (await fetch(`http://${address}:${port}/metrics`, { headers })).text();
    scrapes++;
  }
  return { scrapes, page };
}

/** At little cost: who reads must not take the processors from whom is measured. */
function lastAddress(page: string): string | undefined {
  const key = '"ip-address": "';
  const at = page.lastIndexOf(key);
  return at < 0 ? undefined : page.slice(at + key.length, page.indexOf('"', at + key.length));
}

export function httpRows(family: BenchFamily): Row[] {
  const { large, otherSubnet } = family;
  const get = `lease${family.family}-get`;
  const gets = [...firstOf(large, 1000)].map((member) => requestOf(TARGET, get, { "ip-address": member }));
  const subnets = [...Array.from({ length: 999 }, (_, i) => otherSubnet(i)), large.subnet];
  const all = [requestOf(TARGET, "statistic-get-all")];
  return [
    rateRow(family, "http-lease-get", `${get} over ${CONNECTIONS} connections`, 2, gets, [large.subnet]),
    rateRow(family, "http-statistics", `statistic-get-all with 1,000 subnets`, 1, all, subnets),
    pageRow(family),
    metricsRow(family),
  ];
}
