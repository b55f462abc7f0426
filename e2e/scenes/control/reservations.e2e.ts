/** Reservations by command, in a file of ours: real clients get them at once, and a restart keeps them. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { Client6 } from "../../src/clients/client6.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { type Family, Server } from "../../src/subject/server.ts";

const MAC = "02:00:00:00:0c:01";
const DUID = `00:03:00:01:${MAC}`;

async function stage(family: Family, play: (stage: Stage) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server", { ipv6: true });
  host.attach(lan, "eth0", family === 4 ? "10.0.0.1/24" : "2001:db8::1/64");
  const folder = join(lab.folder, "dhcp");
  const socket = join(folder, "socket");
  const client = lab.host("client", { ipv6: family === 6 });
  const device = `c${lab.id}`;
  client.attach(lan, device, undefined, MAC);
  const subnet = {
    4: { id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.11" }] },
    6: { id: 1, subnet: "2001:db8::/64", interface: "eth0", pools: [{ pool: "2001:db8::10-2001:db8::11" }] },
  }[family];
  const config = {
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    "hosts-databases": [{ type: "file", name: "hosts.jsonl" }],
    [`subnet${family}`]: [subnet],
  };
  await play({
    start: () => Server.start("kotare", host, config, { family, folder }),
    async ask(command, args) {
      return JSON.parse(await sendCommand(socket, command, args)) as { result: number };
    },
    client4: () => new Client4(drivers4.udhcpc, lab, client, device),
    client6: () => new Client6(drivers6.dhclient, lab, client, device, DUID, { addresses: 1 }),
  });
}

interface Stage {
  start(): Promise<Server>;
  ask(command: string, args: object): Promise<{ readonly result: number }>;
  client4(): Client4;
  client6(): Client6;
}

const which = { "subnet-id": 1, "identifier-type": "hw-address", identifier: MAC };

describe.skipIf(findProgram("udhcpc") === undefined)("needs udhcpc", () => {
  test("DHCPv4", () =>
    stage(4, async ({ start, ask, client4 }) => {
      const reservation = { "subnet-id": 1, "hw-address": MAC, "ip-address": "10.0.0.11", hostname: "desk" };
      {
        await using _server = await start();
        expect(await ask("reservation-add", { reservation })).toMatchObject({ result: 0 });
        await using client = client4();
        expect((await client.bound()).address).toBe("10.0.0.11");
        const moved = { ...reservation, "ip-address": "10.0.0.77" };
        expect(await ask("reservation-update", { reservation: moved })).toMatchObject({ result: 0 });
      }
      await using _again = await start();
      {
        await using client = client4();
        expect((await client.bound()).address).toBe("10.0.0.77");
      }
      expect(await ask("reservation-get", which)).toMatchObject({ arguments: { "ip-address": "10.0.0.77" } });
      expect(await ask("reservation-del", which)).toMatchObject({ result: 0 });
      await using client = client4();
      expect((await client.bound()).address).toMatch(/^10\.0\.0\.1[01]$/);
    }));
});

describe.skipIf(findProgram("dhclient") === undefined)("needs isc-dhcp-client", () => {
  test("DHCPv6", () =>
    stage(6, async ({ start, ask, client6 }) => {
      const reservation = { "subnet-id": 1, duid: DUID, "ip-addresses": ["2001:db8::77"] };
      {
        await using _server = await start();
        expect(await ask("reservation-add", { reservation })).toMatchObject({ result: 0 });
      }
      await using _again = await start();
      await using client = client6();
      await client.served();
      expect(client.addresses).toEqual(["2001:db8::77"]);
    }));
});
