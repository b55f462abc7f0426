/** What goes wrong with a database of leases: no wrong ACK, no lost lease, and service by itself when it is over. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab, run } from "../../src/lab/lab.ts";
import { DatabasePath, type Loss } from "../../src/subject/database-path.ts";
import { type DatabaseServer, databaseKinds, readTable } from "../../src/subject/database-server.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { Server } from "../../src/subject/server.ts";
import { shareOf } from "../../src/subject/thorough.ts";
import { acceptOffer, getOffer, getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const CONFIG = {
  "valid-lifetime": 4000,
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.255.250" }] }],
};
/** Milliseconds in which a client sends once, and in which it sends several times. */
const ONCE = 200;
const IMPATIENT = 1000;
/** What the log says of a disk without room. */
const FULL = /space|full/i;

interface Stage {
  readonly server: Server;
  readonly probe: Probe4;
  readonly path: DatabasePath;
  /** Addresses of the leases in the table, by hardware address. */
  held(): Promise<ReadonlyMap<string, string>>;
}

function mac(number: number): string {
  return `02:f0:00:00:${(number >> 8).toString(16).padStart(2, "0")}:${(number & 0xff).toString(16).padStart(2, "0")}`;
}

function readLog(folder: string): string {
  const file = join(folder, "log");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** A disk that holds what is in the folder, holes of its files included, and little else; full once `fill` is called. */
function moveToSmallDisk(folder: string): { fill(): void; empty(): void } {
  renameSync(folder, `${folder}-before`);
  mkdirSync(folder);
  const size = Number(/^\d+/.exec(run("du", "-sm", "--apparent-size", `${folder}-before`))![0]) + 8;
  run("mount", "-t", "tmpfs", "-o", `size=${size}m`, "tmpfs", folder);
  run("cp", "-a", "--sparse=never", `${folder}-before/.`, folder);
  const filler = join(folder, "filler");
  return {
    // dd ends with an error when the disk is full: that is what it is here for.
    fill: () => run("sh", "-c", `! dd if=/dev/zero of=${filler} bs=4096`),
    empty: () => rmSync(filler),
  };
}

describe.each(databaseKinds)("$name", (databaseKind) => {
  const { name: kind, package: debian, start: startServer } = databaseKind;
  /** What our daemon does is the same with each kind. */
  const here = <Row>(rows: readonly Row[]) => shareOf(rows, databaseKinds.indexOf(databaseKind), databaseKinds.length);
  describe.skipIf(startServer === undefined)(`needs ${debian}`, () => {
    let databases: DatabaseServer;
    let count = 0;

    beforeAll(async () => {
      databases = await startServer!();
    });
    afterAll(() => databases.stop());

    async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
      const name = `leases${++count}`;
      await databases.create(name);
      await using lab = new Lab();
      const lan = lab.network();
      const [host, clients] = ["server", "clients"].map((each) => lab.host(each)) as [Host, Host];
      host.attach(lan, "eth0", "10.0.0.1/16");
      clients.attach(lan, "eth0", "10.0.0.2/16");
      using path = await DatabasePath.open(databases, join(lab.folder, "path"));
      const answer = kind === "PostgreSQL" ? "tcp-user-timeout" : "read-timeout";
      const database = { ...databases.settings(name, path.socket), [answer]: 2, "connect-timeout": 2 };
      const config = { ...CONFIG, "lease-database": database };
      await using server = await Server.start("kotare", host, config, { folder: join(lab.folder, "kotare") });
      using probe = await Probe4.open(clients, "eth0");
      await play({
        server,
        probe,
        path,
        async held() {
          const rows = [...(await readTable(databases, name, 4)).values()].filter(isHeld);
          return new Map(rows.map(({ hwaddr, address }) => [hwaddr, address]));
        },
      });
      // Nothing of the lost connections holds it.
      expect(await server.program.stop()).toEqual({ code: 0, signal: null });
    }

    test.each<[Loss, boolean]>([
      ["commit", false],
      ["answer", true],
    ])(
      "a connection that is cut with the %s on its way: no ACK, and the client gets what it was offered",
      (loss, isMade) =>
        stage(async ({ server, probe, path, held }) => {
          await getServed(probe, mac(1));
          const offer = await getOffer(probe, mac(2));
          path.lose(loss);
          await expect(acceptOffer(probe, mac(2), offer, ONCE)).rejects.toThrow("got no ACK");
          await expect.poll(async () => (await held()).has(mac(2))).toBe(isMade);
          path.cut();
          await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_LOST/);
          expect((await acceptOffer(probe, mac(2), offer)).yiaddr).toBe(offer.yiaddr);
          await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_RECOVERED/);
          const last = await getServed(probe, mac(3));
          expect((await held()).get(mac(2))).toBe(offer.yiaddr);
          expect((await held()).get(mac(3))).toBe(last.yiaddr);
          expect(new Set((await held()).values()).size).toBe(3);
        }),
    );

    test.each(
      here([
        ["at once", false],
        ["once it has been noticed", true],
      ] as const),
    )("a server that falls silent does not hold a daemon that is to end %s", (_, isNoticed) =>
      stage(async ({ server, probe, path }) => {
        const offer = await getOffer(probe, mac(1));
        path.silence();
        await expect(acceptOffer(probe, mac(1), offer, ONCE)).rejects.toThrow("got no ACK");
        // Nothing comes through to the new connection either: it is on its way when the daemon ends.
        if (isNoticed) await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_LOST/);
      }),
    );

    /** A daemon, and a database of its own. */
    async function prepare(lab: Lab, keys: object) {
      const name = `leases${++count}`;
      await databases.create(name);
      const host = lab.host("server");
      host.attach(lab.network(), "eth0", "10.0.0.1/16");
      const config = { ...CONFIG, "lease-database": { ...databases.settings(name), ...keys } };
      const folder = join(lab.folder, "kotare");
      return { name, folder, start: () => Server.start("kotare", host, config, { folder, logToFile: true }) };
    }

    test.each(
      here<readonly [string, object]>([
        ["where nothing is said", {}],
        ["as Kea's keys say", { "retry-on-startup": true, "max-reconnect-tries": 1000, "reconnect-wait-time": 200 }],
      ]),
    )("a database that is down at the start is waited for %s", async (_, keys) => {
      await using lab = new Lab();
      const { folder, start } = await prepare(lab, keys);
      await databases.halt();
      const started = start();
      await expect.poll(() => readLog(folder), { timeout: 60_000 }).toMatch(/OPEN_FAILED .*; next try in/);
      await databases.resume();
      await using server = await started;
      await expect.poll(() => readLog(folder), { timeout: 60_000 }).toContain("DHCP4_STARTED");
      expect(await server.program.stop()).toEqual({ code: 0, signal: null });
    });

    test.each(
      here<readonly [string, RegExp, boolean]>([
        ["stop-retry-exit", /RECONNECT_FAILED .*; that was the last try/, true],
        [
          "serve-retry-continue",
          /(RECONNECT_FAILED .*; next try in 0.05 s\n.*){2}RECONNECT_FAILED .*; next try in/,
          false,
        ],
      ]),
    )("a database that stays away for more than max-reconnect-tries: on-fail %s", async (onFail, words, ends) => {
      await using lab = new Lab();
      const keys = { "on-fail": onFail, "max-reconnect-tries": 2, "reconnect-wait-time": 50 };
      const { folder, start } = await prepare(lab, keys);
      await using server = await start();
      await databases.halt();
      await expect.poll(() => readLog(folder), { timeout: 60_000 }).toMatch(words);
      if (ends) expect(await server.program.exited).toEqual({ code: 1, signal: null });
      await databases.resume();
      if (!ends) await expect.poll(() => readLog(folder), { timeout: 60_000 }).toContain("DATABASE_RECOVERED");
    });

    test("a column that is not there is named, and waited for", async () => {
      await using lab = new Lab();
      const { name, folder, start } = await prepare(lab, {});
      await databases.query(name, "ALTER TABLE lease4 RENAME COLUMN hostname TO lost");
      const started = start();
      await expect.poll(() => readLog(folder), { timeout: 60_000 }).toMatch(/OPEN_FAILED .*hostname.*; next try in/);
      await databases.query(name, "ALTER TABLE lease4 RENAME COLUMN lost TO hostname");
      await using server = await started;
      expect(await server.program.stop()).toEqual({ code: 0, signal: null });
    });

    test("read-only: nobody gets an ACK, the log says why, and service resumes when it takes changes again", () =>
      stage(async ({ server, probe, held }) => {
        const before = await getServed(probe, mac(1));
        await databases.halt();
        await databases.resume({ readOnly: true });
        await expect(getServed(probe, mac(2), IMPATIENT)).rejects.toThrow(/got no/);
        await server.program.waitFor(/read.only/i);
        expect((await held()).size).toBe(1);
        await databases.halt();
        await databases.resume();
        const after = await getServed(probe, mac(2), 60_000);
        expect((await getServed(probe, mac(1))).yiaddr).toBe(before.yiaddr);
        expect(await held()).toEqual(
          new Map([
            [mac(1), before.yiaddr],
            [mac(2), after.yiaddr],
          ]),
        );
      }));

    test("disk full: nobody gets an ACK, the log says why, and service resumes when there is room again", () =>
      stage(async ({ server, probe, held }) => {
        await databases.halt();
        const disk = moveToSmallDisk(databases.data);
        try {
          await databases.resume();
          const given = new Map([[mac(0), (await getServed(probe, mac(0), 60_000)).yiaddr]]);
          disk.fill();
          // What is left of pages and logs still takes some leases.
          for (let number = 1; number < 5000; number++) {
            const ack = await getServed(probe, mac(number), IMPATIENT).catch(() => undefined);
            if (ack !== undefined) given.set(mac(number), ack.yiaddr);
            // A busy machine may be slow to answer before the disk is full.
            else if (FULL.test(server.program.output)) break;
          }
          expect(given.size).toBeLessThan(5000);
          await server.program.waitFor(FULL);
          disk.empty();
          given.set(mac(6000), (await getServed(probe, mac(6000), 60_000)).yiaddr);
          const leases = await held();
          for (const [client, address] of given) expect(leases.get(client)).toBe(address);
        } finally {
          await databases.halt();
          run("umount", databases.data);
        }
      }));
  });
});
