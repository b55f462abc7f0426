import { describe, expect, it } from "vitest";
import { TestClient4 } from "./test-client4.ts";
import { TestServer4 } from "./test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };

describe("RFC 2131 §3.1: the exchange of four messages", () => {
  it("gives an address that is then in the lease file", async () => {
    const server = await TestServer4.start({ "valid-lifetime": 4000, subnet4: [LAN] });
    const client = new TestClient4(server, 1);
    const ack = await client.bind();
    expect(ack).toMatchObject({ op: 2, type: "ACK", yiaddr: "192.0.2.10", siaddr: "0.0.0.0", chaddr: client.mac });
    expect(ack.u32(51)).toBe(4000);
    expect(ack.ips(1)).toBe("255.255.255.0");
    expect(ack.ips(54)).toBe("192.0.2.1");
    expect(ack.sentTo).toBe("192.0.2.10:68 on 1 from 192.0.2.1 to 02:00:00:00:00:01");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    expect(server.fileText()).toContain("192.0.2.10,02:00:00:00:00:01,,4000,1800004000,7,0,0,,0,,0\n");
  });
});
