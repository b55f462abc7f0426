import { describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const PREFERRED = { name: "v6-only-preferred", data: "1800" };
const asking = { options: [[55, Uint8Array.of(3, 108)] as const] };

async function clientOf(config: Dhcp4Text): Promise<readonly [TestClient4, TestServer4]> {
  const server = await TestServer4.start(config);
  return [new TestClient4(server, 1), server];
}

const subnet = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.13" }] };
const preferring = { "option-data": [PREFERRED], subnet4: [subnet] };

describe("RFC 8925 §3.3: IPv6-only preferred", () => {
  it("offers no address and holds none, to a client that asks for the option", async () => {
    const [client, server] = await clientOf({
      subnet4: [{ ...subnet, "option-data": [PREFERRED, { name: "routers", data: "192.0.2.1" }] }],
    });
    const offer = await client.discover(asking);
    expect(offer?.yiaddr).toBe("0.0.0.0");
    expect(offer?.codes).toEqual([53, 3, 54, 108]);
    expect((await new TestClient4(server, 2).discover({}))?.yiaddr).toBe("192.0.2.10");
  });

  it("answers where no address is left", async () => {
    const [client, server] = await clientOf({ ...preferring, subnet4: [{ ...subnet, pools: [] }] });
    expect((await client.discover(asking))?.yiaddr).toBe("0.0.0.0");
    expect(server.drops()).toEqual([]);
  });

  it("answers a REQUEST for an address as always, with the option", async () => {
    const [client] = await clientOf(preferring);
    const ack = await client.select("192.0.2.12", asking);
    expect([ack?.type, ack?.yiaddr, ack?.u32(108)]).toEqual(["ACK", "192.0.2.12", 1800]);
  });

  it("offers an address to a client that does not ask for the option", async () => {
    const [client] = await clientOf(preferring);
    expect((await client.discover({}))?.yiaddr).toBe("192.0.2.10");
  });

  it("offers an address where the option is configured for others only", async () => {
    const config = { "client-classes": [{ name: "some", "option-data": [PREFERRED] }], subnet4: [subnet] };
    const [client] = await clientOf(config);
    expect((await client.discover(asking))?.yiaddr).toBe("192.0.2.10");
  });

  it("holds in a shared network where one of its subnets has the option", async () => {
    const other = { ...subnet, id: 8, subnet: "198.51.100.0/24", pools: [], "option-data": [PREFERRED] };
    const [client] = await clientOf({ "shared-networks": [{ name: "n", subnet4: [subnet, other] }] });
    expect((await client.discover(asking))?.yiaddr).toBe("0.0.0.0");
  });
});
