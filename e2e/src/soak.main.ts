/**
 * soak [--family 4|6] [--clients N] [--rate N] [--names]: 100,000 different clients get leases from our daemon (in DHCPv6 an
 * address and a prefix each); no address may be given twice, and the lease file must hold exactly what was acknowledged;
 * after a kill -9 in the middle all of that, plus at most what was in flight; and clients that come again find their
 * addresses. With --pair, pairs of Kea become pairs of ours under load. With --names, what becomes of their names while the DNS updater is down. Runs inside e2e/bin/in-lab.
 */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Bed, kotare } from "./bench/bed.ts";
import type { BenchFamily } from "./bench/family.ts";
import { family4 } from "./bench/family4.ts";
import { family6 } from "./bench/family6.ts";
import { delay } from "./lab/program.ts";
import { type Acknowledged, acknowledgedLeases, LEASES, loadCommand } from "./load/load.ts";
import { soakNames } from "./soak-names.ts";
import { soakPair } from "./soak-pair.ts";
import { isHeld, type LeaseRow } from "./subject/lease-file.ts";
import { findDaemon, type Server } from "./subject/server.ts";

const { values: flags } = parseArgs({
  options: {
    family: { type: "string" },
    clients: { type: "string", default: "100000" },
    rate: { type: "string", default: "2000" },
    names: { type: "boolean" },
    pair: { type: "boolean" },
  },
});
const clients = Number(flags.clients);
const rate = Number(flags.rate);

/** Packets in eight batches of 64: on their way to the disk, or decided about. */
const IN_FLIGHT = 512;

/** An address, and in DHCPv6 a prefix too. */
function leasesEach({ family }: BenchFamily): number {
  return family === 6 ? 2 : 1;
}

let failures = 0;

function check(what: string, good: boolean, detail = ""): void {
  console.log(`${good ? "ok  " : "FAIL"} ${what}${detail === "" ? "" : `: ${detail}`}`);
  if (!good) failures++;
}

async function serve(bed: Bed, whileRunning: () => Promise<void> = async () => {}): Promise<readonly Acknowledged[]> {
  const { crowds } = bed.family;
  // Those who ask for most.
  const crowd = crowds.at(-1)!;
  const load = bed.clients.start(loadCommand({ rate, seconds: 0, exchanges: clients, clients, crowd, more: LEASES }));
  await whileRunning();
  await load.exited;
  return acknowledgedLeases(load.lines);
}

/** What the file says is held now, by address; of a prefix too without the length. */
function held(server: Server): Map<string, LeaseRow> {
  const rows = [...server.leases().values()].filter(isHeld);
  return new Map(rows.map((row) => [row.address.replace(/\/.*/, ""), row]));
}

/** Acknowledged leases that the file does not have under the same client. */
function missingFrom(leases: ReadonlyMap<string, LeaseRow>, acknowledged: readonly Acknowledged[]): number {
  return acknowledged.filter(({ address, clientId }) => leases.get(address)?.clientId !== clientId).length;
}

/** A client has at most one address and one prefix. */
function holder({ clientId, isPrefix }: Acknowledged): string {
  return isPrefix ? `${clientId} prefix` : clientId;
}

/** How many got what another client had got. */
function countShared(acknowledged: readonly Acknowledged[]): number {
  const holders = new Map<string, string>();
  for (const each of acknowledged) if (!holders.has(each.address)) holders.set(each.address, holder(each));
  return acknowledged.filter((each) => holders.get(each.address) !== holder(each)).length;
}

/** How many got another address or prefix than before. */
function countMoved(before: ReadonlyMap<string, Acknowledged>, after: readonly Acknowledged[]): number {
  return after.filter((each) => (before.get(holder(each)) ?? each).address !== each.address).length;
}

/** Passes until every client has a lease: dhcp-load gives up where a client would send again. */
const MOST_PASSES = 5;

async function soakWhole(family: BenchFamily): Promise<void> {
  console.log(`\n== DHCPv${family.family}: ${clients} clients at ${rate}/s`);
  const wanted = clients * leasesEach(family);
  await using bed = new Bed(family);
  const server = await bed.start(kotare, [family.large.subnet]);
  const known = new Map<string, Acknowledged>();
  let moved = 0;
  for (let pass = 1; pass <= MOST_PASSES && (pass === 1 || known.size < wanted); pass++) {
    const acknowledged = await serve(bed);
    console.log(`     pass ${pass}: ${acknowledged.length} leases acknowledged`);
    moved += countMoved(known, acknowledged);
    for (const each of acknowledged) known.set(holder(each), each);
  }
  const all = [...known.values()];
  const leases = held(server);
  check("every client was served", all.length === wanted, `${all.length} of ${wanted} leases`);
  check("nothing was given twice", countShared(all) === 0);
  check("clients that come again find what they had", moved === 0, `${moved} moved`);
  check("the file has all that was acknowledged", missingFrom(leases, all) === 0);
  check("and nothing else", leases.size === all.length, `${leases.size} leases`);
}

async function soakKilled(family: BenchFamily): Promise<void> {
  console.log(`\n== DHCPv${family.family}: kill -9 in the middle`);
  await using bed = new Bed(family);
  const folder = bed.newFolder();
  const server = await bed.start(kotare, [family.large.subnet], { folder });
  const acknowledged = await serve(bed, async () => {
    await Promise.race([delay((500 * clients) / rate), once(process, "SIGINT")]);
    await server.program.stop("SIGKILL");
  });
  const leases = held(server);
  check("some were served before", acknowledged.length > 0, `${acknowledged.length} leases`);
  check("the file has all that was acknowledged", missingFrom(leases, acknowledged) === 0);
  const lost = bed.lostByClients();
  const most = (IN_FLIGHT + lost) * leasesEach(family);
  const extra = leases.size - acknowledged.length;
  check(`and at most ${most} more`, extra >= 0 && extra <= most, `${extra} more, and the clients lost ${lost} replies`);

  const second = await bed.start(kotare, [family.large.subnet], { folder });
  const after = await serve(bed);
  check("started again it serves", after.length > 0, `${after.length} leases`);
  check("nothing was given twice", countShared(after) === 0);
  const moved = countMoved(new Map(acknowledged.map((each) => [holder(each), each])), after);
  check("and those served before keep what they had", moved === 0, `${moved} moved`);
  check("the file has all that was acknowledged", missingFrom(held(second), after) === 0);
}

if (flags.pair === true) {
  const keas = (["kea", "kea3"] as const).filter((kea) => findDaemon(kea, 4) !== undefined);
  for (const subject of keas) await soakPair({ subject, clients, rate, check });
}
for (const family of flags.pair === true ? [] : [family4, family6]) {
  if (flags.family !== undefined && flags.family !== String(family.family)) continue;
  if (flags.names === true) {
    await soakNames(family, { clients, rate, check });
    continue;
  }
  await soakWhole(family);
  await soakKilled(family);
}
process.exitCode = failures === 0 ? 0 : 1;
