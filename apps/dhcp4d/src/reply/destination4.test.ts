import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { subOptions } from "@kotare/testkit/build-message4";
import { describe, expect, it } from "vitest";
import { type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { ETH0, TestServer4 } from "../testing/test-server4.ts";

const config = {
  authoritative: true,
  subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
};
const CLIENT = "02:00:00:00:00:01";
const RELAY = "02:00:00:00:00:99";
const relayed: Query4Change = { giaddr: "192.0.2.2", mac: RELAY };

/** Where the answer to a REQUEST for 192.0.2.10 goes. */
async function sentTo(change: Query4Change, interfaces = [ETH0]): Promise<string | undefined> {
  const server = await TestServer4.start(config, { interfaces });
  return (await new TestClient4(server, 1).select("192.0.2.10", change))?.sentTo;
}

describe("RFC 2131 §4.1: where a reply goes", () => {
  it.each<[string, Query4Change, string]>([
    [
      "a client without an address: to the new one, by the frame's way back",
      {},
      `192.0.2.10:68 on 1 from 192.0.2.1 to ${CLIENT}`,
    ],
    [
      "to the hardware address of the frame, not to that in chaddr",
      { mac: RELAY },
      `192.0.2.10:68 on 1 from 192.0.2.1 to ${RELAY}`,
    ],
    ["a client that sets the broadcast flag: to all", { flags: 0x8000 }, "255.255.255.255:68 on 1 from 192.0.2.1"],
    [
      "a client without an address of its own hardware: by the frame's way back",
      { htype: 32, chaddr: "", options: [[61, [0, 1, 2]]] },
      `192.0.2.10:68 on 1 from 192.0.2.1 to ${CLIENT}`,
    ],
    ["a frame whose sender is not known, as over UDP: to all", { mac: "" }, "255.255.255.255:68 on 1 from 192.0.2.1"],
    ["a relay: to giaddr, port 67, by the frame's way back", relayed, `192.0.2.2:67 on 1 from 192.0.2.1 to ${RELAY}`],
    [
      "a relay, whatever the broadcast flag says",
      { ...relayed, flags: 0x8000 },
      `192.0.2.2:67 on 1 from 192.0.2.1 to ${RELAY}`,
    ],
    [
      "a relay whose MAC address is not known: the kernel finds it",
      { giaddr: "192.0.2.2", mac: "" },
      "192.0.2.2:67 on 1 from 192.0.2.1",
    ],
    [
      "RFC 8357 §5.1: a relay on another port that says so: to that port",
      { ...relayed, sourcePort: 1067, options: [[82, subOptions([19, []])]] },
      `192.0.2.2:1067 on 1 from 192.0.2.1 to ${RELAY}`,
    ],
    [
      "a relay on another port that does not say so: to port 67",
      { ...relayed, sourcePort: 1067 },
      `192.0.2.2:67 on 1 from 192.0.2.1 to ${RELAY}`,
    ],
    [
      "a client with an address: to that address",
      { ciaddr: "192.0.2.10" },
      `192.0.2.10:68 on 1 from 192.0.2.1 to ${CLIENT}`,
    ],
    [
      "a client with an address, through a router: by the frame's way back",
      { ciaddr: "192.0.2.10", mac: RELAY },
      `192.0.2.10:68 on 1 from 192.0.2.1 to ${RELAY}`,
    ],
  ])("%s", async (_, change, expected) => {
    expect(await sentTo(change)).toBe(expected);
  });

  it("RFC 2131 §4.3.2: a NAK is broadcast, unless it goes through a relay", async () => {
    const server = await TestServer4.start(config);
    const client = new TestClient4(server, 1);
    expect((await client.select("10.0.0.1"))!.sentTo).toBe("255.255.255.255:68 on 1 from 192.0.2.1");
    expect((await client.renew("192.0.2.200"))!.sentTo).toBe("255.255.255.255:68 on 1 from 192.0.2.1");
    expect((await client.select("10.0.0.1", relayed))!.sentTo).toBe(`192.0.2.2:67 on 1 from 192.0.2.1 to ${RELAY}`);
  });

  it("comes from the address that the client wrote to, else from the interface's first", async () => {
    const addresses = ["192.0.2.1", "192.0.2.250"].map((address) => parseIpv4(address)!);
    const interfaces = [{ ...ETH0, addresses }];
    expect(await sentTo({ destination: "192.0.2.250" }, interfaces)).toContain(" from 192.0.2.250 ");
    expect(await sentTo({}, interfaces)).toContain(" from 192.0.2.1 ");
  });

  it("leaves on the interface that the message came in on", async () => {
    const eth1 = { ...ETH0, index: 2, name: "eth1" };
    expect(await sentTo({ ifindex: 2 }, [ETH0, eth1])).toContain(" on 2 ");
  });

  it.each([
    ["udp", 0],
    ["raw", 1],
  ])("is left to the kernel's routes with use-routing, over UDP sockets only: %s", async (type, ifindex) => {
    const interfaces = { "dhcp-socket-type": type, "outbound-interface": "use-routing" };
    const server = await TestServer4.start({ ...config, "interfaces-config": interfaces });
    const reply = await new TestClient4(server, 1).select("192.0.2.10", relayed);
    expect(reply?.sentTo).toContain(`192.0.2.2:67 on ${ifindex} from 192.0.2.1`);
  });
});
