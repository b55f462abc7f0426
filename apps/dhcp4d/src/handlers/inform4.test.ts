import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let server: TestServer4;
let alice: TestClient4;

beforeEach(async () => {
  server = await TestServer4.start({
    "option-data": [{ name: "domain-name-servers", data: "192.0.2.53" }],
    "renew-timer": 10,
    subnet4: [
      { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] },
      { id: 8, subnet: "10.0.0.0/24", "option-data": [{ name: "domain-name-servers", data: "10.0.0.53" }] },
    ],
  });
  alice = new TestClient4(server, 1);
});

describe("RFC 2131 §4.3.5: INFORM", () => {
  it("is answered with options only: no address, no lifetime, no lease", async () => {
    const ack = await alice.inform({ ciaddr: "192.0.2.200" });
    expect(ack).toMatchObject({ type: "ACK", yiaddr: "0.0.0.0", ciaddr: "192.0.2.200" });
    expect(ack!.ips(6)).toBe("192.0.2.53");
    for (const code of [51, 58, 59]) expect(ack!.codes).not.toContain(code);
    expect(server.leases()).toEqual([]);
  });

  it.each([
    [
      "with an address, to that address",
      { ciaddr: "192.0.2.200" },
      "192.0.2.200:68 on 1 from 192.0.2.1 to 02:00:00:00:00:01",
    ],
    [
      "without one, to where it came from",
      { source: "192.0.2.201" },
      "192.0.2.201:68 on 1 from 192.0.2.1 to 02:00:00:00:00:01",
    ],
    ["relayed with an address, past the relay", { ciaddr: "10.0.0.9", giaddr: "10.0.0.1" }, "10.0.0.9:68"],
    ["with an address in the message only, to that", { ciaddr: "192.0.2.200", source: "0.0.0.0" }, "192.0.2.200:68"],
    [
      "from a relay that says where it is in the message only",
      { giaddr: "10.0.0.1", source: "0.0.0.0" },
      "10.0.0.1:67",
    ],
    ["relayed without one, through the relay", { giaddr: "10.0.0.1" }, "10.0.0.1:67"],
  ])("%s", async (_, change, sentTo) => {
    expect((await alice.inform(change))!.sentTo.startsWith(sentTo)).toBe(true);
  });

  it("with an address, through a relay, is answered as if it had come directly", async () => {
    const through = { ciaddr: "10.0.0.9", giaddr: "10.0.0.1", hops: 1, options: [[82, [1, 1, 65]] as const] };
    expect(await alice.inform(through)).toMatchObject({ giaddr: "0.0.0.0", hops: 0, flags: 0 });
    expect((await alice.inform(through))!.codes).not.toContain(82);
  });

  it("relayed without an address asks the relay to broadcast (RFC 2131 §4.1)", async () => {
    expect((await alice.inform({ giaddr: "10.0.0.1" }))!.flags).toBe(0x8000);
  });

  it("gets the options of the subnet that the client is in", async () => {
    expect((await alice.inform({ ciaddr: "10.0.0.9", giaddr: "10.0.0.1" }))!.ips(6)).toBe("10.0.0.53");
    expect((await alice.inform({ ciaddr: "10.0.0.9", destination: "192.0.2.1" }))!.ips(6)).toBe("10.0.0.53");
  });

  it("gets what is configured, and nothing of a pool or of the client's name, as in Kea", async () => {
    server.reconfigure({
      "ddns-replace-client-name": "when-not-present",
      "option-data": [
        { name: "subnet-mask", data: "255.255.0.0" },
        { name: "dhcp-lease-time", data: "9" },
      ],
      subnet4: [
        {
          id: 7,
          subnet: "192.0.2.0/24",
          pools: [
            { pool: "192.0.2.10-192.0.2.19", "option-data": [{ name: "domain-name-servers", data: "192.0.2.9" }] },
          ],
        },
      ],
    });
    const ack = await alice.inform({
      ciaddr: "192.0.2.15",
      options: [
        [55, [1, 6, 12, 51]],
        [12, Buffer.from("alice")],
      ],
    });
    expect([ack!.codes, ack!.ips(1)]).toEqual([[53, 1, 54], "255.255.0.0"]);
  });

  it("without any address to answer to is dropped", async () => {
    expect(await alice.inform()).toBeUndefined();
    expect(server.drops()).toEqual(["no-address-to-answer"]);
  });

  it("from where no subnet is gets no answer", async () => {
    expect(await alice.inform({ ciaddr: "198.51.100.9", destination: "192.0.2.1" })).toBeUndefined();
    expect(server.drops()).toEqual(["no-subnet"]);
  });
});
