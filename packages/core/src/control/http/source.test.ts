import { expect, it } from "vitest";
import { sourceOf } from "./source.ts";

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"],
  ["fe80::1%eth0", "fe80::"],
  ["unknown", "unknown"],
])("%s comes from %s", (address, source) => {
  expect(sourceOf(address)).toBe(source);
});
