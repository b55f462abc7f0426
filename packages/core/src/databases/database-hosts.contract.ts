/** Reservations in a database with Kea's tables, whatever kind it is: what Kea has written, and what it will read. Tests only. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { latin1 } from "../base/bytes.ts";
import { growingPauses, type RetrySchedule } from "../base/retry.ts";
import { LeaseDatabase } from "../config/schema/databases.ts";
import { Reservation4 } from "../config/schema/dhcp4/reservation4.ts";
import { Reservation6 } from "../config/schema/dhcp6/reservation6.ts";
import { describeHostDatabase } from "../hosts/database/host-database.contract.ts";
import type { HostDatabase } from "../hosts/database/host-database.ts";
import type { SqlFamily } from "../hosts/sql/sql-family.ts";
import { sqlFamily4 } from "../hosts/sql/sql-family4.ts";
import { sqlFamily6 } from "../hosts/sql/sql-family6.ts";
import type { HostPlace } from "../hosts/sql/sql-hosts.ts";
import { testHosts4, testHosts6 } from "../hosts/testing/test-hosts.ts";
import { parseIpv4 } from "../ip/ipv4.ts";
import { parseIpv6Key } from "../ip/ipv6-key.ts";
import { type DatabaseSettings, databaseSettings } from "./database-settings.ts";
import { describeHostsForKea30 } from "./hosts-for-kea30.contract.ts";
import type { ConnectionEvent } from "./reconnecting.ts";
import type { HostServer } from "./testing/host-server.ts";

interface HostsKind {
  readonly name: string;
  /** Bytes by their hexadecimal digits, and back. */
  bytes(hex: string): string;
  hex(column: string): string;
  ipv6(text: string): string;
  /** A statement by which options must have classes, as from Kea 3.1 on. @param table of options */
  demandClasses(table: string): string;
  ipv6Text(column: string): string;
  /** False and true, as a column of `SELECT` has them. */
  readonly booleans: readonly [unknown, unknown];
  /** A number of 32 bits, as a column of `SELECT` has it. */
  number(value: number): unknown;
  open<Type extends string, Address, Reservation>(
    tables: SqlFamily<Type, Address, Reservation>,
    place: HostPlace,
    settings: DatabaseSettings,
    schedule: RetrySchedule,
    report: (event: ConnectionEvent) => void,
  ): Promise<HostDatabase<Type, Address, Reservation>>;
}

const NAME = "hosts_database";
const PLACE: HostPlace = { name: "hosts", isReadOnly: false, mayBeAway: false };

/** @param start `undefined` where no such server can be had */
export function describeDatabaseHosts(kind: HostsKind, start: (() => Promise<HostServer>) | undefined): void {
  describe.skipIf(start === undefined)(`reservations in ${kind.name}`, () => {
    let server: HostServer;

    beforeAll(async () => {
      server = await start!();
      await server.createDatabase(NAME);
    });
    afterAll(() => server?.stop());
    beforeEach(async () => {
      for (const table of ["dhcp4_options", "dhcp6_options", "ipv6_reservations", "hosts"]) {
        await server.query(NAME, `DELETE FROM ${table}`);
      }
    });

    const harness = async <Type extends string, Address, Reservation>(
      family: SqlFamily<Type, Address, Reservation>,
    ) => ({
      open: () => open(family),
      dispose: () => Promise.resolve(),
    });
    describeHostDatabase(kind.name, testHosts4, () => harness(sqlFamily4));
    describeHostDatabase(kind.name, testHosts6, () => harness(sqlFamily6));

    function open<Type extends string, Address, Reservation>(
      family: SqlFamily<Type, Address, Reservation>,
      place: Partial<HostPlace> = {},
      report: (event: ConnectionEvent) => void = () => {},
      name = NAME,
    ) {
      const settings = databaseSettings(LeaseDatabase.parse({ ...server.local, name }));
      return kind.open(family, { ...PLACE, ...place }, settings, growingPauses(1), report);
    }

    const insert = (table: string, row: Record<string, string | number | null>) =>
      server.query(
        NAME,
        `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(String).join(", ")})`,
      );

    const card = (hex: string) => ({ type: "hw-address", key: latin1(Buffer.from(hex, "hex")) }) as const;

    it("reads what Kea has written for DHCPv4", async () => {
      await insert("hosts", {
        host_id: 7,
        dhcp_identifier: kind.bytes("0a0b0c0d0e0f"),
        dhcp_identifier_type: 0,
        dhcp4_subnet_id: 4,
        ipv4_address: 0xc000_0205,
        hostname: "'printer'",
        dhcp4_client_classes: "'one, two'",
        dhcp4_next_server: 0xc000_0201,
        dhcp4_server_hostname: "'boot'",
        dhcp4_boot_file_name: "'/b.efi'",
        user_context: `'{ "rack": [4] }'`,
      });
      const option = { host_id: 7, scope_id: 3 };
      await insert("dhcp4_options", {
        ...option,
        code: 6,
        formatted_value: "'192.0.2.1, 192.0.2.2'",
        space: "'dhcp4'",
      });
      await insert("dhcp4_options", {
        ...option,
        code: 222,
        value: kind.bytes("00ff"),
        space: "'dhcp4'",
        persistent: "true",
        user_context: `'{ "why": "not" }'`,
      });
      await insert("dhcp4_options", { ...option, code: 15, space: "'dhcp4'", cancelled: "true" });
      await insert("hosts", {
        dhcp_identifier: kind.bytes("0a0b"),
        dhcp_identifier_type: 3,
        dhcp4_subnet_id: 0,
        ipv4_address: null,
      });
      const database = await open(sqlFamily4);
      const [record, ...others] = await database.load([
        { subnetId: 4, identifiers: [card("0a0b0c0d0e0f")], addresses: [parseIpv4("192.0.2.5")!] },
        { subnetId: 5, identifiers: [card("0a0b0c0d0e0f")], addresses: [parseIpv4("192.0.2.5")!] },
      ]);
      expect(others).toEqual([]);
      expect(record).toEqual({
        id: 7,
        subnetId: 4,
        origin: "hosts.host_id 7",
        reservation: {
          "hw-address": "0a:0b:0c:0d:0e:0f",
          "ip-address": "192.0.2.5",
          hostname: "printer",
          "client-classes": ["one", "two"],
          "next-server": "192.0.2.1",
          "server-hostname": "boot",
          "boot-file-name": "/b.efi",
          "user-context": { rack: [4] },
          "option-data": [
            {
              ...{ code: 6, space: "dhcp4", data: "192.0.2.1, 192.0.2.2", "csv-format": true },
              ...{ "always-send": false, "never-send": false },
            },
            {
              ...{ code: 222, space: "dhcp4", data: "00FF", "csv-format": false },
              ...{ "always-send": true, "never-send": false, "user-context": { why: "not" } },
            },
            {
              ...{ code: 15, space: "dhcp4", data: "", "csv-format": false },
              ...{ "always-send": false, "never-send": true },
            },
          ],
        },
      });
      const [global] = await database.find({ subnetId: 0 });
      expect(global).toMatchObject({ subnetId: 0, reservation: { "client-id": "0A0B" } });
      await database.close();
    });

    it("reads what Kea has written for DHCPv6", async () => {
      const host = { host_id: 8, dhcp6_subnet_id: 6, dhcp6_client_classes: "'one'", hostname: "''" };
      await insert("hosts", { ...host, dhcp_identifier: kind.bytes("00010203"), dhcp_identifier_type: 1 });
      for (const [text, length, type] of [
        ["2001:db8::5", 128, 0],
        ["2001:db8:1::", 48, 2],
        ["2001:db8::6", 128, 0],
      ] as const) {
        await insert("ipv6_reservations", { host_id: 8, address: kind.ipv6(text), prefix_len: length, type });
      }
      const option = { host_id: 8, scope_id: 3, code: 23, space: "'dhcp6'" };
      await insert("dhcp6_options", { ...option, value: kind.bytes("20010db8000000000000000000000001") });
      const database = await open(sqlFamily6);
      const expected = {
        id: 8,
        subnetId: 6,
        origin: "hosts.host_id 8",
        reservation: {
          duid: "00:01:02:03",
          "ip-addresses": ["2001:db8::5", "2001:db8::6"],
          prefixes: ["2001:db8:1::/48"],
          "client-classes": ["one"],
          "option-data": [
            {
              ...{ code: 23, space: "dhcp6", data: "20010DB8000000000000000000000001", "csv-format": false },
              ...{ "always-send": false, "never-send": false },
            },
          ],
        },
      };
      for (const asked of [
        { identifiers: [{ type: "duid", key: "\0\x01\x02\x03" } as const], addresses: [] },
        { identifiers: [], addresses: [parseIpv6Key("2001:db8::6")!] },
        { identifiers: [], addresses: [parseIpv6Key("2001:db8:1::")!] },
      ]) {
        expect(await database.load([{ subnetId: 6, ...asked }])).toEqual([expected]);
      }
      await database.close();
    });

    it("writes as Kea does", async () => {
      const database4 = await open(sqlFamily4);
      const given = {
        "client-id": "01:02",
        hostname: "a\"\\'b",
        "client-classes": ["one", "two"],
        "next-server": "192.0.2.1",
        "user-context": { rack: [4] },
        comment: "it's",
        "option-data": [
          { code: 6, "csv-format": true, data: "192.0.2.1, 192.0.2.2" },
          { code: 222, "csv-format": false, data: "0x00ff", "always-send": true, "user-context": { why: "not" } },
          { code: 43, "csv-format": false, data: "", "never-send": true, space: "dhcp4" },
        ],
      };
      expect(await database4.add({ subnetId: 0, reservation: Reservation4.parse(given) }, true)).toBe(true);
      await database4.close();
      const bytes = kind.hex("dhcp_identifier");
      expect(await server.query(NAME, `SELECT h.*, ${bytes} AS dhcp_identifier FROM hosts AS h`)).toEqual([
        {
          ...{ host_id: expect.anything(), dhcp_identifier: "0102", dhcp_identifier_type: 3 },
          ...{ dhcp4_subnet_id: kind.number(0), dhcp6_subnet_id: null, ipv4_address: null, hostname: "a\"\\'b" },
          ...{
            dhcp4_client_classes: "one,two",
            dhcp6_client_classes: null,
            dhcp4_next_server: kind.number(0xc000_0201),
          },
          ...{ dhcp4_server_hostname: "", dhcp4_boot_file_name: "", auth_key: null },
          user_context: '{"rack":[4],"comment":"it\'s"}',
        },
      ]);
      const options = `SELECT code, ${kind.hex("value")} AS value, formatted_value, space, persistent, cancelled, user_context,
        scope_id FROM dhcp4_options ORDER BY option_id`;
      const [no, yes] = kind.booleans;
      const option = { space: "dhcp4", scope_id: 3, value: null, formatted_value: null, user_context: null };
      expect(await server.query(NAME, options)).toEqual([
        { ...option, code: 6, formatted_value: "192.0.2.1, 192.0.2.2", persistent: no, cancelled: no },
        { ...option, code: 222, value: "00FF", persistent: yes, cancelled: no, user_context: '{"why":"not"}' },
        { ...option, code: 43, persistent: no, cancelled: yes },
      ]);
      const database6 = await open(sqlFamily6);
      const addresses = { "ip-addresses": ["2001:db8::5"], prefixes: ["2001:db8:1::/48"] };
      await database6.add({ subnetId: 6, reservation: Reservation6.parse({ duid: "00:01:02", ...addresses }) }, true);
      await database6.close();
      const leases = `SELECT ${kind.ipv6Text("address")} AS address, prefix_len, type FROM ipv6_reservations ORDER BY reservation_id`;
      expect(await server.query(NAME, leases)).toEqual([
        { address: "2001:db8::5", prefix_len: 128, type: 0 },
        { address: "2001:db8:1::", prefix_len: 48, type: 2 },
      ]);
    });

    describeHostsForKea30({
      server: () => server,
      open: (name) => open(sqlFamily6, {}, undefined, name),
      older: NAME,
      demandClasses: kind.demandClasses,
    });

    it("does not touch what a row of both families has for the other one", async () => {
      const both = { host_id: 9, dhcp4_subnet_id: 4, dhcp6_subnet_id: 6, dhcp6_client_classes: "'six'" };
      await insert("hosts", { ...both, dhcp_identifier: kind.bytes("0a0b"), dhcp_identifier_type: 0 });
      await insert("dhcp6_options", { host_id: 9, scope_id: 3, code: 23 });
      await insert("ipv6_reservations", { host_id: 9, address: kind.ipv6("2001:db8::5") });
      const database4 = await open(sqlFamily4);
      const reservation = Reservation4.parse({ "hw-address": "0a:0b", "ip-address": "192.0.2.1" });
      expect(await database4.update({ subnetId: 4, reservation }, true)).toBe("updated");
      await database4.close();
      const database6 = await open(sqlFamily6);
      const [record] = await database6.find({ subnetId: 6 });
      expect(record?.reservation).toMatchObject({ "ip-addresses": ["2001:db8::5"], "client-classes": ["six"] });
      expect(record?.reservation).toMatchObject({ "option-data": [{ code: 23 }] });
      await database6.close();
    });

    it.each<[string, string, Record<string, string | number>]>([
      ["a user context that is no object", 'user_context "[1]" is no JSON object', { user_context: "'[1]'" }],
      ["a user context that is no JSON", 'user_context "{" is no JSON object', { user_context: "'{'" }],
      ["an identifier of a type that nobody knows", "dhcp_identifier_type 9 is no type", { dhcp_identifier_type: 9 }],
    ])("says what is wrong with a row: %s", async (_, words, row) => {
      await server.query(NAME, "DELETE FROM host_identifier_type WHERE type = 9");
      await server.query(NAME, "INSERT INTO host_identifier_type VALUES (9, 'mine')");
      const good = { dhcp_identifier: kind.bytes("0a0b"), dhcp_identifier_type: 0, dhcp4_subnet_id: 4 };
      await insert("hosts", { ...good, host_id: 7, ...row });
      await insert("hosts", { ...good, host_id: 8, dhcp_identifier: kind.bytes("0a0c") });
      const database = await open(sqlFamily4);
      const [bad, other] = await database.find({ subnetId: 4 });
      await database.close();
      expect(bad).toMatchObject({ id: 7, origin: "hosts.host_id 7", fault: expect.stringContaining(words) });
      expect(other?.fault).toBeUndefined();
    });

    it("says which row of another table is wrong", async () => {
      const host = { dhcp_identifier: kind.bytes("0a0b"), dhcp_identifier_type: 0, dhcp6_subnet_id: 6 };
      await insert("hosts", { ...host, host_id: 7 });
      await insert("ipv6_reservations", { reservation_id: 3, host_id: 7, address: kind.ipv6("2001:db8::5"), type: 5 });
      await insert("hosts", { ...host, host_id: 8, dhcp6_subnet_id: 7 });
      await insert("dhcp6_options", { option_id: 4, host_id: 8, scope_id: 3, code: 23, user_context: "'x'" });
      const database = await open(sqlFamily6);
      expect((await database.page({ after: 0, limit: 9 })).map(({ fault }) => fault)).toEqual([
        "ipv6_reservations.reservation_id 3: type 5 is neither 0 for an address nor 2 for a prefix",
        'dhcp6_options.option_id 4: user_context "x" is no JSON object',
      ]);
      await database.close();
    });

    it("keeps nothing of what cannot be kept whole", async () => {
      const database = await open(sqlFamily4);
      const reservation = {
        "hw-address": "0a:0b",
        "option-data": [{ code: 5, "csv-format": true, space: "x".repeat(200) }],
      };
      await expect(database.add({ subnetId: 4, reservation: Reservation4.parse(reservation) }, true)).rejects.toThrow();
      expect(await database.find({})).toEqual([]);
      const other = Reservation4.parse({ "hw-address": "0a:0b" });
      expect(await database.add({ subnetId: 4, reservation: other }, true)).toBe(true);
      await expect(
        database.update({ subnetId: 4, reservation: Reservation4.parse(reservation) }, true),
      ).rejects.toThrow();
      expect(await database.find({})).toHaveLength(1);
      await database.close();
    });

    it.each([false, true])("that is away, and is back: packets are served meanwhile: %s", async (mayBeAway) => {
      await insert("hosts", { dhcp_identifier: kind.bytes("0a0b"), dhcp_identifier_type: 0, dhcp4_subnet_id: 4 });
      const events: string[] = [];
      const database = await open(sqlFamily4, { mayBeAway }, ({ kind: event }) => events.push(event));
      const load = () => database.load([{ subnetId: 4, identifiers: [card("0a0b")], addresses: [] }]);
      expect(await load()).toHaveLength(1);
      await server.halt();
      await vi.waitFor(() => expect(events).toContain("failed"), 60_000);
      if (mayBeAway) expect(await load()).toEqual([]);
      else await expect(load()).rejects.toThrow("hosts: ");
      await expect(database.find({})).rejects.toThrow();
      await server.resume();
      await vi.waitFor(() => expect(events).toContain("recovered"), 60_000);
      expect(await load()).toHaveLength(1);
      await database.close();
    });
  });
}
