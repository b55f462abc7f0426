import { expect, test } from "vitest";
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import { parseRelaySupplied } from "./relay-supplied6.ts";

test.each([
  ["65", 65],
  ["65535", 65535],
  ["erp-local-domain-name", 65],
  ["0", undefined],
  ["65536", undefined],
  ["routers", undefined],
  ["", undefined],
])("%j in relay-supplied-options is option %s", (text, code) => {
  expect(parseRelaySupplied(text, dhcp6Spaces)).toBe(code);
});
