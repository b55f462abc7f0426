/**
 * soak [--clients N] [--rate N]: 100,000 different clients get leases from dhcp4d; no address may be given twice, and
 * the lease file must hold exactly what was acknowledged; after a kill -9 in the middle all of that, plus at most what
 * was in flight; and clients that come again find their addresses. Runs inside e2e/bin/in-lab.
 */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Bed, kotare, LARGE_SUBNET } from "./bench/bed.ts";
import { type Acknowledged, acknowledgedLeases, perfdhcpCommand } from "./bench/perfdhcp.ts";
import { delay } from "./lab/program.ts";
import { isHeld, type LeaseRow } from "./subject/lease-file.ts";
import type { Server } from "./subject/server.ts";

const { values: flags } = parseArgs({
  options: { clients: { type: "string", default: "100000" }, rate: { type: "string", default: "2000" } },
});
const clients = Number(flags.clients);
const rate = Number(flags.rate);

/** Two batches of 64 packets: one being committed, one decided. */
const IN_FLIGHT = 128;

let failures = 0;

function check(what: string, good: boolean, detail = ""): void {
  console.log(`${good ? "ok  " : "FAIL"} ${what}${detail === "" ? "" : `: ${detail}`}`);
  if (!good) failures++;
}

async function serve(bed: Bed, whileRunning: () => Promise<void> = async () => {}): Promise<readonly Acknowledged[]> {
  const load = { rate, seconds: 0, exchanges: clients, clients, relay: "10.0.0.2", server: "10.0.0.1" };
  const perfdhcp = bed.clients.start(perfdhcpCommand({ ...load, more: ["-u", "-x", "l"] }));
  await whileRunning();
  await perfdhcp.exited;
  return acknowledgedLeases(perfdhcp.lines);
}

function held(server: Server): Map<string, LeaseRow> {
  return new Map([...server.leases()].filter(([, row]) => isHeld(row)));
}

/** Acknowledged leases that the file does not have under the same client. */
function missingFrom(leases: ReadonlyMap<string, LeaseRow>, acknowledged: readonly Acknowledged[]): number {
  return acknowledged.filter(({ address, clientId }) => leases.get(address)?.clientId.replaceAll(":", "") !== clientId)
    .length;
}

function distinct(acknowledged: readonly Acknowledged[]): number {
  return new Set(acknowledged.map((each) => each.address)).size;
}

/** Passes until every client has a lease: perfdhcp gives up where a client would send again. */
const MOST_PASSES = 5;

async function soakWhole(): Promise<void> {
  console.log(`\n== ${clients} clients at ${rate}/s`);
  await using bed = new Bed();
  await using server = await bed.start(kotare, { subnet4: [LARGE_SUBNET] });
  const addresses = new Map<string, string>();
  let moved = 0;
  for (let pass = 1; pass <= MOST_PASSES && (pass === 1 || addresses.size < clients); pass++) {
    const acknowledged = await serve(bed);
    console.log(`     pass ${pass}: ${acknowledged.length} ACKs`);
    for (const { clientId, address } of acknowledged) {
      if ((addresses.get(clientId) ?? address) !== address) moved++;
      addresses.set(clientId, address);
    }
  }
  const all = [...addresses].map(([clientId, address]) => ({ clientId, address }));
  const leases = held(server);
  check("every client was served", all.length === clients, `${all.length} of ${clients}`);
  check("no address was given twice", distinct(all) === all.length);
  check("clients that come again find their addresses", moved === 0, `${moved} moved`);
  check("the file has all that was acknowledged", missingFrom(leases, all) === 0);
  check("and nothing else", leases.size === all.length, `${leases.size} leases`);
}

async function soakKilled(): Promise<void> {
  console.log("\n== kill -9 in the middle");
  await using bed = new Bed();
  const folder = bed.newFolder();
  const server = await bed.start(kotare, { subnet4: [LARGE_SUBNET] }, { folder });
  const acknowledged = await serve(bed, async () => {
    await Promise.race([delay((500 * clients) / rate), once(process, "SIGINT")]);
    await server.program.stop("SIGKILL");
  });
  const leases = held(server);
  check("some were served before", acknowledged.length > 0, String(acknowledged.length));
  check("the file has all that was acknowledged", missingFrom(leases, acknowledged) === 0);
  const extra = leases.size - acknowledged.length;
  check(`and at most ${IN_FLIGHT} more`, extra <= IN_FLIGHT, `${extra} more`);

  await using second = await bed.start(kotare, { subnet4: [LARGE_SUBNET] }, { folder });
  const after = await serve(bed);
  check("started again it serves", after.length > 0, String(after.length));
  check("no address was given twice", distinct(after) === after.length);
  const before = new Map(acknowledged.map((each) => [each.clientId, each.address]));
  const moved = after.filter((each) => (before.get(each.clientId) ?? each.address) !== each.address).length;
  check("and those served before keep their addresses", moved === 0, `${moved} moved`);
  check("the file has all that was acknowledged", missingFrom(held(second), after) === 0);
}

await soakWhole();
await soakKilled();
process.exitCode = failures === 0 ? 0 : 1;
