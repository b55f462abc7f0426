import { describe, expect, it } from "vitest";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import { keptRelays, relayIdsOf } from "./relay-info6.ts";

const near = { hop: 0, link: "2001:db8::1", options: "0x00120001AA", peer: "fe80::2", "remote-id": "0000000901" };
const far = { hop: 1, link: "::", peer: "2001:db8::1", "relay-id": "00030001" };

const context = (isc: object) => JSON.stringify({ ISC: isc });

describe("relays of a lease", () => {
  it.each([
    ["as we and Kea 2.6 keep them", { "relay-info": [near, far] }],
    ["as Kea 3 does", { "relay-info": [far, near] }],
    ["as older Keas do", { relays: [near, far] }],
  ])("%s: the one next to the client comes first", (_, isc) => {
    const relays = keptRelays(context(isc));
    expect(relays.map(({ hopCount, linkAddress }) => [hopCount, formatIpv6Key(linkAddress)])).toEqual([
      [0, "2001:db8::1"],
      [1, "::"],
    ]);
    expect(relays.map(({ options }) => options.length)).toEqual([5, 0]);
    expect(relayIdsOf(context(isc), "relay-id")).toEqual(["00030001"]);
    expect(relayIdsOf(context(isc), "remote-id")).toEqual(["0000000901"]);
  });

  it.each([
    "",
    "{",
    '{"ISC":{"relay-info":7}}',
    '{"ISC":{"relay-info":[7,null,{}]}}',
    context({ "relay-info": [{ ...near, link: 7 }] }),
  ])("of %s are none", (text) => {
    expect(keptRelays(text)).toEqual([]);
  });
});
