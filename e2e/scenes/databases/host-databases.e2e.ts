/** Reservations in a database: what a command puts there Kea serves, too, and what goes wrong with the database harms nothing else. */
import { join } from "node:path";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { DatabasePath } from "../../src/subject/database-path.ts";
import { type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { Server } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const [RESERVED, OTHER, THIRD, BAD] = ["01", "02", "03", "04"].map((byte) => `02:f0:00:00:00:${byte}`) as [
  string,
  string,
  string,
  string,
];
const ADDRESS = "10.0.0.50";
/** Milliseconds in which a client sends several times. */
const IMPATIENT = 1000;

describe.each(databaseKinds)("$name", (kind) => {
  const { package: debian, start } = kind;
  const answerTimeout = kind.name === "PostgreSQL" ? "tcp-user-timeout" : "read-timeout";
  /** Once is enough for what no kind does its own way. */
  const once = (name: string, play: () => Promise<void>) => {
    if (kind === databaseKinds[0]) test(name, play);
  };

  describe.skipIf(start === undefined)(`needs ${debian}`, () => {
    let databases: DatabaseServer;
    let count = 0;

    beforeAll(async () => {
      databases = await start!();
    });
    afterAll(() => databases?.stop());

    /** @param keys of the host database */
    async function serve(play: (stage: Awaited<ReturnType<typeof plugIn>>) => Promise<void>, keys: object = {}) {
      await using lab = new Lab();
      const stage = await plugIn(lab, keys);
      using _probe = stage.probe;
      using _path = stage.path;
      await play(stage);
    }

    async function plugIn(lab: Lab, keys: object) {
      const name = `hosts${++count}`;
      await databases.create(name);
      const lan = lab.network();
      const [host, clients] = ["server", "clients"].map((each) => lab.host(each)) as [Host, Host];
      host.attach(lan, "eth0", "10.0.0.1/24");
      clients.attach(lan, "eth0", "10.0.0.2/24");
      const path = await DatabasePath.open(databases, join(lab.folder, "path"));
      const folder = join(lab.folder, "dhcp");
      const socket = join(folder, "socket");
      const config = {
        "valid-lifetime": 4000,
        subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10 - 10.0.0.49" }] }],
        "interfaces-config": { interfaces: ["eth0"] },
        "hooks-libraries": [
          { library: "libdhcp_host_cmds.so" },
          { library: "libdhcp_legal_log.so", parameters: databases.settings(name) },
        ],
        "control-socket": { "socket-type": "unix", "socket-name": socket },
        "hosts-databases": [{ ...databases.settings(name, path.socket), "reconnect-wait-time": 100, ...keys }],
      };
      const probe = await Probe4.open(clients, "eth0");
      return {
        name,
        probe,
        path,
        start: () => Server.start("kotare", host, config, { folder }),
        config,
        async startKea() {
          const { settings, under } = databases.keaSettings(name);
          const { "hooks-libraries": _, "control-socket": __, ...rest } = config;
          const databaseOf = { "hosts-databases": [settings] };
          const options = { folder: join(lab.folder, "kea"), under };
          return await Server.start("kea", host, { ...rest, ...databaseOf }, options);
        },
        /** As somebody else does. */
        async insert(mac: string, address: string) {
          const row = `${databases.bytes(mac.replaceAll(":", ""))}, 0, 1, ${parseIpv4(address)}`;
          const columns = "dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id, ipv4_address";
          await databases.query(name, `INSERT INTO hosts (${columns}) VALUES (${row})`);
        },
        add: async (reservation: object) =>
          JSON.parse(await sendCommand(socket, "reservation-add", { reservation: { "subnet-id": 1, ...reservation } })),
        addressOf: async (mac: string, timeout?: number) => (await getServed(probe, mac, timeout)).yiaddr,
      };
    }

    const reservation = {
      "hw-address": RESERVED,
      "ip-address": ADDRESS,
      "boot-file-name": "/b.efi",
      "option-data": [{ name: "domain-name-servers", data: "10.0.0.53, 10.0.0.54", "always-send": true }],
    };

    test.skipIf(findProgram("kea-dhcp4") === undefined)(
      "what reservation-add has put there is served by Kea, too",
      () =>
        serve(async ({ start, startKea, add, probe }) => {
          const answers = [];
          for (const begin of [start, startKea]) {
            await using _server = await begin();
            if (begin === start) expect(await add(reservation)).toMatchObject({ result: 0 });
            const ack = await getServed(probe, RESERVED);
            answers.push({ address: ack.yiaddr, servers: optionOf(ack, 6)?.join("."), file: ack.file });
          }
          expect(answers[0]).toMatchObject({ address: ADDRESS, servers: "10.0.0.53.10.0.0.54" });
          expect(answers[1]).toEqual(answers[0]);
        }),
    );

    test("a database that goes away: nobody is served until it is back, and leases are as they were", () =>
      serve(async ({ start, add, addressOf }) => {
        await using server = await start();
        await add(reservation);
        const other = await addressOf(OTHER);
        await databases.halt();
        await server.program.waitFor(/DHCPSRV_HOST_DATABASE_LOST/);
        await expect(addressOf(RESERVED, IMPATIENT)).rejects.toThrow("got no");
        expect(await add({ "hw-address": THIRD })).toMatchObject({ result: 1 });
        await databases.resume();
        await server.program.waitFor(/DHCPSRV_HOST_DATABASE_RECOVERED/);
        expect(await addressOf(RESERVED)).toBe(ADDRESS);
        expect(await addressOf(OTHER)).toBe(other);
      }));

    test("one that is readonly takes no command; one that falls silent holds nobody for long, with on-fail serve-retry-continue", () =>
      serve(
        async ({ start, add, insert, addressOf, path }) => {
          await using server = await start();
          expect(await add({ "hw-address": RESERVED, "ip-address": ADDRESS })).toMatchObject({ result: 1 });
          await insert(RESERVED, ADDRESS);
          expect(await addressOf(RESERVED)).toBe(ADDRESS);
          path.silence();
          await addressOf(OTHER);
          await server.program.waitFor(/DHCPSRV_HOST_DATABASE_LOST/);
          path.mend();
          await server.program.waitFor(/DHCPSRV_HOST_DATABASE_RECOVERED/);
          await insert(OTHER, "10.0.0.51");
          expect(await addressOf(RESERVED)).toBe(ADDRESS);
          expect(await addressOf(OTHER)).toBe("10.0.0.51");
        },
        { readonly: true, "on-fail": "serve-retry-continue", [answerTimeout]: 1 },
      ));

    once(
      "with on-fail serve-retry-continue clients are served meanwhile, also from the start, and the forensic log has all",
      () =>
        serve(
          async ({ start, name, insert, addressOf }) => {
            await insert(RESERVED, ADDRESS);
            await databases.halt();
            await using server = await start();
            const other = await addressOf(RESERVED);
            expect(other).not.toBe(ADDRESS);
            await databases.resume();
            await server.program.waitFor(/DHCPSRV_HOST_DATABASE_RECOVERED/);
            await server.program.waitFor(/takes the forensic log again, after \d+ s: no entry is missing/);
            expect(await addressOf(RESERVED)).toBe(ADDRESS);
            const logged = await databases.query(name, "SELECT address FROM logs");
            expect(new Set(logged.map(({ address }) => address))).toEqual(new Set([other, ADDRESS]));
          },
          { "on-fail": "serve-retry-continue", "max-reconnect-tries": 1 },
        ),
    );

    test("a row that cannot be read is named once with what is wrong, and harms nobody else", () =>
      serve(async ({ start, name, add, addressOf }) => {
        await using server = await start();
        await add(reservation);
        await add({ "hw-address": BAD, "ip-address": "10.0.0.60" });
        const ids = "SELECT host_id FROM hosts WHERE ipv4_address = 167772220";
        await databases.query(
          name,
          `INSERT INTO dhcp4_options (code, value, space, scope_id, host_id) VALUES (6, ${databases.bytes("0a0000")}, 'dhcp4', 3, (${ids}))`,
        );
        expect(await addressOf(BAD)).not.toBe("10.0.0.60");
        expect(await addressOf(RESERVED)).toBe(ADDRESS);
        expect(await addressOf(BAD)).not.toBe("10.0.0.60");
        await server.program.waitFor(/DHCPSRV_HOST_INVALID/);
        const told = server.program.lines.filter((line) => line.includes("DHCPSRV_HOST_INVALID"));
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(/hosts\.host_id \d+ is not used: .*option-data\[0\]\.data/);
      }));

    once("at a reload a database that cannot be used leaves the former configuration in force", () =>
      serve(async ({ start, config, add, addressOf }) => {
        await using server = await start();
        await add(reservation);
        const bad = { ...databases.settings("nosuch"), readonly: true };
        await server.reload({ ...config, "hosts-databases": [bad] }, "CONFIG_LOAD_FAIL");
        expect(await addressOf(RESERVED)).toBe(ADDRESS);
      }),
    );
  });
});
