import { describe, expect, test } from "vitest";
import { parseIpv6Key } from "../../ip/ipv6-key.ts";
import { nextHopOf, withNextHop } from "./next-hop6.ts";

const hop = { via: parseIpv6Key("fe80::2")!, dev: "eth0" };
const kept = '{ "kotare": { "pd-route": { "via": "fe80::2", "dev": "eth0" } } }';

describe("the next hop of a lease", () => {
  test.each([
    ["", kept],
    [kept, kept],
    ["no JSON at all", kept],
    ["[1]", kept],
    ['{ "kotare": null }', kept],
    [
      '{ "ISC": { "relay-info": [  ] } }',
      '{ "ISC": { "relay-info": [  ] }, "kotare": { "pd-route": { "via": "fe80::2", "dev": "eth0" } } }',
    ],
    ['{ "kotare": { "other": 1 } }', '{ "kotare": { "other": 1, "pd-route": { "via": "fe80::2", "dev": "eth0" } } }'],
  ])("is kept in %s", (before, after) => {
    expect(withNextHop(before, hop)).toBe(after);
    expect(nextHopOf(after)).toEqual(hop);
  });

  test.each([
    ["", ""],
    ["no JSON at all", "no JSON at all"],
    ['{"site":1}', '{"site":1}'],
    [kept, ""],
    ['{ "kotare": { "other": 1, "pd-route": { "via": "fe80::2", "dev": "eth0" } } }', '{ "kotare": { "other": 1 } }'],
    ['{ "a": 1, "kotare": { "pd-route": 7 } }', '{ "a": 1 }'],
  ])("is taken out of %s", (before, after) => {
    expect(withNextHop(before, undefined)).toBe(after);
  });

  test.each([
    "",
    '{ "kotare": { "pd-route": null } }',
    '{ "kotare": { "pd-route": { "via": "fe80::2" } } }',
    '{ "kotare": { "pd-route": { "via": "eth0", "dev": "eth0" } } }',
    '{ "kotare": 1 }',
  ])("is unknown in %s", (context) => {
    expect(nextHopOf(context)).toBeUndefined();
  });
});
