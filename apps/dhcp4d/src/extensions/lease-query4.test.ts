/** RFC 4388: relays that ask for leases, where `libdhcp_lease_query.so` lists them. */
import { UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import { BatchHolder } from "@kotare/core/server/packets/intake";
import { beforeEach, describe, expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const ASKER = "203.0.113.9";

const start = (...requesters: string[]) =>
  TestServer4.start({
    "valid-lifetime": 1000,
    "renew-timer": 500,
    "rebind-timer": 800,
    "store-extended-info": true,
    subnet4: [
      { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] },
      { id: 2, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.10-198.51.100.19" }] },
    ],
    "hooks-libraries": [{ library: "libdhcp_lease_query.so", parameters: { requesters } }],
  });

let server: TestServer4;

/** Asks. @param clientId option 61 */
function ask(
  fields: { ciaddr?: string; chaddr?: string; giaddr?: string; hops?: number; flags?: number },
  clientId?: Uint8Array,
) {
  const asker = new TestClient4(server, 9, clientId === undefined ? {} : { clientId });
  return asker.send(asker.message(10, { giaddr: ASKER, chaddr: "", ...fields }));
}

describe("DHCPLEASEQUERY", () => {
  beforeEach(async () => {
    server = await start("203.0.113.0/28", "192.0.2.254");
  });

  it("about an address is answered with what its client has, and for how long still (§6.4.2)", async () => {
    const client = new TestClient4(server, 1, { clientId: Uint8Array.of(1, 2, 3) });
    await client.bind();
    server.clock.advance(600);
    const answer = await ask({ ciaddr: "192.0.2.10" });
    expect(answer).toMatchObject({ ciaddr: "192.0.2.10", yiaddr: "0.0.0.0", chaddr: client.mac, giaddr: ASKER });
    expect([53, 51, 58, 59, 91].map((code) => answer?.option(code)?.length)).toEqual([1, 4, undefined, 4, 4]);
    expect([51, 59, 91].map((code) => answer?.u32(code))).toEqual([400, 200, 600]);
    expect(answer?.option(53)).toEqual(Uint8Array.of(13));
    expect(answer?.option(61)).toEqual(Uint8Array.of(1, 2, 3));
    expect(answer?.sentTo).toContain(`${ASKER}:67`);
    expect(server.count("pkt4-lease-query-received")).toBe(1);
    expect(server.count("pkt4-lease-query-response-active-sent")).toBe(1);
  });

  it("about a client names its latest lease, and the others in option 92 (§6.4.1)", async () => {
    const client = new TestClient4(server, 1);
    await client.bind({ giaddr: "198.51.100.1", options: [[82, [2, 2, 7, 7]]] });
    server.clock.advance(5);
    await client.bind();
    const answer = await ask({ chaddr: client.mac });
    expect([answer?.ciaddr, answer?.ips(92)]).toEqual(["192.0.2.10", "198.51.100.10"]);
    expect(answer?.option(82)).toBeUndefined();
    const other = await ask({ ciaddr: "198.51.100.10" });
    expect([other?.ips(92), other?.option(82)]).toEqual([undefined, Uint8Array.of(2, 2, 7, 7)]);
    expect(other?.codes.at(-1)).toBe(82);
  });

  it("about one known by an identifier is answered, and echoes none of another", async () => {
    await new TestClient4(server, 1, { clientId: Uint8Array.of(9, 9) }).bind();
    expect((await ask({}, Uint8Array.of(9, 9)))?.ciaddr).toBe("192.0.2.10");
  });

  it("about a lease without end has no time left to tell but that", async () => {
    const endless = { "valid-lifetime": 0xffffffff, "client-classes": [] };
    server = await TestServer4.start({
      ...endless,
      subnet4: [{ id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
      "hooks-libraries": [{ library: "libdhcp_lease_query.so", parameters: { requesters: [ASKER] } }],
    });
    await new TestClient4(server, 1).bind();
    server.clock.advance(5);
    const answer = await ask({ ciaddr: "192.0.2.10" });
    expect([answer?.u32(51), answer?.option(58), answer?.option(59)]).toEqual([0xffffffff, undefined, undefined]);
  });

  it.each([
    ["an address that nobody has", { ciaddr: "192.0.2.11" }, 11],
    ["an address whose lease is over", { ciaddr: "192.0.2.10" }, 11],
    ["an address in no pool whose lease is over", { ciaddr: "192.0.2.253" }, 11],
    ["an address that is none of ours", { ciaddr: "10.0.0.1" }, 12],
    ["an address of a subnet that is in no pool", { ciaddr: "192.0.2.254" }, 12],
    ["a client that has nothing", { chaddr: macOf(7) }, 12],
    ["a client whose lease is over", { chaddr: macOf(1) }, 12],
  ])("about %s has no lease to tell (§6.4)", async (_, fields, type) => {
    await new TestClient4(server, 1).bind();
    const elsewhere = { "ip-address": "192.0.2.253", "hw-address": macOf(3), "valid-lft": 900 };
    expect(await server.ask("lease4-add", elsewhere)).toMatchObject({ result: 0 });
    server.clock.advance(1000);
    const answer = await ask(fields);
    expect(answer?.option(53)).toEqual(Uint8Array.of(type));
    expect(answer?.codes).toEqual([53, 54]);
    if ("ciaddr" in fields) expect(answer?.ciaddr).toBe(fields.ciaddr);
  });

  it.each([
    ["of somebody who is not listed", { giaddr: "203.0.113.16", ciaddr: "192.0.2.10" }, "leasequery-not-allowed"],
    ["without a relay (§6.4.3)", { giaddr: "0.0.0.0", ciaddr: "192.0.2.10" }, "leasequery-not-allowed"],
    ["that a relay has taken from somebody", { hops: 1, ciaddr: "192.0.2.10" }, "leasequery-not-allowed"],
    ["about two things (§6.1)", { ciaddr: "192.0.2.10", chaddr: macOf(1) }, "bad-leasequery"],
    ["about nothing", {}, "bad-leasequery"],
  ])("%s gets no answer", async (_, fields, reason) => {
    expect(await ask(fields)).toBeUndefined();
    expect(server.drops()).toEqual([reason]);
  });

  it("is answered to its requester, and not by broadcast to those behind it, of whom one may have asked in its name", async () => {
    await new TestClient4(server, 1).bind();
    const answer = await ask({ ciaddr: "192.0.2.10", flags: 0x8000 });
    expect([answer?.sentTo, answer?.flags]).toEqual([expect.stringContaining(`${ASKER}:67`), 0]);
  });

  it("over DHCPv6 gets no answer, as that would go to whoever has named a requester", async () => {
    const asker = new TestClient4(server, 9);
    server.transport.deliver(asker.message(10, { giaddr: ASKER, chaddr: "", ciaddr: "192.0.2.10" }));
    const batch = server.transport.receive(1)!;
    const clues = { source: UNSPECIFIED, interfaceId: undefined, interfaceName: "eth0" };
    const datagram = { ...batch.datagrams[0]!, over6: { clues, answer: () => true } };
    await server.pipeline.serve([{ datagram, holder: new BatchHolder(batch) }]);
    expect(server.drops()).toEqual(["leasequery-not-allowed"]);
    expect(server.transport.takeSent()).toEqual([]);
  });

  it("is nobody's without the hook", async () => {
    server = await TestServer4.start({ subnet4: [] });
    const asker = new TestClient4(server, 9);
    expect(await asker.send(asker.message(10, { giaddr: ASKER, ciaddr: "192.0.2.10", chaddr: "" }))).toBeUndefined();
    expect(server.drops()).toEqual(["leasequery-not-allowed"]);
  });

  it("changes nothing", async () => {
    await new TestClient4(server, 1).bind();
    const before = server.leases();
    await ask({ ciaddr: "192.0.2.10" });
    await ask({ ciaddr: "192.0.2.11", giaddr: ASKER });
    expect(server.leases()).toEqual(before);
  });
});

it("a requester that is no address or prefix is a fault", async () => {
  await expect(start("203.0.113.300")).rejects.toThrow("is no IPv4 address or prefix");
});
