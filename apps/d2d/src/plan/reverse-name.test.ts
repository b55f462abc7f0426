import { expect, test } from "vitest";
import { reverseName } from "./reverse-name.ts";

test.each([
  ["10.1.2.3", "3.2.1.10.in-addr.arpa."],
  // RFC 3596 §2.5.
  ["4321:0:1:2:3:4:567:89ab", "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa."],
])("%s stands at %s", (address, name) => {
  expect(reverseName(address)).toBe(name);
});
