/** Configuration in a database that we have made: it is served as Kea serves it, and changes come into force beside service. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { type DatabaseKind, type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { Server, type Subject } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const CLIENT = "02:f0:00:00:00:01";

/** A subnet with a pool and two options, as one revision. */
function subnetRows({ name }: DatabaseKind): string {
  const begin =
    name === "PostgreSQL"
      ? "SELECT createAuditRevisionDHCP4(now(), 'all', 'a test', true)"
      : "CALL createAuditRevisionDHCP4(NOW(), 'all', 'a test', 1)";
  const address = (text: string) => (name === "PostgreSQL" ? `'${text}'` : `INET_ATON('${text}')`);
  return [
    begin,
    `INSERT INTO dhcp4_subnet (subnet_id, subnet_prefix, valid_lifetime, modification_ts)
      VALUES (1, '10.0.0.0/24', 700, CURRENT_TIMESTAMP)`,
    "INSERT INTO dhcp4_subnet_server (subnet_id, server_id, modification_ts) VALUES (1, 1, CURRENT_TIMESTAMP)",
    `INSERT INTO dhcp4_pool (start_address, end_address, subnet_id, modification_ts)
      VALUES (${address("10.0.0.10")}, ${address("10.0.0.49")}, 1, CURRENT_TIMESTAMP)`,
    `INSERT INTO dhcp4_options (code, formatted_value, space, persistent, dhcp4_subnet_id, scope_id)
      VALUES (6, '10.0.0.53', 'dhcp4', TRUE, 1, 1)`,
  ].join(";\n");
}

describe.each(databaseKinds)("$name", (kind) => {
  const { package: debian, start } = kind;
  const isThere = start !== undefined && findProgram("kea-dhcp4") !== undefined;

  describe.skipIf(!isThere)(`needs ${debian}, and Kea`, () => {
    let databases: DatabaseServer;

    beforeAll(async () => {
      databases = await start!();
      await databases.create("config");
      await databases.query("config", subnetRows(kind));
    });
    afterAll(() => databases?.stop());

    test("a subnet that is in a row only is served as Kea serves it, and a changed row counts after a pull; wrong rows and outages harm nothing", async () => {
      await using lab = new Lab();
      const lan = lab.network();
      const [host, clients] = ["server", "clients"].map((each) => lab.host(each)) as [Host, Host];
      host.attach(lan, "eth0", "10.0.0.1/24");
      clients.attach(lan, "eth0", "10.0.0.2/24");
      const socket = join(lab.folder, "socket");
      using probe = await Probe4.open(clients, "eth0");
      const serve = (subject: Subject) => {
        const { settings, under } = databases.keaSettings("config");
        const ours = subject === "kotare" ? databases.settings("config") : settings;
        const library = `libdhcp_${String(ours["type"]) === "mysql" ? "mysql" : "pgsql"}_cb.so`;
        const config = {
          "interfaces-config": { interfaces: ["eth0"] },
          "config-control": { "config-databases": [ours] },
          ...(subject === "kotare"
            ? { "control-socket": { "socket-type": "unix", "socket-name": socket } }
            : { "hooks-libraries": [{ library }] }),
        };
        const folder = join(lab.folder, subject);
        return Server.start(subject, host, config, { folder, ...(subject !== "kotare" && { under }) });
      };
      const served = async () => {
        const ack = await getServed(probe, CLIENT);
        const [time, servers] = [51, 6].map((code) => Buffer.from(optionOf(ack, code) ?? []).toString("hex"));
        return { address: ack.yiaddr, time, servers };
      };
      {
        await using _server = await serve("kotare");
        expect(await served()).toEqual({ address: "10.0.0.10", time: "000002bc", servers: "0a000035" });
        await databases.query(
          "config",
          `${subnetRows(kind).split(";")[0]}; UPDATE dhcp4_subnet SET valid_lifetime = 701 WHERE subnet_id = 1`,
        );
        expect(JSON.parse(await sendCommand(socket, "config-backend-pull"))).toMatchObject({ result: 0 });
        expect(await served()).toMatchObject({ time: "000002bd" });
        const ask = async (command: string) => JSON.parse(await sendCommand(socket, command));
        const status = async () => (await ask("status-get")).arguments["config-database"];
        const [begin] = subnetRows(kind).split(";");
        const set = (lifetime: number) => `${begin}; UPDATE dhcp4_subnet SET valid_lifetime = ${lifetime}`;
        await databases.query("config", set(-1));
        expect(await ask("config-backend-pull")).toMatchObject({ result: 0 });
        expect(await status()).toMatchObject({ status: "ready", "left-out": 1 });
        expect(await served()).toMatchObject({ time: "000002bd" });
        await databases.query("config", set(701));
        expect(await ask("config-backend-pull")).toMatchObject({ result: 0 });
        expect(await status()).toMatchObject({ status: "ready", "left-out": 0 });
        await databases.halt();
        expect(await ask("config-backend-pull")).toMatchObject({ result: 1 });
        expect(await status()).toMatchObject({ status: "failed", error: expect.any(String) });
        expect(await served()).toMatchObject({ time: "000002bd" });
        await databases.resume();
        await expect.poll(() => ask("config-backend-pull"), { timeout: 60_000 }).toMatchObject({ result: 0 });
        expect(await status()).toMatchObject({ status: "ready" });
      }
      await using _kea = await serve("kea");
      expect(await served()).toEqual({ address: "10.0.0.10", time: "000002bd", servers: "0a000035" });
    });
  });
});
