/** Leases in a Galera cluster of three nodes: two that are written to at once, one that dies. */
import { join } from "node:path";
import { SCHEMA } from "@kotare/mysql/schema/schema";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { delay, type Program } from "../../src/lab/program.ts";
import { acknowledgedLeases, LEASES, loadCommand } from "../../src/load/load.ts";
import { GaleraCluster } from "../../src/subject/galera-cluster.ts";
import { Server } from "../../src/subject/server.ts";
import { acceptOffer, getOffer, getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const CONFIG = {
  "valid-lifetime": 4000,
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.255.250" }] }],
};
/** The node that is there to the end, and has all leases. */
const SURVIVOR = 2;

/** Milliseconds in which a client sends once or twice. */
const ONCE = 300;

/** No reply for another reason than that the other server was quicker each time. */
const UNMADE = /COMMIT_FAILED (?!.*kept changing)/;

interface Stage {
  readonly servers: readonly Server[];
  /** Before a server each, which hears no other. */
  readonly clients: readonly Host[];
  /** The same clients at both servers. */
  startLoads(): readonly Program[];
}

describe("leases in a cluster", () => {
  let cluster: GaleraCluster;
  let count = 0;

  beforeAll(async () => {
    cluster = await GaleraCluster.start(3);
  });
  afterAll(() => cluster?.stop());

  /**
   * Two servers under load. Whatever happens, afterwards no client has two addresses, and who was given one has one.
   * @param orders in which each server tries the nodes
   */
  async function stage(orders: readonly (readonly number[])[], play: (stage: Stage) => Promise<void>): Promise<void> {
    const name = `leases${++count}`;
    await cluster.nodes[0]!.createDatabase(name, SCHEMA);
    await using lab = new Lab();
    const servers: Server[] = [];
    const clients: Host[] = [];
    const loads: Program[] = [];
    for (const [index, order] of orders.entries()) {
      const lan = lab.network();
      const host = lab.host(`server${index}`);
      host.attach(lan, "eth0", `10.0.0.${1 + index}/16`);
      const sockets = order.map((node) => cluster.nodes[node]!.socket);
      const database = { type: "mysql", host: sockets.join(","), user: "root", name };
      const folder = join(lab.folder, `server${index}`);
      servers.push(await Server.start("kotare", host, { ...CONFIG, "lease-database": database }, { folder }));
      clients.push(lab.host(`clients${index}`));
      clients[index]!.attach(lan, "eth0", `10.0.0.${11 + index}/16`);
    }
    const startLoads = () => {
      for (const [index, host] of clients.entries()) {
        const crowd = crowdBehind(`10.0.0.${11 + index}`, `10.0.0.${1 + index}`);
        loads.push(host.start(loadCommand({ rate: 150, seconds: 14, clients: 1000, more: LEASES, crowd })));
      }
      return loads;
    };
    await play({ servers, clients, startLoads });
    for (const load of loads) await load.exited;
    for (const server of servers) expect(await server.program.stop()).toEqual({ code: 0, signal: null });
    const acknowledged = loads.map(({ lines }) => acknowledgedLeases(lines));
    for (const each of acknowledged) expect(each.length).toBeGreaterThan(200);
    const sql = "SELECT LOWER(HEX(hwaddr)) AS mac FROM lease4 WHERE state = 0";
    const holders = (await cluster.nodes[SURVIVOR]!.query(name, "SET SESSION wsrep_sync_wait = 1", sql)).map(
      ({ mac }) => String(mac),
    );
    expect(new Set(holders).size).toBe(holders.length);
    const given = acknowledged.flat().map(({ clientId }) => clientId.slice(3).replaceAll(":", ""));
    expect(given.filter((mac) => !holders.includes(mac))).toEqual([]);
  }

  async function countRefused(): Promise<number> {
    const counts = ["wsrep_local_cert_failures", "wsrep_local_bf_aborts"].flatMap((variable) => [
      cluster.count(0, variable),
      cluster.count(1, variable),
    ]);
    return (await Promise.all(counts)).reduce((all, count) => all + count, 0);
  }

  /** Clients take what both servers offer them, at one moment, until a node has refused one of two commits. @returns the last one */
  async function collide(probes: readonly Probe4[]): Promise<string> {
    const before = await countRefused();
    for (let number = 1; number < 256; number++) {
      const mac = `02:f0:00:00:00:${number.toString(16).padStart(2, "0")}`;
      const offers = await Promise.all(probes.map((probe) => getOffer(probe, mac)));
      await Promise.all(probes.map((probe, i) => acceptOffer(probe, mac, offers[i]!, ONCE).catch(() => undefined)));
      if ((await countRefused()) > before) return mac;
    }
    throw new Error("no node has refused anything");
  }

  test("two are written to at once: what one refuses is decided again", () =>
    stage(
      [
        [0, 1, 2],
        [1, 2, 0],
      ],
      async ({ servers, clients, startLoads }) => {
        const probes = await Promise.all(clients.map((host) => Probe4.open(host, "eth0")));
        const mac = await collide(probes);
        const acks = await Promise.all(probes.map((probe) => getServed(probe, mac)));
        expect(acks[0]!.yiaddr).toBe(acks[1]!.yiaddr);
        for (const probe of probes) probe[Symbol.dispose]();
        for (const load of startLoads()) await load.exited;
        const counts = await Promise.all([0, 1].map((each) => cluster.count(each, "wsrep_repl_keys")));
        for (const keys of counts) expect(keys).toBeGreaterThan(200);
        for (const { program } of servers) expect(program.output).not.toMatch(UNMADE);
      },
    ));

  test("one dies: the servers go on with the same other one, and read nothing old", () =>
    stage(
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
      async ({ servers, startLoads }) => {
        startLoads();
        await delay(3000);
        const before = await Promise.all([1, 2].map((node) => cluster.count(node, "wsrep_replicated")));
        for (const { program } of servers) expect(program.output).not.toMatch(UNMADE);
        await cluster.nodes[0]!.halt();
        for (const { program } of servers) await program.waitFor(/DHCPSRV_LEASE_DATABASE_RECOVERED/);
        await vi.waitFor(
          async () => expect(await cluster.count(1, "wsrep_replicated")).toBeGreaterThan(before[0]!),
          30_000,
        );
        expect(await cluster.count(2, "wsrep_replicated")).toBe(before[1]);
        expect(await cluster.count(1, "wsrep_causal_reads")).toBeGreaterThan(0);
      },
    ));
});
