/** The forensic log in a database with Kea's tables, whatever kind it is. Tests only. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { growingPauses, type RetrySchedule } from "../../base/retry.ts";
import { LeaseDatabase } from "../../config/schema/databases.ts";
import type { DatabaseAdmin } from "../../databases/database-admin.ts";
import { type DatabaseSettings, databaseSettings } from "../../databases/database-settings.ts";
import type { LogTable } from "../../databases/log-table.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import { LegalDatabase, type LegalDatabaseOptions } from "./legal-database.ts";

/** A server of the kind, started for these tests. */
export interface LogServer {
  /** `type`, the socket, and who gets in by it. */
  readonly local: object;
  /** A new database that is empty. */
  createDatabase(name: string): Promise<void>;
  /** One whose character set is ISO 8859-1. */
  createNarrowDatabase(name: string): Promise<void>;
  query(name: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

interface LogKind {
  readonly name: string;
  /** What makes text of the column `timestamp`: Unix time in milliseconds, as exact as the column is. */
  readonly time: string;
  /** As exact as it is, in milliseconds. */
  readonly exactness: number;
  open(
    settings: DatabaseSettings,
    schedule: RetrySchedule,
    report: (event: ConnectionEvent) => void,
    mayBeAway: boolean,
  ): Promise<LogTable>;
  openAdmin(settings: DatabaseSettings): Promise<DatabaseAdmin>;
}

const NAME = "log_database";

/** @param start `undefined` where no such server can be had */
export function describeLegalDatabase(kind: LogKind, start: (() => Promise<LogServer>) | undefined): void {
  describe.skipIf(start === undefined)(`the forensic log in ${kind.name}`, () => {
    let server: LogServer;
    let said: string[];
    const log = { info: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
    const settingsOf = (name: string) => databaseSettings(LeaseDatabase.parse({ ...server.local, name }));

    beforeAll(async () => {
      server = await start!();
      await server.createDatabase(NAME);
      const admin = await kind.openAdmin(settingsOf(NAME));
      await admin.init("2.6").finally(() => admin.close());
    });
    afterAll(() => server?.stop());
    beforeEach(async () => {
      said = [];
      await server.query(NAME, "DELETE FROM logs");
    });

    /** @param wrap what stands between it and the table */
    async function open(
      change: Partial<LegalDatabaseOptions> = {},
      wrap: (table: LogTable) => LogTable = (table) => table,
      mayBeAway = false,
      name = NAME,
    ): Promise<LegalDatabase> {
      const store = await LegalDatabase.open(
        { name: "the table", stopsService: false, pause: 20, patience: 60_000, ...change },
        async (report) => wrap(await kind.open(settingsOf(name), growingPauses(20, 20), report, mayBeAway)),
        systemClock,
        log,
      );
      onTestFinished(() => store.close());
      return store;
    }

    const append = (store: LegalDatabase, ...texts: readonly string[]) =>
      store.append(texts.map((text) => ({ address: "192.0.2.1", text })));
    const rows = () => server.query(NAME, `SELECT address, log, ${kind.time} AS at FROM logs`);
    const logs = async () => (await rows()).map((row) => row["log"]).sort();

    it("has each entry with its time and its address when that is said", async () => {
      const store = await open();
      const before = Date.now();
      await store.append([
        { address: "2001:db8::/56", text: 'one\'s \\ "entry"' },
        { address: undefined, text: "two\nlines" },
      ]);
      const found = await rows();
      expect(found.map(({ address, log: text }) => [text, address]).sort()).toEqual([
        ['one\'s \\ "entry"', "2001:db8::/56"],
        ["two\nlines", null],
      ]);
      for (const { at } of found) {
        expect(Number(at)).toBeGreaterThan(before - kind.exactness);
        expect(Number(at)).toBeLessThanOrEqual(Date.now());
      }
      expect(said).toEqual([]);
    });

    it("has text for bytes of any kind and number", async () => {
      const store = await open();
      await append(store, Buffer.from("grüße 🦆").toString("latin1"), "\xff\0", "x".repeat(100_000));
      expect(await logs()).toEqual(["grüße 🦆", "x".repeat(16_000), "ÿ\ufffd"].sort());
      expect(said).toEqual([]);
    });

    it("has the rest of a text that its character set cannot have", async () => {
      const name = "narrow";
      await server.createNarrowDatabase(name);
      await server.query(
        name,
        `CREATE TABLE schema_version (version INT, minor INT);
        INSERT INTO schema_version VALUES (22, 2);
        CREATE TABLE logs (timestamp TIMESTAMP, address VARCHAR(43), log TEXT NOT NULL)`,
      );
      const store = await open({}, undefined, false, name);
      await append(store, Buffer.from("a 🦆").toString("latin1"));
      expect(await server.query(name, "SELECT log FROM logs")).toEqual([{ log: "a ?" }]);
      expect(said).toEqual([]);
    });

    it("has all of many entries that come at a time, once", async () => {
      const store = await open();
      const texts = Array.from({ length: 1000 }, (_, i) => `entry ${i}`);
      await Promise.all(texts.map((text) => append(store, text)));
      expect(await logs()).toEqual(texts.toSorted());
    });

    it("goes on without it and has all entries once it is back, told once", async () => {
      const store = await open();
      await append(store, "before");
      await server.halt();
      await append(store, "while", "away");
      await append(store, "too");
      expect(said).toEqual([expect.stringMatching(/^the table does not take the forensic log: .*; service goes on/)]);
      await server.resume();
      await vi.waitFor(() => expect(said).toHaveLength(2), 60_000);
      expect(said[1]).toMatch(/^the table takes the forensic log again, after \d+ s: no entry is missing$/);
      await append(store, "after");
      expect(await logs()).toEqual(["after", "away", "before", "too", "while"]);
      expect(said).toHaveLength(2);
    });

    it("may be away at the start", async () => {
      await server.halt();
      const store = await open({}, undefined, true);
      await append(store, "early");
      await server.resume();
      await vi.waitFor(async () => expect(await logs()).toEqual(["early"]), 60_000);
      await server.halt();
      await expect(open()).rejects.toThrow();
      await server.resume();
    });

    it("has an entry once though its answer was lost", async () => {
      let isLost = true;
      const store = await open({}, (table) => ({
        async insert(some, isInDoubt) {
          await table.insert(some, isInDoubt);
          if (isLost) throw new Error("the answer is lost");
        },
        close: () => table.close(),
      }));
      await append(store, "one");
      await append(store, "two");
      isLost = false;
      await vi.waitFor(() => expect(said).toHaveLength(2), 60_000);
      await append(store, "one", "three");
      expect(await logs()).toEqual(["one", "one", "three", "two"]);
    });

    it("keeps so many entries while the disk is full, and says in the table how many are missing", async () => {
      let isFull = true;
      const store = await open({ mostWaiting: 3 }, (table) => ({
        async insert(some, isInDoubt) {
          if (isFull) throw new Error("no space left");
          await table.insert(some, isInDoubt);
        },
        close: () => table.close(),
      }));
      for (const text of ["a", "b", "c", "d", "e"]) await append(store, text);
      isFull = false;
      await vi.waitFor(() => expect(said).toHaveLength(2), 60_000);
      expect(await logs()).toEqual([
        "2 entries are missing here that the database did not take in time",
        "c",
        "d",
        "e",
      ]);
      expect(said[0]).toMatch(/no space left; service goes on, and up to 3 entries wait$/);
      expect(said[1]).toMatch(/: 2 entries are missing$/);
    });

    it("is waited for only so long when it is slow", async () => {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const store = await open({ patience: 50 }, (table) => ({
        async insert(some, isInDoubt) {
          await held;
          await table.insert(some, isInDoubt);
        },
        close: () => table.close(),
      }));
      await append(store, "slow");
      expect(said).toEqual([expect.stringContaining("no answer for 0.05 s")]);
      release();
      await vi.waitFor(() => expect(said).toHaveLength(2), 60_000);
      expect(await logs()).toEqual(["slow"]);
    });

    it("stops service where the operator wants that", async () => {
      const store = await open({ stopsService: true });
      await append(store, "before");
      await server.halt();
      await expect(append(store, "while")).rejects.toThrow();
      await server.resume();
      await vi.waitFor(() => expect(said).toHaveLength(2), 60_000);
      await append(store, "after");
      expect(await logs()).toEqual(["after", "before", "while"]);
    });

    it("tells what it has not taken when it ends", async () => {
      const store = await open();
      await server.halt();
      await append(store, "never");
      await store.close();
      expect(said.at(-1)).toBe("1 entries of the forensic log are lost: the table did not take them");
      await server.resume();
    });

    it("wants the table, and says how it is made", async () => {
      await server.query(NAME, "ALTER TABLE logs RENAME TO other");
      await expect(open()).rejects.toThrow('"db upgrade"');
      const admin = await kind.openAdmin(settingsOf(NAME));
      await admin.upgrade().finally(() => admin.close());
      await append(await open(), "one");
      expect(await logs()).toEqual(["one"]);
    });
  });
}
