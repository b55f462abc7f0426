/** One database for Kea 3.0.4 and for us, in turns and side by side: leases, statistics and reservations agree. */
import { join } from "node:path";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import { type AnswerFinding, compareCalls } from "../../src/oracle/commands/play-calls.ts";
import { reservationConfigs } from "../../src/oracle/commands/reservation-calls.ts";
import { covers } from "../../src/oracle/commands/suite.ts";
import { terraformCalls } from "../../src/oracle/commands/terraform-calls.ts";
import { deliberateCommands3, deliberateTerraform } from "../../src/oracle/deliberate-differences-commands.ts";
import { type Client as Client4, client as client4, relayed } from "../../src/oracle/dhcp4/client.ts";
import { bind as bind4 } from "../../src/oracle/dhcp4/play.ts";
import { client, held, pd } from "../../src/oracle/dhcp6/client.ts";
import { bind } from "../../src/oracle/dhcp6/play.ts";
import { LeaseHistory } from "../../src/oracle/histories/lease-history.ts";
import type { Player } from "../../src/oracle/histories/player.ts";
import { player4 } from "../../src/oracle/histories/player4.ts";
import { leasesIn, player6 } from "../../src/oracle/histories/player6.ts";
import { Script } from "../../src/oracle/script.ts";
import type { Speech } from "../../src/oracle/speech.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { type DatabaseServer, databaseKinds, readTable } from "../../src/subject/database-server.ts";
import { type Family, findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import type { Option } from "../../src/wire/message4.ts";

const SEED = Number(process.env["E2E_SEED"] ?? 1);
const MOVES = 14;
/** An address there counts in that pool, wherever it is. */
const OTHER_POOL = 2;
const [ASSIGNED, DECLINED] = [0, 1];
const LEASE_COMMANDS = ["libdhcp_lease_cmds.so", "libdhcp_stat_cmds.so"];
const HOST_COMMANDS = ["libdhcp_host_cmds.so", "libdhcp_subnet_cmds.so"];
/** No timer changes leases while they are compared. */
const QUIET = { "valid-lifetime": 4000, "expired-leases-processing": { "reclaim-timer-wait-time": 0 } };

/** What a server counts of the leases that there are: by the tables, and by its own statistics. */
async function countsOf(socket: string, family: Family) {
  const ask = async (command: string) => JSON.parse(await sendCommand(socket, command)).arguments;
  const { columns, rows } = (await ask(`stat-lease${family}-get`))["result-set"];
  const own = Object.entries<[[number]]>(await ask("statistic-get-all"));
  return {
    tables: ofNow(columns.map((column: string, i: number) => [column, rows[0][i]])),
    own: ofNow(own.map(([name, [[value]]]) => [name, value])),
  };
}

function ofNow(counted: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const isOfNow = (name: string) => /(assigned|declined|total)-/.test(name) && !/cumulative|reclaimed/.test(name);
  return Object.fromEntries(counted.filter(([name]) => isOfNow(name)));
}

describe.each(databaseKinds)("$name", (kind) => {
  const isHere = kind.start !== undefined && kind.kea30Schema !== undefined && findDaemon("kea3", 4) !== undefined;
  describe.skipIf(!isHere)(`needs ${kind.package} and Kea 3`, () => {
    let databases: DatabaseServer;
    let count = 0;

    beforeAll(async () => {
      databases = await kind.start!();
    });
    afterAll(() => databases?.stop());

    const makers = {
      "Kea 3.0": (name: string) => databases.create(name, kind.kea30Schema),
      "us for Kea 3.0": (name: string) => databases.createForKea30(name),
      "Kea 2.6, and taken to 3.0 by us": async (name: string) => {
        await databases.create(name, kind.keaSchema);
        await databases.upgrade(name);
      },
    };

    /** How a subject is told of a database. @param libraries hooks */
    function reach(subject: Subject, name: string, libraries: readonly string[] = []) {
      const isOurs = subject === "kotare";
      const { settings, under } = isOurs
        ? { settings: databases.settings(name), under: [] }
        : databases.keaSettings(name);
      const all = isOurs ? libraries : [databases.keaLibrary, ...libraries];
      return { settings, under, hooks: { "hooks-libraries": all.map((library) => ({ library })) } };
    }

    /** Servers follow each other on a database: each counts what clients of all of them have, and what the one before has counted. */
    async function inTurns<S extends Speech>(
      player: Player<S>,
      make: (name: string) => Promise<void>,
      subjects: readonly Subject[],
    ): Promise<void> {
      const name = `turns${++count}`;
      await make(name);
      const { stage } = player;
      const { family } = stage;
      await using lab = new Lab();
      const { server: host, clients } = stage.plugIn(lab);
      const history = new LeaseHistory(player, SEED);
      const assigned = family === 4 ? "assigned-addresses" : "assigned-nas";
      let before: Partial<Awaited<ReturnType<typeof countsOf>>> = {};
      for (const [turn, subject] of subjects.entries()) {
        const { settings, under, hooks } = reach(subject, name, LEASE_COMMANDS);
        const folder = join(lab.folder, `turn${turn}`);
        const socket = join(folder, "socket");
        const config = {
          ...QUIET,
          ...stage.config,
          ...player.config,
          "lease-database": settings,
          ...hooks,
          "control-socket": { "socket-type": "unix", "socket-name": socket },
        };
        await using _server = await Server.start(subject, host, config, { family, folder, under });
        const counted = await countsOf(socket, family);
        expect(counted, `turn ${turn}, ${subject}`).toMatchObject(before);
        expect(counted.own[`subnet[1].${assigned}`]).toBe(
          counted.tables[assigned]! + counted.tables["declined-addresses"]!,
        );
        using voice = await stage.open(clients);
        await history.play(new Script(stage, voice, 0x10_0000 * (turn + 1)), MOVES).catch((error: Error) => {
          throw new Error(`turn ${turn}, ${subject}, seed ${SEED}: ${error.message}`, { cause: error });
        });
        await expectHeld(name, player, history);
        const lapsed = history.lapse();
        await databases.query(name, agingOf(family, lapsed));
        await sendCommand(socket, "leases-reclaim", { remove: false });
        await expectHeld(name, player, history);
        const [who, [address] = []] = [...history.held].at(-1)!;
        const owner = family === 4 ? { "hw-address": player.ownerOf(who) } : { duid: player.ownerOf(who), iaid: 1 };
        const moved = { "ip-address": address, "subnet-id": 1, "pool-id": OTHER_POOL, ...owner };
        expect(JSON.parse(await sendCommand(socket, `lease${family}-update`, moved))).toMatchObject({ result: 0 });
        const { tables, own } = await countsOf(socket, family);
        // Kea's own are one short where a client takes again what it has just given back.
        before = subject === "kotare" ? { tables, own } : { tables };
        const leases = [...history.held.values()].flat();
        const prefixes = leases.filter((lease) => lease.includes("/")).length;
        expect(tables).toMatchObject({
          [assigned]: leases.length - prefixes,
          ...(family === 6 && { "assigned-pds": prefixes }),
          "declined-addresses": history.declined.size,
        });
        expect(await databases.check(name)).toEqual([]);
      }
    }

    async function expectHeld<S extends Speech>(
      name: string,
      { stage, ownerOf }: Player<S>,
      { held, declined }: LeaseHistory<S>,
    ): Promise<void> {
      const rows = [...(await readTable(databases, name, stage.family)).values()];
      const owners = [...held].map(([who, leases]) => leases.map((lease) => `${lease} ${ownerOf(who)}`));
      expect(
        rows
          .filter(({ state }) => state === ASSIGNED)
          .map((row) => `${row.address} ${row.clientId || row.hwaddr}`)
          .sort(),
      ).toEqual(owners.flat().sort());
      expect(new Set(rows.filter(({ state }) => state === DECLINED).map(({ address }) => address))).toEqual(declined);
    }

    /** Makes leases end five seconds ago. */
    function agingOf(family: Family, leases: readonly string[]): string {
      const addresses = leases.map((lease) => lease.replace(/\/.*/, ""));
      const isOne =
        family === 4
          ? `address IN (${addresses.map((address) => Number(parseIpv4(address)))})`
          : `${databases.ipv6("address")} IN (${addresses.map((address) => `'${address}'`)})`;
      return `UPDATE lease${family} SET expire = CURRENT_TIMESTAMP(0) - INTERVAL '5' SECOND WHERE ${isOne}`;
    }

    // What we have taken to 3.0 is as Kea's own (`database-admin.contract.ts`): it is played with E2E_CLIENTS=all.
    const players = [player4, player6] as const;
    for (const [i, [maker, make]] of Object.entries(makers).entries()) {
      for (const [j, player] of players.entries()) {
        if (!isThorough && (i === 2 || (i + j + databaseKinds.indexOf(kind)) % 2 !== 0)) continue;
        test(`DHCPv${player.stage.family}, in turns, on what was made by ${maker}`, () =>
          inTurns(player as Player<Speech>, make, ["kotare", "kea3", "kotare"]));
      }
    }

    test("side by side: what a client has from one the other gives it, too, and to nobody else", async () => {
      const name = `beside${++count}`;
      await databases.create(name, kind.kea30Schema);
      const { stage, config } = player4;
      await using lab = new Lab();
      const lan = lab.network();
      const clients = lab.host("clients");
      clients.attach(lan, "eth0", "10.0.0.9/24");
      const start = (subject: Subject, number: number) => {
        const host = lab.host(subject);
        host.attach(lan, "eth0", `10.0.0.${number}/24`, `02:00:00:00:00:0${number}`);
        const { settings, under, hooks } = reach(subject, name);
        const complete = { ...QUIET, ...config, "lease-database": settings, ...hooks };
        return Server.start(subject, host, complete, { folder: join(lab.folder, subject), under });
      };
      await using _kea = await start("kea3", 1);
      await using _ours = await start("kotare", 2);
      using voice = await stage.open(clients);
      const script = new Script(stage, voice, 0x10_0000);
      const serve = async (who: Client4, number: number) => {
        const ack = await bind4(script, who, {
          via(query) {
            const [wrapped, route] = relayed(query, { giaddr: "10.0.0.9" });
            const to = { destination: `10.0.0.${number}`, destinationMac: `02:00:00:00:00:0${number}` };
            return [wrapped, { ...route, ...to }];
          },
        });
        return `${who.mac} ${ack.yiaddr}`;
      };
      const crowd = Array.from({ length: 12 }, (_, i) => client4(i + 1));
      const given: string[] = [];
      for (const [i, who] of crowd.entries()) given.push(await serve(who, 1 + (i % 2)));
      for (const [i, who] of crowd.entries()) expect(await serve(who, 2 - (i % 2))).toBe(given[i]);
      const rows = [...(await readTable(databases, name, 4)).values()];
      expect(rows.map(({ address, hwaddr }) => `${hwaddr} ${address}`).sort()).toEqual([...given].sort());
      expect(await databases.check(name)).toEqual([]);
    });

    test("a lease of a client behind a relay has the relay's ids and what it said, whoever gives it", async () => {
      const { stage, config } = player4;
      const agents: readonly Option[][] = [
        [
          [2, Uint8Array.of(1, 2, 3)],
          [12, Uint8Array.of(9, 9)],
        ],
        [[1, Uint8Array.of(5)]],
      ];
      const tables: object[] = [];
      for (const subject of ["kea3", "kotare"] as const) {
        const name = `relays${++count}`;
        await databases.create(name, kind.kea30Schema);
        await using lab = new Lab();
        const { server: host, clients } = stage.plugIn(lab);
        using voice = await stage.open(clients);
        const { settings, under, hooks } = reach(subject, name);
        const complete = { ...QUIET, ...config, ...hooks, "store-extended-info": true, "lease-database": settings };
        await using _server = await Server.start(subject, host, complete, { folder: join(lab.folder, "run"), under });
        const script = new Script(stage, voice, 0x10_0000);
        for (const [i, agent] of agents.entries()) {
          await bind4(script, client4(i + 1), { via: (query) => relayed(query, { giaddr: "10.0.0.9", agent }) });
        }
        const [relay, remote] = ["relay_id", "remote_id"].map((column) => databases.hex(column));
        const select = `SELECT ${relay} AS relay, ${remote} AS remote, user_context, pool_id FROM lease4 ORDER BY address`;
        tables.push(await databases.query(name, select));
      }
      expect(tables[0]).toMatchObject([
        { relay: "0909", remote: "010203" },
        { relay: null, remote: null },
      ]);
      expect(tables[1]).toEqual(tables[0]);
    });

    // The commands are above the databases: one kind will do.
    if (isThorough && kind.name === "PostgreSQL") {
      test("terraform-provider-kea has the answers that Kea gives, by HTTP", async () => {
        const names = { kea3: `hosts${++count}`, kotare: `hosts${++count}` };
        await Promise.all(Object.values(names).map((name) => databases.create(name, kind.kea30Schema)));
        const deliberate = [...deliberateCommands3, ...deliberateTerraform];
        const findings = await compareCalls("kea3", {
          family: 4,
          title: "terraform-provider-kea",
          calls: terraformCalls,
          config: { subnet4: reservationConfigs[4].subnet4 },
          byHttp: true,
          placed(subject) {
            const { settings, under, hooks } = reach(subject, names[subject as keyof typeof names], HOST_COMMANDS);
            return { config: { "hosts-databases": [settings], ...hooks }, under };
          },
        });
        const said = (finding: AnswerFinding) => deliberate.filter((each) => covers(each, finding));
        expect(findings.filter((finding) => said(finding).length === 0)).toEqual([]);
        expect(findings.flatMap(said)).toEqual(expect.arrayContaining([...deliberateTerraform]));
      });
    }

    test("a reserved prefix has its excluded one, whoever serves it from the database", async () => {
      const name = `hosts${++count}`;
      await databases.createForKea30(name);
      const { stage, config } = player6;
      await using lab = new Lab();
      const { server: host, clients } = stage.plugIn(lab);
      using voice = await stage.open(clients);
      const who = client(7);
      const socket = join(lab.folder, "kotare", "socket");
      const answers: string[] = [];
      for (const [turn, subject] of (["kotare", "kea3"] as const).entries()) {
        const { settings, under, hooks } = reach(subject, name, subject === "kotare" ? ["libdhcp_host_cmds.so"] : []);
        const complete = {
          ...QUIET,
          ...stage.config,
          ...config,
          ...hooks,
          "hosts-databases": [settings],
          ...(subject === "kotare" && { "control-socket": { "socket-type": "unix", "socket-name": socket } }),
        };
        await using _server = await Server.start(subject, host, complete, {
          family: 6,
          folder: join(lab.folder, subject),
          under,
        });
        if (subject === "kotare") {
          const reservation = {
            "subnet-id": 1,
            duid: Buffer.from(who.duid).toString("hex"),
            prefixes: ["2001:db8:7000:700::/56"],
            "excluded-prefixes": ["2001:db8:7000:7ff::/64"],
          };
          expect(JSON.parse(await sendCommand(socket, "reservation-add", { reservation }))).toMatchObject({
            result: 0,
          });
        }
        const script = new Script(stage, voice, 0x10_0000 * (turn + 1));
        const reply = await bind(script, who, [pd(1)], { oro: [67] });
        answers.push(
          held(reply)
            .map(([code, value]) => `${code} ${Buffer.from(value).toString("hex")}`)
            .join(),
        );
        expect(leasesIn(reply)).toEqual(["2001:db8:7000:700::/56"]);
      }
      // OPTION_PD_EXCLUDE (RFC 6603 §4.2): its length, the prefix's, the rest of the subnet.
      expect(answers[0]).toContain("004300" + "0240ff");
      expect(answers[1]).toBe(answers[0]);
    });
  });
});
