/** `libdhcp_flex_id.so`, in DHCPv6: reservations and leases by what an expression says. */
import { Option6 } from "@kotare/core/dhcp6/option6";
import { describe, expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

async function start(parameters: object) {
  const server = await TestServer6.start({
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
        reservations: [{ "flex-id": "'port7'", "ip-addresses": ["2001:db8::77"] }],
      },
    ],
    "host-reservation-identifiers": ["duid", "flex-id"],
    "hooks-libraries": [
      {
        library: "libdhcp_flex_id.so",
        parameters: { "identifier-expression": "relay6[0].option[18].hex", ...parameters },
      },
    ],
  });
  /** Behind a relay that says where it is plugged in. */
  return (number: number, port: string) => {
    const client = new TestClient6(server, number);
    client.relays = [{ link: "2001:db8::1", options: [option(18, Buffer.from(port).toString("hex"))] }];
    return client;
  };
}

it("a reservation is found by it", async () => {
  const clientAt = await start({});
  expect((await clientAt(1, "port7").solicit(na(1)))?.ias[0]).toContain("2001:db8::77 ");
  expect((await clientAt(2, "port8").solicit(na(1)))?.ias[0]).toContain("2001:db8::10 ");
});

it("replace-client-id: another device at the same place has the same lease, and sees its own DUID", async () => {
  const clientAt = await start({ "replace-client-id": true });
  for (const number of [1, 2]) {
    const client = clientAt(number, "port8");
    const reply = await client.request(na(1));
    expect(reply?.ias[0]).toContain("2001:db8::10 ");
    expect(Buffer.from(reply!.message.option(Option6.clientId)!).toString("hex")).toBe(client.duid);
  }
  expect((await clientAt(3, "port9").request(na(1)))?.ias[0]).toContain("2001:db8::11 ");
});

describe("ignore-iaid", () => {
  it("an association is the same whatever its number, and comes back with the one that the client knows", async () => {
    const clientAt = await start({ "ignore-iaid": true });
    const client = clientAt(1, "port8");
    expect((await client.request(na(1)))?.ias[0]).toMatch(/^na 1 .* 2001:db8::10 /);
    expect((await client.request(na(2)))?.ias[0]).toMatch(/^na 2 .* 2001:db8::10 /);
    expect((await client.renew(na(3, "2001:db8::10")))?.ias[0]).toMatch(/^na 3 .* 2001:db8::10 /);
    expect((await client.release(na(4, "2001:db8::10")))?.ias[0]).toMatch(/^na 4 .* Success$/);
  });

  it("unless the client has several of its kind", async () => {
    const clientAt = await start({ "ignore-iaid": true });
    const reply = await clientAt(1, "port8").request(na(1), na(2), pd(3));
    expect(reply?.ias).toEqual([
      expect.stringMatching(/^na 1 .* 2001:db8::10 /),
      expect.stringMatching(/^na 2 .* 2001:db8::11 /),
      expect.stringMatching(/^pd 3 /),
    ]);
  });
});
