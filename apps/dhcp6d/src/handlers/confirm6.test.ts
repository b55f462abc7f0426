import { Option6 } from "@kotare/core/dhcp6/option6";
import { describe, expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const network = (id: number) => ({ id, subnet: `2001:db8:${id}::/64` });
const CONFIG = {
  subnet6: [{ id: 9, subnet: "2001:db8::/64" }],
  "shared-networks": [{ name: "floor", interface: "eth7", subnet6: [network(1), network(2)] }],
};

describe("RFC 8415 §18.3.3: CONFIRM", () => {
  it.each([
    ["of the link", "eth0", ["2001:db8::5"], "Success"],
    ["of another link", "eth0", ["2001:db8:1::5"], "NotOnLink"],
    ["of which one is of another link", "eth0", ["2001:db8::5", "2001:db8:1::5"], "NotOnLink"],
    ["of subnets of one shared network", "eth7", ["2001:db8:1::5", "2001:db8:2::5"], "Success"],
  ])("says about addresses %s, on %s: %s %s", async (_, interfaceName, addresses, status) => {
    const server = await TestServer6.start(CONFIG);
    const client = new TestClient6(server, 1);
    client.ingress = { interfaceName };
    expect(await client.confirm(na(1, ...addresses))).toMatchObject({ type: "REPLY", status, ias: [] });
    expect(server.leases()).toEqual([]);
  });

  it("comes with the options that the client asks for", async () => {
    const data = [{ name: "dns-servers", data: "2001:db8::53" }];
    const server = await TestServer6.start({ subnet6: [{ id: 9, subnet: "2001:db8::/64", "option-data": data }] });
    const reply = await new TestClient6(server, 1).confirm(na(1, "2001:db8::5"), option(Option6.oro, "0017"));
    expect(reply?.message.option(23)).toHaveLength(16);
  });

  it.each([
    ["names no address", [na(1), pd(1, "2001:db8:8000::/56")], "2001:db8::1", "nothing-to-confirm"],
    ["comes from a link that we do not know", [na(1, "2001:db8::5")], "2001:db8:ffff::1", "no-subnet"],
  ])("gets no answer when it %s", async (_, parts, link, reason) => {
    const server = await TestServer6.start(CONFIG);
    const client = new TestClient6(server, 1);
    client.relays = [{ link }];
    expect(await client.confirm(...parts)).toBeUndefined();
    expect(server.drops).toEqual([reason]);
  });
});
