/** What of a reservation only the tables of Kea 3.0 have columns for, whatever kind of database it is. Tests only. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Reservation6Config } from "../config/dhcp6-config.ts";
import { Reservation6 } from "../config/schema/dhcp6/reservation6.ts";
import type { HostDatabase } from "../hosts/database/host-database.ts";
import type { HostIdentifierType6 } from "../hosts/model/host6.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import type { HostServer } from "./testing/host-server.ts";

interface Stage {
  server(): HostServer;
  open(name: string): Promise<HostDatabase<HostIdentifierType6, Ipv6Key, Reservation6Config>>;
  /** A statement by which options must have classes. */
  demandClasses(table: string): string;
  /** A database for Kea 2.6. */
  readonly older: string;
}

export function describeHostsForKea30({ server, open, older, demandClasses }: Stage): void {
  describe("for Kea 3.0", () => {
    const NAME_30 = "hosts_for_kea_30";
    beforeAll(() => server().createDatabase(NAME_30, "3.0"));

    const options = [
      { code: 23, "csv-format": true, data: "2001:db8::53", "client-classes": ["one", 'with "quotes"'] },
      { code: 24, "csv-format": true, data: "example.org" },
    ];
    const prefixes = ["2001:db8:1::/48", "2001:db8:2::/48"];
    const given = {
      duid: "00:01:02",
      prefixes,
      "excluded-prefixes": ["", "2001:db8:2:ff::/64"],
      "option-data": options,
    };

    it("options for some classes and excluded prefixes are kept", async () => {
      const database = await open(NAME_30);
      await database.add({ subnetId: 6, reservation: Reservation6.parse(given) }, true);
      const [record] = await database.find({ subnetId: 6 });
      expect(record?.reservation).toMatchObject({
        prefixes,
        "excluded-prefixes": given["excluded-prefixes"],
        "option-data": options,
      });
      expect(Reservation6.parse(record?.reservation)["option-data"][1]?.["client-classes"]).toEqual([]);
      const classes = await server().query(NAME_30, "SELECT client_classes FROM dhcp6_options ORDER BY option_id");
      expect(classes.map((row) => row["client_classes"])).toEqual([String.raw`[ "one", "with \"quotes\"" ]`, "[  ]"]);
      const lengths = await server().query(
        NAME_30,
        "SELECT excluded_prefix_len AS length FROM ipv6_reservations ORDER BY reservation_id",
      );
      expect(lengths.map((row) => row["length"])).toEqual([0, 64]);
      await database.close();
    });

    it("what later schemas do not take without classes has an empty list of them", async () => {
      await server().query(NAME_30, demandClasses("dhcp6_options"));
      const database = await open(NAME_30);
      const reservation = { duid: "00:01:03", "option-data": options.slice(1) };
      expect(await database.add({ subnetId: 6, reservation: Reservation6.parse(reservation) }, true)).toBe(true);
      await database.close();
    });

    it.each(["one", '{"one": 1}', "[1]"])("classes that are no list of names are told of: %s", async (classes) => {
      await server().query(NAME_30, `UPDATE dhcp6_options SET client_classes = '${classes}' WHERE code = 23`);
      const database = await open(NAME_30);
      const [record] = await database.find({ subnetId: 6 });
      expect(record?.fault).toMatch(/^dhcp6_options\.option_id \d+: client_classes .* is no JSON list of names$/);
      await database.close();
    });

    it("what has no column in a database for Kea 2.6 is refused there, and nothing is kept of it", async () => {
      const database = await open(older);
      const { "option-data": _, ...excluded } = given;
      for (const [what, reservation] of [
        ["excluded-prefixes", excluded],
        ["client-classes of option 23", { duid: "00:01:02", "option-data": options }],
      ] as const) {
        const words = `${what} have no column in the schema of Kea 2.6: "db upgrade --kea 3.0" makes it`;
        const kept = database.add({ subnetId: 6, reservation: Reservation6.parse(reservation) }, true);
        await expect(kept).rejects.toThrow(words);
      }
      expect(await database.find({})).toEqual([]);
      await database.close();
    });
  });
}
