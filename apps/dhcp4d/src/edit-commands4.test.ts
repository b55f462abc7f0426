import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "./testing/test-client4.ts";
import { TestServer4 } from "./testing/test-server4.ts";

const LAN = { id: 44, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }], "renew-timer": 50 };
const FAR = { id: 5, subnet: "10.5.0.0/24", pools: [{ pool: "10.5.0.10-10.5.0.20" }] };
const RELAYED = { always: { giaddr: "10.5.0.1" } };

let server: TestServer4;
let client: TestClient4;
beforeEach(async () => {
  server = await TestServer4.start({
    "valid-lifetime": 7200,
    "client-classes": [{ name: "staff" }],
    "shared-networks": [{ name: "campus", "valid-lifetime": 77, subnet4: [{ id: 11, subnet: "10.2.0.0/24" }] }],
    subnet4: [LAN],
  });
  client = new TestClient4(server, 1, RELAYED);
});

/** What a command is answered with; the text where it is refused. */
async function ask(command: string, given?: object): Promise<unknown> {
  const { result, text, arguments: found } = await server.ask(command, given);
  if (result === 1) return text;
  return found ?? text;
}

const ids = async () => ((await ask("subnet4-list")) as { subnets: { id: number }[] }).subnets.map(({ id }) => id);

describe("subnet4-add", () => {
  it("has a subnet served at once, with its statistics", async () => {
    expect(await client.discover()).toBeUndefined();
    expect(await ask("subnet4-add", { subnet4: [FAR] })).toEqual({ subnets: [{ id: 5, subnet: "10.5.0.0/24" }] });
    expect((await client.discover())?.yiaddr).toBe("10.5.0.10");
    expect(await ids()).toEqual([5, 11, 44]);
    expect(await ask("statistic-get", { name: "subnet[5].total-addresses" })).toMatchObject({
      "subnet[5].total-addresses": [[11, expect.anything()]],
    });
  });

  it.each([
    [{ ...FAR, id: 11 }, "ID of the new IPv4 subnet '11' is already in use"],
    [{ id: 5, subnet: "192.0.2.7/24" }, "subnet with the prefix of '192.0.2.7/24' already exists: its id is 44"],
    [
      { ...FAR, pools: [{ pool: "10.6.0.1-10.6.0.2" }] },
      'arguments.subnet4[0].pools[0].pool: "10.6.0.1-10.6.0.2" is not inside the subnet 10.5.0.0/24; stay within 10.5.0.0 - 10.5.0.255',
    ],
    [{ ...FAR, poools: [] }, 'arguments.subnet4[0].poools: is not a known key; did you mean "pools"?'],
    [
      { ...FAR, "option-data": [{ name: "routers", data: "x" }] },
      expect.stringMatching(/^arguments\.subnet4\[0\]\.option-data\[0\]\.data: .*"x"/),
    ],
  ])("refuses %j and says why; nothing changes", async (subnet, why) => {
    expect(await ask("subnet4-add", { subnet4: [subnet] })).toEqual(why);
    expect(await ids()).toEqual([11, 44]);
  });

  it.each([
    [undefined, 'arguments.subnet4: is missing; write "subnet4"'],
    [{ subnet4: [] }, "arguments.subnet4: has too few entries; give 1"],
    [{ subnet4: [FAR, { ...FAR, id: 6 }] }, "arguments.subnet4: has too many entries; give 1"],
    [{ subnet4: {} }, "arguments.subnet4: is not a list: [ … ]"],
  ])("takes one subnet, not %j", async (given, why) => {
    expect(await ask("subnet4-add", given)).toBe(Buffer.from(why).toString("latin1"));
  });
});

it("subnet4-del ends service; leases stay until they end, and a subnet of this id has them", async () => {
  await ask("subnet4-add", { subnet4: [FAR] });
  await client.bind();
  await ask("subnet4-del", { id: 5 });
  expect(await client.discover()).toBeUndefined();
  expect(await ask("statistic-get", { name: "subnet[5].assigned-addresses" })).toEqual({});
  expect(server.lease("10.5.0.10")).toMatchObject({ subnetId: 5 });
  await ask("subnet4-add", { subnet4: [FAR] });
  expect((await client.discover())?.yiaddr).toBe("10.5.0.10");
  expect(await ask("statistic-get", { name: "subnet[5].assigned-addresses" })).toMatchObject({
    "subnet[5].assigned-addresses": [[1, expect.anything()]],
  });
});

it("subnet4-update replaces what a subnet says but its reservations", async () => {
  const reservations = [{ "hw-address": client.mac, "ip-address": "10.5.0.77" }];
  await ask("subnet4-add", { subnet4: [{ ...FAR, reservations, "valid-lifetime": 9 }] });
  expect(await client.discover()).toMatchObject({ yiaddr: "10.5.0.77" });
  await ask("subnet4-update", { subnet4: [{ id: 5, subnet: FAR.subnet }] });
  expect((await client.discover())?.u32(51)).toBe(7200);
  expect(await client.discover()).toMatchObject({ yiaddr: "10.5.0.77" });
  await ask("subnet4-update", { subnet4: [{ ...FAR, reservations: [] }] });
  expect(await client.discover()).toMatchObject({ yiaddr: "10.5.0.10" });
});

it("a delta is checked as the subnet that comes of it", async () => {
  const wrong = { id: 44, subnet: LAN.subnet, pools: [{ pool: "192.0.2.50-192.0.2.120" }] };
  expect(await ask("subnet4-delta-add", { subnet4: [wrong] })).toMatch(
    /^arguments\.subnet4\[0\]\.pools\[1\]\.pool: "192.0.2.50-192.0.2.120" overlaps arguments\.subnet4\[0\]\.pools\[0\]/,
  );
  expect(await ask("subnet4-delta-add", { subnet4: [{ id: 99, subnet: LAN.subnet }] })).toBe(
    "Can't find subnet '99' to update",
  );
});

it("what an extension reads of a subnet is checked, too", async () => {
  server = await TestServer4.start({ subnet4: [LAN], "hooks-libraries": [{ library: "libdhcp_ddns_tuning.so" }] });
  const tuned = { ...FAR, "user-context": { "ddns-tuning": { "hostname-expr": "nothing(" } } };
  expect(await ask("subnet4-add", { subnet4: [tuned] })).toMatch(
    /^arguments\.subnet4\[0\]\.user-context\.ddns-tuning\.hostname-expr: /,
  );
  expect(await ids()).toEqual([44]);
});

describe("shared networks", () => {
  it("a subnet has from its network what it does not say itself, as long as it is there", async () => {
    await ask("subnet4-add", { subnet4: [FAR] });
    const lifetime = async () => (await client.discover())?.u32(51);
    expect(await lifetime()).toBe(7200);
    await ask("network4-subnet-add", { name: "campus", id: 5 });
    expect(await lifetime()).toBe(77);
    await ask("network4-subnet-del", { name: "campus", id: 5 });
    expect(await lifetime()).toBe(7200);
    await ask("network4-subnet-add", { name: "campus", id: 5 });
    await ask("network4-del", { name: "campus" });
    expect([await lifetime(), await ids()]).toEqual([7200, [5, 11, 44]]);
  });

  it("network4-del takes the subnets along where it is told to", async () => {
    await ask("network4-del", { name: "campus", "subnets-action": "delete" });
    expect(await ids()).toEqual([44]);
  });

  it("what does not go together is refused, wherever it stands", async () => {
    const onLinks = [5, 6].map((id) => ({ id, subnet: `10.${id}.0.0/24`, interface: `eth${id}` }));
    expect(await ask("network4-add", { "shared-networks": [{ name: "floor", subnet4: onLinks }] })).toMatch(
      /^arguments\.shared-networks\[0\]\.subnet4\[1\]\.interface: "eth6" is not the interface/,
    );
    for (const subnet of onLinks) await ask("subnet4-add", { subnet4: [subnet] });
    await ask("network4-subnet-add", { name: "campus", id: 5 });
    expect(await ask("network4-subnet-add", { name: "campus", id: 6 })).toMatch(
      /^Dhcp4\.shared-networks\[0\]\.subnet4\[2\]\.interface: "eth6" is not the interface/,
    );
    expect(await ask("network4-subnet-add", { name: "campus", id: 11 })).toBe(
      "subnet 11 is in shared network 'campus' already",
    );
  });
});

describe("classes", () => {
  const vendor = { name: "phones", test: "option[60].text == 'phone'", "valid-lifetime": 33 };
  const lifetime = async () => (await client.discover({ options: [[60, Buffer.from("phone")]] }))?.u32(51);

  it("are added, changed and removed with what they give", async () => {
    await ask("subnet4-add", { subnet4: [FAR] });
    expect(await lifetime()).toBe(7200);
    expect(await ask("class-add", { "client-classes": [vendor] })).toBe("Class 'phones' added");
    expect(await lifetime()).toBe(33);
    await ask("class-update", { "client-classes": [{ ...vendor, "valid-lifetime": 34 }] });
    expect(await lifetime()).toBe(34);
    await ask("class-del", { name: "phones" });
    expect(await lifetime()).toBe(7200);
  });

  it("one that another one asks for stays", async () => {
    await ask("class-add", { "client-classes": [{ name: "more", test: "member('staff')" }] });
    expect(await ask("class-del", { name: "staff" })).toBe(
      "Class 'staff' is used by class 'more': delete that one first, or change its test",
    );
    expect(await ask("class-add", { "client-classes": [{ name: "bad", test: "member('nobody')" }] })).toMatch(
      /^arguments\.client-classes\[0\]\.test: asks for class "nobody", which is not defined/,
    );
  });
});
