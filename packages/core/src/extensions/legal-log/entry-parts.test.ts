/** What an entry of the forensic log is about. */
import { expect, it } from "vitest";
import { placeOf } from "./entry-parts.ts";

it.each([
  [{ "ip-address": "192.0.2.1" }, "192.0.2.1"],
  [{ "ip-address": "2001:db8::1", "prefix-len": 128, type: "IA_NA" }, "2001:db8::1"],
  [{ "ip-address": "2001:db8::", "prefix-len": 56, type: "IA_PD" }, "2001:db8::/56"],
  [{ "ip-address": "2001:db8::", "prefix-len": 56, type: 2 }, "2001:db8::/56"],
  [{ "identifier-type": "duid", identifier: "00:01" }, undefined],
])("%j is about %s", (lease, place) => {
  expect(placeOf(lease)).toBe(place);
});
