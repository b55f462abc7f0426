import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { readReservation } from "../../config/check/read-reservation.ts";
import { reservationRules4 } from "../../config/dhcp4/reservation-rules4.ts";
import { reservationRules6 } from "../../config/dhcp6/reservation-rules6.ts";
import { dhcp4Spaces } from "../../dhcp4/options/dhcp4-spaces.ts";
import { dhcp6Spaces } from "../../dhcp6/options/dhcp6-spaces.ts";
import { RowFault, writeOption } from "./host-rows.ts";
import { sqlFamily4 } from "./sql-family4.ts";
import { sqlFamily6 } from "./sql-family6.ts";

describe("an option of a reservation as a row", () => {
  const entry = { code: 6, data: "192.0.2.53", "csv-format": true, "client-classes": [] as string[] };

  it("has its text, or its bytes", () => {
    const named = (option: Parameters<typeof writeOption>[0]) =>
      Object.fromEntries(
        writeOption(option, "dhcp4", { hasOptionClasses: false }).map(({ name, value }) => [name, value]),
      );
    expect(named(entry)).toMatchObject({ code: 6, formatted_value: "192.0.2.53", value: null, space: "dhcp4" });
    const bytes = named({ ...entry, data: "c0000235", "csv-format": false });
    expect(bytes).toMatchObject({ formatted_value: null, value: Uint8Array.of(192, 0, 2, 53) });
  });

  it("is refused where it is for some classes only, which the row could not say", () => {
    expect(() => writeOption({ ...entry, "client-classes": ["a"] }, "dhcp4", { hasOptionClasses: false })).toThrow(
      'client-classes of option 6 have no column in the schema of Kea 2.6: "db upgrade --kea 3.0" makes it',
    );
  });
});

/** What a column may have, whatever Kea writes there. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "",
    "0102030405",
    "'",
    "{}",
    '{"a":1}',
    "[1]",
    "[]",
    '["a"]',
    "null",
    "a,,b",
    "192.0.2.1",
    "2001:db8::1",
  ),
);
const column = fc.oneof(fc.constant(null), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), text);
const option = fc.tuple(
  ...[fc.nat(), fc.integer({ min: -1, max: 70_000 }), fc.option(fc.constantFrom("", "0", "0AFF", "XY"))],
  ...[fc.option(text), fc.option(text), fc.boolean(), fc.boolean(), fc.option(text), fc.option(text)],
);
const lease = fc.tuple(
  ...[fc.nat(), text, fc.integer({ min: -1, max: 200 }), fc.integer({ min: -1, max: 4 })],
  ...[fc.option(text), fc.option(fc.integer({ min: -1, max: 200 }))],
);

describe.each([
  ["DHCPv4", sqlFamily4, (row: object) => readReservation(reservationRules4, row, dhcp4Spaces)],
  ["DHCPv6", sqlFamily6, (row: object) => readReservation(reservationRules6, row, dhcp6Spaces)],
] as const)("rows of a reservation of %s", (_, { columns, read }, check) => {
  it("are a reservation or say what is wrong with them, whatever is in them", () => {
    const own = fc.tuple(fc.integer({ min: -1, max: 6 }), text, ...columns.map(() => column));
    const rows = fc.tuple(own, fc.array(option, { maxLength: 2 }), fc.array(lease, { maxLength: 2 }));
    fc.assert(
      fc.property(rows, ([values, ...parts]) => {
        let record: object;
        try {
          record = read([...values, ...parts]);
        } catch (error) {
          expect(error).toBeInstanceOf(RowFault);
          return;
        }
        const result = check(record);
        if ("faults" in result) expect(result.faults).not.toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});
