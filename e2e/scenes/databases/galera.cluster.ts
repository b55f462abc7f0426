/** Leases in a Galera cluster of three nodes: two that are written to at once, one that dies. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMA } from "@kotare/mysql/schema/schema";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { Lab } from "../../src/lab/lab.ts";
import { delay, type Program } from "../../src/lab/program.ts";
import { acknowledgedLeases, LEASES, loadCommand } from "../../src/load/load.ts";
import { GaleraCluster } from "../../src/subject/galera-cluster.ts";
import { Server } from "../../src/subject/server.ts";

const CONFIG = {
  "valid-lifetime": 4000,
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.255.250" }] }],
};
/** The node that is there to the end, and has all leases. */
const SURVIVOR = 2;

interface Stage {
  readonly servers: readonly Server[];
  /** The same clients at both servers. */
  readonly loads: readonly Program[];
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
    const lan = lab.network();
    const servers: Server[] = [];
    const loads: Program[] = [];
    for (const [index, order] of orders.entries()) {
      const host = lab.host(`server${index}`);
      host.attach(lan, "eth0", `10.0.0.${1 + index}/16`);
      const sockets = order.map((node) => cluster.nodes[node]!.socket);
      const database = { type: "mysql", host: sockets.join(","), user: "root", name };
      const folder = join(lab.folder, `server${index}`);
      servers.push(await Server.start("kotare", host, { ...CONFIG, "lease-database": database }, { folder }));
    }
    // All begin at one moment: each client is at both servers within a commit's time.
    const signal = join(lab.folder, "begin");
    const atSignal = ["sh", "-c", `until [ -e ${signal} ]; do :; done; exec "$@"`, "sh"];
    for (const index of orders.keys()) {
      const clients = lab.host(`clients${index}`);
      clients.attach(lan, "eth0", `10.0.0.${11 + index}/16`);
      const crowd = crowdBehind(`10.0.0.${11 + index}`, `10.0.0.${1 + index}`);
      const load = loadCommand({ rate: 150, seconds: 14, clients: 1000, more: LEASES, crowd });
      loads.push(clients.start([...atSignal, ...load]));
    }
    writeFileSync(signal, "");
    await play({ servers, loads });
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

  test("two are written to at once: what one refuses is decided again", () =>
    stage(
      [
        [0, 1, 2],
        [1, 2, 0],
      ],
      async ({ servers, loads }) => {
        for (const load of loads) await load.exited;
        const counts = await Promise.all([0, 1].map((node) => cluster.count(node, "wsrep_repl_keys")));
        for (const keys of counts) expect(keys).toBeGreaterThan(200);
        const refused = await Promise.all([0, 1].map((node) => cluster.count(node, "wsrep_local_cert_failures")));
        expect(Math.max(...refused)).toBeGreaterThan(0);
        for (const { program } of servers) expect(program.output).not.toContain("COMMIT_FAILED");
      },
    ));

  test("one dies: the servers go on with the same other one, and read nothing old", () =>
    stage(
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
      async ({ servers }) => {
        await delay(3000);
        const before = await Promise.all([1, 2].map((node) => cluster.count(node, "wsrep_replicated")));
        for (const { program } of servers) expect(program.output).not.toContain("COMMIT_FAILED");
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
