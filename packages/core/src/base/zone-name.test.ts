import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readZone } from "./zone-name.ts";

describe.skipIf(!existsSync("/usr/share/zoneinfo/Europe/Berlin"))("needs the zone database", () => {
  it.each([
    ["Europe/Berlin", 60, "CET"],
    ["Europe/Berlin", 120, "CEST"],
    [":America/New_York", -300, "EST"],
    ["/usr/share/zoneinfo/Asia/Kolkata", 330, "IST"],
    ["Etc/UTC", 0, "UTC"],
  ])("%s, %i minutes east, is %s", (zone, offset, name) => {
    expect(readZone(zone).get(offset)).toBe(name);
  });
});

it("a zone that is not there has no names", () => {
  expect(readZone("No/Where").size).toBe(0);
  expect(readZone("/etc/passwd").size).toBe(0);
});
