/** RFC 5007: hosts that ask for leases, where `libdhcp_lease_query.so` lists them. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import { readLeaseData6 } from "@kotare/core/server/leasequery/dhcp6/testing/read-lease-data6";
import { beforeEach, describe, expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { type Dhcp6Text, ip6, TestServer6 } from "../testing/test-server6.ts";

const ASKER = "2001:db8:aaaa::9";
const ASKER_DUID = option(Option6.clientId, "00020000000900aa");

const start = (parameters: object = { requesters: ["2001:db8:aaaa::/64"] }, config: Dhcp6Text = {}) =>
  TestServer6.start({
    "preferred-lifetime": 500,
    "valid-lifetime": 1000,
    "store-extended-info": true,
    subnet6: [
      {
        id: 1,
        subnet: "2001:db8:1::/64",
        pools: [{ pool: "2001:db8:1::10-2001:db8:1::1f" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
      { id: 2, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::10-2001:db8:2::1f" }] },
    ],
    "hooks-libraries": [{ library: "libdhcp_lease_query.so", parameters }],
    ...config,
  });

let server: TestServer6;

/** Option 44. */
function query(type: number, link: string, ...parts: readonly Part6[]): Part6 {
  return (writer) => {
    writer
      .openOption(Option6.lqQuery)
      .u8(type)
      .address(link === "" ? UNSPECIFIED : ip6(link));
    for (const part of parts) part(writer);
    writer.closeOption();
  };
}

const address =
  (text: string): Part6 =>
  (writer) =>
    writer.openOption(Option6.iaAddress).address(ip6(text)).u32(0).u32(0).closeOption();

async function ask(parts: readonly Part6[], source = ASKER) {
  const packet = buildMessage6(MessageType6.LEASEQUERY, parts);
  const answer = await server.serve(packet, { source: ip6(source), sourcePort: 4711 });
  return answer && [answer.type, answer.status, readLeaseData6(answer.message)];
}

/** A client behind a relay of a link. */
function clientOn(link: string, number: number): TestClient6 {
  const client = new TestClient6(server, number);
  client.relays = [{ link, options: [option(Option6.interfaceId, "0707")] }];
  return client;
}

describe("LEASEQUERY", () => {
  beforeEach(async () => {
    server = await start();
  });

  it("about an address is answered with what its client has there, and for how long still (§4.4.2)", async () => {
    const client = clientOn("2001:db8:1::1", 1);
    await client.request(na(1));
    server.clock.advance(600);
    expect(await ask([ASKER_DUID, query(1, "", address("2001:db8:1::10"))])).toEqual([
      "LEASEQUERY-REPLY",
      "Success",
      `duid ${client.duid} 2001:db8:1::10 0/400 clt 600 relayed from fe80::2 hop 0 link 2001:db8:1::1 peer fe80::2 options 18`,
    ]);
    expect(server.statistics.global["pkt6-lease-query-received"].value).toBe(1);
    expect(server.statistics.global["pkt6-lease-query-reply-sent"].value).toBe(1);
  });

  it("is answered to the port that it came from", async () => {
    const packet = buildMessage6(MessageType6.LEASEQUERY, [ASKER_DUID, query(1, "", address("2001:db8:1::10"))]);
    await server.serveBatch([packet], { source: ip6(ASKER), sourcePort: 4711 });
    expect(server.transport.takeSent()[0]?.to).toMatchObject({ port: 4711, address: ip6(ASKER) });
  });

  it("about an address in a delegated prefix finds the prefix (§3.3)", async () => {
    await clientOn("2001:db8:1::1", 1).request(pd(1));
    const [, , told] = (await ask([ASKER_DUID, query(1, "", address("2001:db8:8000:77::1"))]))!;
    expect(told).toContain(" 2001:db8:8000::/56 500/1000 ");
  });

  it("about an address in a delegated prefix whose length is none of `prefix-lengths` finds nothing", async () => {
    server = await start({ requesters: [ASKER], "prefix-lengths": [64] });
    await clientOn("2001:db8:1::1", 1).request(pd(1));
    expect(await ask([ASKER_DUID, query(1, "", address("2001:db8:8000:77::1"))])).toEqual([
      "LEASEQUERY-REPLY",
      "Success",
      "",
    ]);
  });

  it("about a client tells all that it has on a link, and of several links only where they are (§4.4.1)", async () => {
    const client = clientOn("2001:db8:1::1", 1);
    await client.request(na(1), pd(2));
    const by = (link: string) => ask([ASKER_DUID, query(2, link, option(Option6.clientId, client.duid))]);
    const both = /^duid 0002\w+ 2001:db8:1::10 500\/1000 2001:db8:8000::\/56 500\/1000 clt 0 relayed/;
    expect(await by("")).toEqual(["LEASEQUERY-REPLY", "Success", expect.stringMatching(both)]);
    client.relays = [{ link: "2001:db8:2::1" }];
    await client.request(na(1));
    expect(await by("")).toEqual(["LEASEQUERY-REPLY", "Success", "links 2001:db8:1:: 2001:db8:2::"]);
    expect(await by("2001:db8:1::ffff")).toEqual(["LEASEQUERY-REPLY", "Success", expect.stringMatching(both)]);
    expect(await by("2001:db8:3::1")).toEqual(["LEASEQUERY-REPLY", "NotConfigured", ""]);
  });

  it("tells several relays as they were nested, the one next to us outside", async () => {
    const client = new TestClient6(server, 1);
    client.relays = [
      { link: "2001:db8:2::1", peer: "2001:db8:1::1", options: [option(Option6.remoteId, "0000000901")] },
      { link: "2001:db8:1::1", options: [option(Option6.interfaceId, "07")] },
    ];
    await client.request(na(1));
    const [, , told] = (await ask([ASKER_DUID, query(1, "", address("2001:db8:1::10"))]))!;
    expect(told?.split("relayed ")[1]).toBe(
      "from 2001:db8:1::1 hop 1 link 2001:db8:2::1 peer 2001:db8:1::1 options 37 hop 0 link 2001:db8:1::1 peer fe80::2 options 18",
    );
  });

  it.each<[string, Part6, string]>([
    ["an address that nobody has", query(1, "", address("2001:db8:1::11")), "Success"],
    ["an address whose lease is over", query(1, "", address("2001:db8:1::10")), "Success"],
    ["an address in no pool", query(1, "", address("2001:db8:1::99")), "NotConfigured"],
    ["no address", query(1, ""), "MalformedQuery"],
    ["a client whose lease is over", query(2, "", option(Option6.clientId, "0002000000090001")), "Success"],
    ["no client", query(2, ""), "MalformedQuery"],
    ["a client with an empty identifier", query(2, "", option(Option6.clientId)), "MalformedQuery"],
    ["a relay, which is for TCP (RFC 5460 §4)", query(3, "", option(Option6.relayId, "00020001")), "NotAllowed"],
    ["something unknown", query(77, ""), "UnknownQueryType"],
  ])("about %s tells no lease", async (_, about, status) => {
    await clientOn("2001:db8:1::1", 1).request(na(1));
    server.clock.advance(1000);
    expect(await ask([ASKER_DUID, about])).toEqual(["LEASEQUERY-REPLY", status, ""]);
  });

  it.each<[string, readonly Part6[], string, string]>([
    ["of somebody who is not listed", [ASKER_DUID, query(1, "")], "2001:db8:bbbb::1", "leasequery-not-allowed"],
    ["of nobody (§4.2.1)", [query(1, "")], ASKER, "no-client-id"],
    ["for another server", [ASKER_DUID, option(Option6.serverId, "00020002"), query(1, "")], ASKER, "foreign-server"],
    ["without a question", [ASKER_DUID], ASKER, "bad-leasequery"],
    ["that is cut off", [ASKER_DUID, option(Option6.lqQuery, "01")], ASKER, "malformed"],
  ])("%s gets no answer", async (_, parts, source, reason) => {
    expect(await ask(parts, source)).toBeUndefined();
    expect(server.drops).toEqual([reason]);
  });

  it("through a relay that may ask gets no answer, as that would go to any client behind it (§5)", async () => {
    const relay = { link: "2001:db8:1::1" };
    const packet = buildMessage6(
      MessageType6.LEASEQUERY,
      [ASKER_DUID, query(1, "", address("2001:db8:1::10"))],
      [relay],
    );
    expect(await server.serve(packet, { source: ip6(ASKER), sourcePort: 547 })).toBeUndefined();
    expect(server.drops).toEqual(["leasequery-not-allowed"]);
  });

  it("changes nothing", async () => {
    await clientOn("2001:db8:1::1", 1).request(na(1));
    const before = server.durableText();
    await ask([ASKER_DUID, query(1, "", address("2001:db8:1::10"))]);
    expect(server.durableText()).toBe(before);
  });
});

it.each([
  ["no address or prefix", { requesters: ["192.0.2.1"] }, "is no IPv6 address or prefix"],
  ["nobody", { requesters: [] }, "requesters"],
])("requesters that are %s are a fault", async (_, parameters, message) => {
  await expect(start(parameters)).rejects.toThrow(message);
});

it("extended-info6-upgrade brings what older Keas have written into today's form, with the ids of relays", async () => {
  server = await start();
  const hop = { hop: 0, link: "2001:db8:1::1", options: "0x0035000400020911", peer: "fe80::7" };
  const old = { "ip-address": "2001:db8:1::50", duid: "00:09:00:50", iaid: 1, "subnet-id": 1 };
  await server.ask("lease6-add", { ...old, "user-context": { ISC: { relays: [hop] } } });
  expect(await server.ask("extended-info6-upgrade")).toMatchObject({ result: 0, text: "Upgraded 1 leases" });
  expect(await server.ask("extended-info6-upgrade")).toMatchObject({ result: 0, text: "Upgraded 0 leases" });
  const info = [{ ...hop, "relay-id": "00020911" }];
  expect(await server.ask("lease6-get", { "ip-address": "2001:db8:1::50" })).toMatchObject({
    arguments: { "user-context": { ISC: { "relay-info": info } } },
  });
});
