/** Leases in a database, whatever kind it is: all that is asked of a store, and what no store in memory shows. Tests only. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ManualClock, type Seconds } from "../base/clock.ts";
import { growingPauses, type RetrySchedule } from "../base/retry.ts";
import { LeaseDatabase } from "../config/schema/databases.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import type { KeaRelease } from "../leases/database/kea-schema.ts";
import type { OnRefused } from "../leases/database/lease-database.ts";
import { describeSharedStores } from "../leases/database/shared-store.contract.ts";
import { type LeaseDatabase4, SharedStore4 } from "../leases/database/shared-store4.ts";
import { type LeaseDatabase6, SharedStore6 } from "../leases/database/shared-store6.ts";
import { type Lease, LeaseState } from "../leases/model/lease.ts";
import { describeLeaseStore } from "../leases/model/lease-store.contract.ts";
import type { RelayIdKind } from "../leases/model/lease-store.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import { type Lease6, LeaseType6 } from "../leases/model/lease6.ts";
import { family4, family6Addresses, family6Prefixes } from "../leases/testing/test-families.ts";
import { withAgentOptions } from "../leases/user-context/agent-options4.ts";
import { type DatabaseSettings, databaseSettings } from "./database-settings.ts";
import type { ConnectionEvent } from "./reconnecting.ts";

export const NOW: Seconds = 1_800_000_000;
export const FIRST = family4.lease(0).address;

/** A server of the kind, started for these tests. */
export interface LeaseServer {
  /** `type`, the socket, and who gets in by it. */
  readonly local: object;
  /** A new database with the schema for Kea 2.6, unless another is wanted. */
  createDatabase(name: string, kea?: KeaRelease): Promise<void>;
  query(name: string, ...sql: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

type Open<L extends Lease, Database> = (
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  onRefused: OnRefused<L>,
) => Promise<Database>;

interface LeasesKind {
  readonly name: string;
  /** An expression for what `information_schema` calls the schema of one's own tables. */
  readonly ownSchema: string;
  readonly open4: Open<Lease4, LeaseDatabase4>;
  readonly open6: Open<Lease6, LeaseDatabase6>;
  /** An address as a column of Kea's gives it. */
  address6(value: unknown): Ipv6Key;
  /** Fills 65,536 addresses, from `FIRST` on, but the one of that number, with leases that are valid at `NOW`. */
  fill(except: number): string;
}

/** What tests of the kind's own go on with. */
export interface LeasesStage<Server> {
  server(): Server;
  /** @returns its name */
  createDatabase(): Promise<string>;
  open4(name: string, onRefused?: OnRefused<Lease4>): Promise<SharedStore4>;
}

/**
 * @param start `undefined` where no such server can be had
 * @param describeOwn tests that only this kind has
 */
export function describeDatabaseLeases<Server extends LeaseServer>(
  kind: LeasesKind,
  start: (() => Promise<Server>) | undefined,
  describeOwn: (stage: LeasesStage<Server>) => void,
): void {
  describe.skipIf(start === undefined)(kind.name, () => {
    let server: Server;
    let databases = 0;

    beforeAll(async () => {
      server = await start!();
    });
    afterAll(() => server?.stop());

    async function createDatabase(kea?: KeaRelease): Promise<string> {
      const name = `leases${databases++}`;
      await server.createDatabase(name, kea);
      return name;
    }

    let emptied: string | undefined;

    /** Always the same one: to make another takes longer than most tests. */
    async function emptyDatabase(): Promise<string> {
      if (emptied === undefined) {
        emptied = await createDatabase();
        return emptied;
      }
      const tables = `SELECT table_name AS name FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_name <> 'lease6_types' AND table_schema = ${kind.ownSchema}
        AND (table_name LIKE 'lease4%' OR table_name LIKE 'lease6%' OR table_name LIKE 'kotare%') ORDER BY table_name`;
      const names = (await server.query(emptied, tables)).map(({ name }) => String(name));
      await server.query(emptied, names.map((name) => `DELETE FROM ${name}`).join("; "));
      return emptied;
    }

    const settingsOf = (name: string) => databaseSettings(LeaseDatabase.parse({ ...server.local, name }));

    async function open4(name: string, onRefused: OnRefused<Lease4> = () => {}): Promise<SharedStore4> {
      const database = await kind.open4(settingsOf(name), growingPauses(), () => {}, onRefused);
      return new SharedStore4(database, new ManualClock(NOW));
    }

    async function open6(name: string): Promise<SharedStore6> {
      const ignore = () => {};
      return new SharedStore6(
        await kind.open6(settingsOf(name), growingPauses(), ignore, ignore),
        new ManualClock(NOW),
      );
    }

    const harness = async <Store>(open: (name: string) => Promise<Store>) => {
      const name = await emptyDatabase();
      return { now: NOW, open: () => open(name), dispose: () => Promise.resolve() };
    };
    describeLeaseStore(kind.name, family4, () => harness(open4));
    describeSharedStores(kind.name, family4, () => harness(open4));
    for (const family of [family6Addresses, family6Prefixes]) {
      describeLeaseStore(kind.name, family, () => harness(open6));
      describeSharedStores(kind.name, family, () => harness(open6));
    }

    it("what the database refuses for good is told, and the others are made", async () => {
      const name = await createDatabase();
      await server.query(name, "ALTER TABLE lease4 ADD CONSTRAINT no_thirteen CHECK (subnet_id <> 13)");
      const refused: string[] = [];
      const store = await open4(name, ({ after }, { message }) => refused.push(`${after?.subnetId}: ${message}`));
      const look = async (...leases: readonly Lease4[]) => {
        const batch = store.begin();
        for (const lease of leases) {
          batch.byAddress(lease.address);
          batch.byClientId(lease.clientId!);
        }
        await batch.load();
        return batch;
      };
      const [former, next] = [family4.lease(3, { cltt: NOW }), family4.lease(4, { cltt: NOW }, 3)];
      const before = await look(former);
      before.put(former);
      expect(await before.commit()).toEqual({ kind: "durable" });
      const leases = [family4.lease(1, { cltt: NOW }), { ...family4.lease(2, { cltt: NOW }), subnetId: 13 }];
      const batch = await look(...leases, former, next);
      for (const lease of leases) batch.put(lease);
      // One who gives up what it has gets what it is to have.
      batch.remove(former.address);
      batch.put(next);
      expect(await batch.commit()).toEqual({ kind: "taken", changes: new Set([1]) });
      expect((await store.page(-1, 9)).map(({ address }) => address)).toEqual([leases[0]!.address, next.address]);
      expect(refused).toEqual([expect.stringMatching(/^13: .*no_thirteen/)]);
      await store.close();
    });

    it("to a lease that Kea has released happens what happens to a reclaimed one, and a registered one is held", async () => {
      const name = await createDatabase("3.0");
      const [released, forgotten, registered] = [FIRST + 1, FIRST + 2, FIRST + 3];
      const columns = "address, hwaddr, valid_lifetime, expire, subnet_id, state";
      for (const [address, state] of [
        [released, 3],
        [forgotten, 3],
        [registered, 4],
      ]) {
        await server.query(
          name,
          `INSERT INTO lease4 (${columns}) VALUES (${address}, 'a', 0, CURRENT_TIMESTAMP, 7, ${state})`,
        );
      }
      const later = Math.floor(Date.now() / 1000) + 3600;
      const store = await open4(name);
      const batch = store.begin();
      for (const address of [released, registered]) batch.byAddress(address);
      await batch.load();
      const read = [released, registered].map((address) => batch.byAddress(address)?.state);
      expect(read).toEqual([LeaseState.reclaimed, LeaseState.registered]);
      batch.put({ ...family4.lease(1, { cltt: NOW }), address: released });
      batch.put({ ...batch.byAddress(registered)!, state: LeaseState.reclaimed });
      expect(await batch.commit()).toEqual({ kind: "durable" });

      const upkeep = store.begin();
      const over = await upkeep.forgettable(later, 60, 10);
      expect(over.map(({ address }) => address).sort()).toEqual([forgotten, registered]);
      for (const lease of over) upkeep.discard(lease);
      expect(await upkeep.commit()).toEqual({ kind: "durable" });
      const rows = await server.query(name, "SELECT address, state FROM lease4");
      expect(rows.map((row) => [row["address"], row["state"]].map(Number))).toEqual([[released, 0]]);

      // Kea takes a name out of the DNS when it reclaims the lease, and so does who reclaims it in Kea's place.
      for (const [number, flags] of ["true, false", "false, true", "false, false"].entries()) {
        await server.query(
          name,
          `INSERT INTO lease4 (${columns}, fqdn_fwd, fqdn_rev, hostname)
            VALUES (${FIRST + 4 + number}, 'a', 0, CURRENT_TIMESTAMP, 7, 3, ${flags}, 'a.example.org')`,
        );
      }
      const reclaiming = store.begin();
      const named = await reclaiming.expired(later, 10);
      expect(named.map(({ address }) => address - FIRST).sort()).toEqual([4, 5]);
      for (const lease of named) reclaiming.put({ ...lease, fqdnFwd: false, fqdnRev: false });
      expect(await reclaiming.commit()).toEqual({ kind: "durable" });
      const states = await server.query(name, `SELECT state FROM lease4 WHERE address > ${registered} ORDER BY state`);
      expect(states.map(({ state }) => Number(state))).toEqual([2, 2, 3]);
      await store.close();
    });

    it("leases are found by the ids of their relays and by their names, in pages", async () => {
      const name = await emptyDatabase();
      const store = await open4(name);
      const withIds = (lease: Lease4, relay: string) => ({
        ...lease,
        userContext: withAgentOptions("", Buffer.from(`0c02aa${relay}0201bb`, "hex")),
      });
      const batch = store.begin();
      for (const number of [1, 2, 3, 4, 5]) batch.byAddress(family4.lease(number).address);
      await batch.load();
      const hostnames = ["", "printer.example.org", "Printer.example.ORG", "PRINTER.example.org"];
      for (const number of [3, 1, 2])
        batch.put({ ...withIds(family4.lease(number), "01"), hostname: hostnames[number]! });
      batch.put(withIds(family4.lease(4), "02"));
      batch.put(family4.lease(5));
      expect(await batch.commit()).toEqual({ kind: "durable" });
      const found = async (kind: RelayIdKind, id: string, after?: number) =>
        (await store.marked({ kind, id: Buffer.from(id, "hex") }, after, 2)).map(({ address }) => address - FIRST);
      expect(await found("relay-id", "aa01")).toEqual([1, 2]);
      expect(await found("relay-id", "aa01", FIRST + 2)).toEqual([3]);
      expect(await found("remote-id", "bb", FIRST + 3)).toEqual([4]);
      expect(await found("remote-id", "cc")).toEqual([]);
      const named = async (hostname: string, after?: number) =>
        (await store.marked({ kind: "hostname", name: hostname }, after, 2)).map(({ address }) => address - FIRST);
      expect(await named("printer.Example.org")).toEqual([1, 2]);
      expect(await named("printer.Example.org", FIRST + 2)).toEqual([3]);
      expect(await named("printer")).toEqual([]);
      await store.close();
    });

    describe("DHCPv6 leases and the ids of their relays", () => {
      const [one, two, prefix] = [family6Addresses.lease(1), family6Addresses.lease(2), family6Prefixes.lease(3)];
      const numbers = new Map([one, two, prefix].map(({ address }, i) => [address, i + 1]));
      const through = (lease: Lease6, ...relays: readonly Readonly<Record<string, string>>[]): Lease6 => ({
        ...lease,
        userContext: relays.length === 0 ? "" : JSON.stringify({ ISC: { "relay-info": relays } }),
      });

      async function put(store: SharedStore6, ...leases: readonly Lease6[]) {
        const batch = store.begin();
        for (const { type, address, duid } of leases) {
          batch.byAddress(type, address);
          batch.byDuid(duid);
        }
        await batch.load();
        for (const lease of leases) batch.put(lease);
        return await batch.commit();
      }

      /** As `1 aa01`, by lease and id. */
      async function rowsOf(name: string, column: string): Promise<readonly string[]> {
        const rows = await server.query(name, `SELECT ${column} AS id, lease_addr FROM lease6_${column}`);
        return rows
          .map((row) => `${numbers.get(kind.address6(row["lease_addr"]))} ${(row["id"] as Buffer).toString("hex")}`)
          .sort();
      }

      const all = async (name: string) => [await rowsOf(name, "relay_id"), await rowsOf(name, "remote_id")];

      it("rows come with a lease, change with its relays, and go with it", async () => {
        const name = await emptyDatabase();
        const store = await open6(name);
        const near = { "relay-id": "AA01", "remote-id": "BB" };
        const far = { "relay-id": "AA02" };
        await put(store, through(one, near, far, near), through(two, near), prefix);
        expect(await all(name)).toEqual([
          ["1 aa01", "1 aa02", "2 aa01"],
          ["1 bb", "2 bb"],
        ]);
        await put(store, through({ ...one, cltt: NOW + 1 }, near, far, near), through(two), through(prefix, far));
        expect(await all(name)).toEqual([["1 aa01", "1 aa02", "3 aa02"], ["1 bb"]]);
        const found = async (id: RelayIdKind, hex: string, after?: Ipv6Key) =>
          (await store.marked({ kind: id, id: Buffer.from(hex, "hex") }, after, 1)).map(({ address }) =>
            numbers.get(address),
          );
        expect(await found("relay-id", "aa02")).toEqual([3]);
        expect(await found("relay-id", "aa02", prefix.address)).toEqual([1]);
        expect(await found("remote-id", "bb")).toEqual([1]);
        expect(await found("remote-id", "aa01")).toEqual([]);
        const batch = store.begin();
        batch.byAddress(one.type, one.address);
        await batch.load();
        batch.remove(one.type, one.address);
        expect(await batch.commit()).toEqual({ kind: "durable" });
        expect(await all(name)).toEqual([["3 aa02"], []]);
        await store.close();
      });

      it("a lease that is written as it was gets the rows that it lacks; one that keeps its relays costs nothing", async () => {
        const name = await emptyDatabase();
        const store = await open6(name);
        const lease = through(one, { "relay-id": "AA01" });
        await put(store, lease);
        await server.query(name, "DELETE FROM lease6_relay_id");
        await put(store, { ...lease, cltt: NOW + 1 });
        expect(await all(name)).toEqual([[], []]);
        await put(store, { ...lease, cltt: NOW + 1 });
        expect(await all(name)).toEqual([["1 aa01"], []]);
        await put(store, { ...lease, cltt: NOW + 1 });
        expect(await all(name)).toEqual([["1 aa01"], []]);
        await store.close();
      });

      it("what another server has given meanwhile has its own; what is too long for Kea's column is left out", async () => {
        const name = await emptyDatabase();
        const [quick, slow] = [await open6(name), await open6(name)];
        const batch = slow.begin();
        batch.byAddress(one.type, one.address);
        batch.byDuid(two.duid);
        await batch.load();
        await put(quick, through(one, { "relay-id": "AA01", "remote-id": "C".repeat(512) }));
        batch.put(through({ ...one, duid: two.duid }, { "relay-id": "DD" }));
        expect((await batch.commit()).kind).toBe("taken");
        expect(await all(name)).toEqual([["1 aa01"], []]);
        for (const store of [quick, slow]) await store.close();
      });
    });

    it("registered addresses are counted with those in use and declined ones, by Kea's statistics", async () => {
      const name = await createDatabase("3.0");
      const columns = "address, duid, valid_lifetime, expire, subnet_id, lease_type, iaid, prefix_len, state";
      const states = [0, 1, 2, 4, 4];
      for (const [i, state] of states.entries()) {
        const address = kind.name === "MariaDB" ? `INET6_ATON('2001:db8::${i}')` : `'2001:db8::${i}'`;
        await server.query(
          name,
          `INSERT INTO lease6 (${columns}) VALUES (${address}, 'a', 0, CURRENT_TIMESTAMP, 7, 0, 1, 128, ${state})`,
        );
      }
      const store = await open6(name);
      const { assigned, declined, registered } = LeaseState;
      const all = { subnetId: 7, poolId: 0, type: LeaseType6.address };
      expect(new Set(await store.countHeld())).toEqual(
        new Set([
          { ...all, state: assigned, count: 1 },
          { ...all, state: declined, count: 1 },
          { ...all, state: registered, count: 2 },
        ]),
      );
      await store.close();
    });

    it("a row of which nothing but the address is there, or what no server writes, harms nobody, and gives way", async () => {
      const name = await createDatabase("3.0");
      const bad: readonly string[] = [
        "NULL, NULL, NULL, NULL, NULL, NULL",
        "'a', NULL, NULL, NULL, NULL, 'no JSON'",
        `'a', 0, CURRENT_TIMESTAMP, 7, 3, '{ "ISC": [ ${"1, ".repeat(9000)}1 ] }'`,
        `'a', 4294967295, NULL, 7, 2, '{ "ISC": { "relay-agent-info": 7 } }'`,
      ];
      const columns = "address, hwaddr, valid_lifetime, expire, subnet_id, state, user_context";
      for (const [i, values] of bad.entries()) {
        await server.query(name, `INSERT INTO lease4 (${columns}) VALUES (${FIRST + i}, ${values})`);
      }
      const store = await open4(name);
      const addresses = bad.map((_, i) => FIRST + i);
      expect((await store.page(-1, 10)).map(({ address }) => address)).toEqual(addresses);
      expect((await store.tally()).reduce((sum, { count }) => sum + count, 0)).toBe(bad.length);
      const batch = store.begin();
      for (const address of addresses) batch.byAddress(address);
      await batch.load();
      for (const address of addresses) batch.put({ ...family4.lease(address - FIRST, { cltt: NOW }), address });
      expect(await batch.commit()).toEqual({ kind: "durable" });
      const [row] = await server.query(
        name,
        "SELECT COUNT(*) AS n FROM lease4 WHERE valid_lifetime = 3600 AND state = 0",
      );
      expect(Number(row!["n"])).toBe(bad.length);
      await store.close();
    });

    it("finds the last free address of a /16 in three loads, wherever it is", async () => {
      const name = await createDatabase();
      let free = 0;
      await server.query(name, kind.fill(free));
      for (const last of [0, 300, 40_000, 65_535]) {
        await server.query(name, `UPDATE lease4 SET address = ${FIRST + free} WHERE address = ${FIRST + last}`);
        free = last;
        const store = await open4(name);
        const pool = store.openPool({ first: FIRST, last: FIRST + 65_535, excluded: [] });
        const batch = store.begin();
        for (let loads = 0; loads < 3 && batch.available(pool, NOW) === undefined; loads++) await batch.load();
        expect(batch.available(pool, NOW)).toBe(FIRST + last);
        await store.close();
      }
    });

    describeOwn({ server: () => server, createDatabase, open4 });
  });
}
