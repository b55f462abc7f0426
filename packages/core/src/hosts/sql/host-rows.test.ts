import { describe, expect, it } from "vitest";
import { writeOption } from "./host-rows.ts";

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
