/** What debug lines say of how a client was served: each once, however often it was decided about. */
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { expect, it } from "vitest";
import { na, option, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

it("which subnet, whether a reservation, from where an address, which options", async () => {
  const pools = [{ pool: "2001:db8::10 - 2001:db8::19", "pool-id": 3 }];
  const server = await TestServer6.start({ subnet6: [{ id: 7, subnet: "2001:db8::/64", interface: "eth0", pools }] });
  await new TestClient6(server, 1).solicit(na(1), option(6, "0017"));
  const ids = /^(?:DHCPSRV_CFGMGR|HOSTS_CFG|ALLOC_ENGINE|DHCP6_LEASE_DATA|DHCP6_RESPONSE_OPTIONS)/;
  const lines = server.log.lines.filter((line) => ids.test(line)).map((line) => line.replace(/duid=.*tid=0x\w+: /, ""));
  expect(lines).toEqual([
    "DHCPSRV_CFGMGR_SUBNET6_SELECTED selected subnet 2001:db8::/64 for packet received over interface eth0",
    "HOSTS_CFG_GET_ONE_SUBNET_ID_IDENTIFIER_NULL host not found using subnet id 7",
    expect.stringMatching(/^DHCP6_RESPONSE_OPTIONS the reply has options [\d ]+; the client asked for 23$/),
    "ALLOC_ENGINE_V6_LEASE_CHOSEN 2001:db8::10 in subnet 2001:db8::/64: out of pool 3",
    "DHCP6_LEASE_DATA detailed lease information: 2001:db8::10, valid for 7200 seconds, subnet 7, pool 3",
  ]);
});

it("a broken list of wishes is told as far as it can be read, and costs the client nothing", async () => {
  const server = await TestServer6.start({ subnet6: [{ id: 7, subnet: "2001:db8::/64", interface: "eth0" }] });
  expect((await new TestClient6(server, 1).solicit(na(1), option(6, "001700")))?.type).toBe("ADVERTISE");
  expect(server.log.lines.join("\n")).toMatch(/DHCP6_RESPONSE_OPTIONS .*the client asked for 23$/m);
});

it("with leases in a database each line comes once: after loads, and when another server was quicker", async () => {
  const database = new MemoryDatabase6();
  const config = {
    "client-classes": [
      { name: "late", test: "member('ALL')", "only-in-additional-list": true },
      { name: "never", test: "option[16].exists" },
    ],
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        interface: "eth0",
        pools: [{ pool: "2001:db8::10 - 2001:db8::19" }],
        "evaluate-additional-classes": ["late"],
      },
    ],
  };
  const [here, there] = [await TestServer6.start(config, { database }), await TestServer6.start(config, { database })];
  const alice = new TestClient6(here, 1);
  await alice.solicit(na(1));
  const decision = [
    "DHCP6_CLASSES_ASSIGNED",
    "EVAL_RESULT",
    "DHCPSRV_CFGMGR_SUBNET6_SELECTED",
    "HOSTS_CFG_GET_ONE_SUBNET_ID_IDENTIFIER_NULL",
    "DHCP6_CLASS_ASSIGNED",
    "DHCP6_RESPONSE_OPTIONS",
    "ALLOC_ENGINE_V6_LEASE_CHOSEN",
    "DHCP6_LEASE_DATA",
  ];
  const decisions = () => here.log.ids.filter((id) => decision.includes(id));
  expect(decisions()).toEqual(decision);
  await new TestClient6(there, 2).solicit(na(1));
  await new TestClient6(there, 2).request(na(1, "2001:db8::10"));
  here.log.lines.splice(0);
  expect((await alice.request(na(1, "2001:db8::10")))?.ias).toEqual([expect.stringContaining("2001:db8::1")]);
  expect(decisions()).toEqual(decision);
  expect(here.log.repeated).toEqual([]);
});
