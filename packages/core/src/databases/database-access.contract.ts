/** Who gets into a database, by which of Kea's keys, and what the others are told. Tests only. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LeaseDatabase } from "../config/schema/databases.ts";
import type { LeaseDatabase4 } from "../leases/database/shared-store4.ts";
import { family4 } from "../leases/testing/test-families.ts";
import type { DatabaseAdmin } from "./database-admin.ts";
import { type DatabaseSettings, databaseSettings } from "./database-settings.ts";

const PASSWORD = "s%cr&t #1";

/** What somebody must show besides the password. */
export type Proof = "nothing" | "tls" | "certificate";

/** What somebody got in by. */
interface Door {
  close(): Promise<void>;
}

/** A server of the kind, started for these tests: it can be reached over TCP, and shows a certificate for `db.example`. */
export interface AccessSubject {
  /** `type`, and the socket. */
  readonly local: object;
  /** `type`, address and port. */
  readonly remote: object;
  /** Who gets in by the socket without a password. */
  readonly administrator: string;
  /** A folder for files; with one of the authority that has signed the server's certificate, and one of another. */
  readonly folder: string;
  readonly anchor: string;
  readonly otherAnchor: string;
  readonly serverKey: string;
  /** For the user `certified`. */
  readonly client: { readonly certificate: string; readonly key: string };
  createDatabase(name: string): Promise<void>;
  /** @param may what with the tables that are in the database now, and those that come */
  createUser(
    name: string,
    password: string,
    database: string,
    may: "all" | "change" | "read",
    proof: Proof,
  ): Promise<void>;
  /** As a daemon of DHCPv4: for leases, for reservations, and for the forensic log. */
  open(settings: DatabaseSettings): Promise<LeaseDatabase4>;
  openHosts(settings: DatabaseSettings, isReadOnly: boolean): Promise<Door>;
  openLog(settings: DatabaseSettings): Promise<Door>;
  openAdmin(settings: DatabaseSettings): Promise<DatabaseAdmin>;
  query(name: string, sql: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Words of the kind's own. */
interface AccessKind {
  readonly name: string;
  readonly wrongPassword: string;
  readonly noPassword: string;
  readonly noRight: RegExp;
  readonly noRightToHosts: RegExp;
  readonly noTable: RegExp;
  readonly unencrypted: string;
  readonly uncertified: string;
}

/** @param start `undefined` where no such server can be had */
export function describeDatabaseAccess(kind: AccessKind, start: (() => Promise<AccessSubject>) | undefined): void {
  describe.skipIf(start === undefined)(`access to ${kind.name}`, () => {
    let server: AccessSubject;

    beforeAll(async () => {
      server = await start!();
      for (const name of ["leases", "bare"]) {
        await server.createDatabase(name);
        const admin = await server.openAdmin(
          settings({ ...server.local, user: server.administrator, password: undefined, name }),
        );
        await admin.init("2.6");
        await admin.close();
      }
      await server.query("bare", "DROP TABLE kotare_clients_lease4");
      for (const [name, database, may, proof] of [
        ["owner", "leases", "all", "nothing"],
        ["changer", "leases", "change", "nothing"],
        ["barechanger", "bare", "change", "nothing"],
        ["reader", "leases", "read", "nothing"],
        ["encrypted", "leases", "all", "tls"],
        ["certified", "leases", "all", "certificate"],
      ] as const) {
        await server.createUser(name, PASSWORD, database, may, proof);
      }
    });
    afterAll(() => server?.stop());

    function settings(keys: object): DatabaseSettings {
      return databaseSettings(LeaseDatabase.parse({ name: "leases", password: PASSWORD, ...keys }));
    }

    async function outcomeOf(open: Promise<Door>): Promise<string> {
      try {
        await (await open).close();
        return "";
      } catch (error) {
        const { message, stack } = error as Error;
        expect(`${message} ${stack}`).not.toContain(PASSWORD);
        return message.split("\n")[0]!;
      }
    }

    /** How it went, for a daemon that wants leases. @returns what it was told; "" where it got in */
    const outcome = (keys: object) => outcomeOf(server.open(settings(keys)));

    /** The same for whatever a daemon wants, and for `db`: all get in or none does. */
    async function outcomeOfAll(keys: object): Promise<string> {
      const by = settings(keys);
      const doors = [server.open(by), server.openAdmin(by), server.openHosts(by, false), server.openLog(by)];
      const words = await Promise.all(doors.map(outcomeOf));
      expect(new Set(words.map((each) => each === "")).size, words.join(" | ")).toBe(1);
      return words[0]!;
    }

    it("is by the password, of the configuration or of a file", async () => {
      const file = join(server.folder, "password");
      writeFileSync(file, `${PASSWORD}\n`);
      const by = { ...server.local, user: "owner" };
      expect(await outcomeOfAll(by)).toBe("");
      expect(await outcomeOfAll({ ...by, password: undefined, "password-file": file })).toBe("");
      expect(await outcomeOfAll({ ...by, password: "wrong" })).toContain(kind.wrongPassword);
      expect(await outcomeOfAll({ ...by, password: undefined })).toContain(kind.noPassword);
      expect(await outcomeOfAll({ ...by, password: undefined, "password-file": `${file}s` })).toContain(`${file}s`);
    });

    it("is had by who may change leases, where our tables are there", async () => {
      const database = await server.open(settings({ ...server.local, user: "changer" }));
      const lease = family4.lease(1);
      const none = { claim: undefined, replaces: undefined, replacement: undefined, unclaimed: undefined };
      expect(await database.commit([{ before: undefined, after: lease, ...none }])).toEqual(new Set());
      expect(await database.page(undefined, 10)).toEqual([lease]);
      expect(await database.commit([{ before: lease, after: undefined, ...none }])).toEqual(new Set());
      await database.close();
      const words = await outcome({ ...server.local, user: "barechanger", name: "bare" });
      expect(words).toMatch(kind.noTable);
      expect(words).toContain('makes ours with "db upgrade"');
    });

    it("is refused at once to who may only read them", async () => {
      expect(await outcome({ ...server.local, user: "reader" })).toMatch(kind.noRight);
    });

    it("is had by who may only read where reservations are only read", async () => {
      const reader = settings({ ...server.local, user: "reader" });
      expect(await outcomeOf(server.openHosts(reader, false))).toMatch(kind.noRightToHosts);
      expect(await outcomeOf(server.openHosts(reader, true))).toBe("");
    });

    it("says of each host why it was not had", async () => {
      const words = await outcome({ ...server.remote, user: "owner", host: "/nosuch,127.0.0.1", port: 1 });
      expect(words).toMatch(/^\/nosuch:1: .*ENOENT.*; 127\.0\.0\.1:1: .*ECONNREFUSED/);
    });

    it("is over TLS where it is asked for, with a server whom the trust anchor knows", async () => {
      const by = { ...server.remote, user: "encrypted" };
      expect(await outcomeOfAll(by)).toContain(kind.unencrypted);
      expect(await outcomeOfAll({ ...by, "trust-anchor": server.anchor })).toBe("");
      expect(await outcomeOfAll({ ...by, "trust-anchor": server.otherAnchor })).toContain("certificate");
      expect(await outcomeOfAll({ ...by, "cipher-list": "HIGH" })).toContain("certificate");
      expect(await outcomeOfAll({ ...by, "ssl-mode": "require" })).toBe("");
      expect(await outcomeOfAll({ ...by, "trust-anchor": server.anchor, "ssl-mode": "verify-full" })).toContain(
        "does not match certificate",
      );
      expect(await outcomeOfAll({ ...by, "trust-anchor": "/nosuch/anchor" })).toContain("/nosuch/anchor");
    });

    it("takes a folder of trust anchors", async () => {
      const folder = join(server.folder, "anchors");
      mkdirSync(folder);
      for (const [index, file] of [server.otherAnchor, server.anchor].entries()) {
        copyFileSync(file, join(folder, `${index}.pem`));
      }
      expect(await outcomeOfAll({ ...server.remote, user: "encrypted", "trust-anchor": folder })).toBe("");
    });

    it("is by a certificate of the client's where it is asked for", async () => {
      const by = { ...server.remote, user: "certified", "trust-anchor": server.anchor };
      const { certificate, key } = server.client;
      expect(await outcomeOfAll(by)).toContain(kind.uncertified);
      expect(await outcomeOfAll({ ...by, "cert-file": certificate, "key-file": key })).toBe("");
      expect(await outcomeOfAll({ ...by, "cert-file": certificate, "key-file": server.serverKey })).toContain(
        "key values mismatch",
      );
    });
  });
}
