/** What debug lines say of how a client was served. */
import { text } from "@kotare/testkit/build-message4";
import { expect, it } from "vitest";
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
