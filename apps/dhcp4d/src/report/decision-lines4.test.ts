/** What debug lines say of how a client was served: each once, however often it was decided about. */

import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { text } from "@kotare/testkit/payloads";
import { describe, expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN = {
  id: 7,
  subnet: "192.0.2.0/24",
  pools: [{ pool: "192.0.2.10 - 192.0.2.19", "pool-id": 3 }],
  reservations: [{ "hw-address": macOf(2), "ip-address": "192.0.2.200" }],
};

const IDS = /^(?:DHCPSRV_CFGMGR|HOSTS_CFG|ALLOC_ENGINE|DHCP4_LEASE_DATA|DHCP4_RESPONSE_OPTIONS|DHCP4_CLASS_UNC)/;

/** The lines of one exchange, without the client. */
async function linesOf(config: Dhcp4Text, talk: (client: TestClient4) => Promise<unknown>, number = 1) {
  const server = await TestServer4.start({ subnet4: [LAN], ...config });
  await talk(new TestClient4(server, number));
  return server.log.lines.filter((line) => IDS.test(line)).map((line) => line.replace(/\[hwtype.*tid=0x\w+: /, ""));
}

it("which subnet, whether a reservation, from where an address, which options", async () => {
  expect(await linesOf({}, (client) => client.discover({ options: [[55, [1, 3]]] }))).toEqual([
    "DHCPSRV_CFGMGR_SUBNET4_SELECTED selected subnet 192.0.2.0/24 for packet received over interface eth0",
    "HOSTS_CFG_GET_ONE_SUBNET_ID_IDENTIFIER_NULL host not found using subnet id 7",
    expect.stringMatching(/^DHCP4_RESPONSE_OPTIONS the reply has options 53 [\d ]+; the client asked for 1 3$/),
    "ALLOC_ENGINE_V4_LEASE_CHOSEN 192.0.2.10 in subnet 192.0.2.0/24: out of pool 3",
    "DHCP4_LEASE_DATA detailed lease information: 192.0.2.10, valid for 7200 seconds, subnet 7, pool 3",
  ]);
});

it("a reservation by what, and that a client had its address already", async () => {
  const lines = await linesOf(
    {},
    async (client) => {
      await client.bind();
      await client.renew("192.0.2.200");
    },
    2,
  );
  expect(lines).toContain(
    `HOSTS_CFG_GET_ONE_SUBNET_ID_IDENTIFIER_HOST using subnet id 7 and identifier hw-address=${macOf(2)}, found host`,
  );
  const chosen = lines.filter((line) => line.startsWith("ALLOC_ENGINE_V4_LEASE_CHOSEN"));
  expect(chosen[0]).toMatch(/192\.0\.2\.200 in subnet 192\.0\.2\.0\/24: reserved for it$/);
  expect(chosen.at(-1)).toMatch(/: its own already, reserved for it$/);
});

it("that there is no subnet", async () => {
  const lines = await linesOf({ subnet4: [] }, (client) => client.discover());
  expect(lines).toEqual(["DHCPSRV_CFGMGR_SUBNET4_NONE no subnet for packet received over interface eth0"]);
});

it("a class that a template has made and nobody has configured", async () => {
  const discover = (client: TestClient4) => client.discover({ options: [[60, text("x")]] });
  const template = { name: "t", "template-test": "option[60].text" };
  const about = (lines: readonly string[]) => lines.filter((line) => line.startsWith("DHCP4_CLASS_UNCONFIGURED"));
  expect(about(await linesOf({ "client-classes": [template] }, discover))).toEqual([
    "DHCP4_CLASS_UNCONFIGURED client packet belongs to an unconfigured class: SPAWN_t_x",
  ]);
  expect(about(await linesOf({ "client-classes": [template, { name: "SPAWN_t_x" }] }, discover))).toEqual([]);
});

describe("with leases in a database, each line comes once", () => {
  /** Every packet is in a class, and in one more when it is known what it gets; of a third it is told why not. */
  const CLASSES: Dhcp4Text = {
    "client-classes": [
      { name: "all", test: "member('ALL')" },
      { name: "late", test: "pkt4.hlen == 6", "only-in-additional-list": true },
      { name: "never", test: "option[60].exists" },
    ],
    subnet4: [{ ...LAN, "evaluate-additional-classes": ["late"] }],
  };
  /** Of how it was decided about an answered packet. */
  const DECISION = [
    "DHCP4_CLASSES_ASSIGNED",
    "EVAL_RESULT",
    "DHCPSRV_CFGMGR_SUBNET4_SELECTED",
    "HOSTS_CFG_GET_ONE_SUBNET_ID_IDENTIFIER_NULL",
    "DHCP4_CLASS_ASSIGNED",
    "DHCP4_RESPONSE_OPTIONS",
    "DHCP4_RESPONSE_DATA",
    "ALLOC_ENGINE_V4_LEASE_CHOSEN",
    "DHCP4_LEASE_DATA",
  ];

  function start(database: MemoryDatabase4): Promise<TestServer4> {
    return TestServer4.start(CLASSES, { database });
  }

  const decisionsIn = ({ log }: TestServer4) => log.ids.filter((id) => DECISION.includes(id));

  it("after what was missed is loaded, or was recalled and would not do", async () => {
    const server = await start(new MemoryDatabase4());
    const client = new TestClient4(server, 1);
    await client.discover();
    expect(decisionsIn(server)).toEqual(DECISION);
    server.log.lines.splice(0);
    // Another offer is no change that the commit would check.
    await client.discover();
    expect(decisionsIn(server)).toEqual(DECISION);
    expect(server.log.repeated).toEqual([]);
  });

  it("of a batch of which another server has taken an address", async () => {
    const database = new MemoryDatabase4();
    const [here, there] = [await start(database), await start(database)];
    const [alice, bob, carol] = [1, 3, 4].map((number) => new TestClient4(here, number)) as [
      TestClient4,
      TestClient4,
      TestClient4,
    ];
    const dave = new TestClient4(there, 5);
    const taken = (await alice.discover())!.yiaddr;
    const kept = (await bob.discover())!.yiaddr;
    await dave.discover();
    here.log.lines.splice(0);
    await dave.select(taken);
    const replies = await here.serve(alice.selectMessage(taken), bob.selectMessage(kept), carol.discoverMessage());
    expect(replies.map(({ type }) => type).sort()).toEqual(["ACK", "NAK", "OFFER"]);
    expect(here.log.ids.filter((id) => id === "DHCP4_CLASSES_ASSIGNED")).toHaveLength(3);
    expect(here.log.ids.filter((id) => id === "DHCP4_RESPONSE_DATA")).toHaveLength(3);
    expect(here.log.repeated).toEqual([]);
  });

  it("of packets whose leases cannot be written, or loaded", async () => {
    const database = new MemoryDatabase4();
    const server = await start(database);
    const client = new TestClient4(server, 1);
    await client.discover();
    server.log.lines.splice(0);
    server.breakDisk();
    await server.serve(client.selectMessage("192.0.2.10"), new TestClient4(server, 3).discoverMessage());
    expect(server.drops()).toEqual(["commit-failed", "commit-failed"]);
    expect(server.log.ids.filter((id) => id === "DHCPSRV_CFGMGR_SUBNET4_SELECTED")).toHaveLength(2);
    expect(server.log.repeated).toEqual([]);
  });

  it("of a packet that is dropped for its class", async () => {
    const server = await start(new MemoryDatabase4());
    server.reconfigure({ ...CLASSES, "client-classes": [{ name: "DROP", test: "pkt4.hlen == 6" }] });
    await new TestClient4(server, 1).discover();
    expect(server.drops()).toEqual(["class-drop"]);
    expect(server.log.lines).toContainEqual(expect.stringMatching(/^DHCP4_CLASSES_ASSIGNED .* classes: ALL, DROP$/));
  });
});
