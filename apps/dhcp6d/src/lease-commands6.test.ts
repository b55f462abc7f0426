import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient6 } from "./testing/test-client6.ts";
import { TestServer6 } from "./testing/test-server6.ts";

const SUBNETS = [
  {
    id: 66,
    subnet: "2001:db8:1::/64",
    pools: [{ pool: "2001:db8:1::10-2001:db8:1::99" }],
    "pd-pools": [{ prefix: "2001:db8:100::", "prefix-len": 40, "delegated-len": 56 }],
  },
  { id: 77, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::/80", "pool-id": 3 }] },
];
const CLIENT = { duid: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1234 };
const ADDED = { ...CLIENT, "ip-address": "2001:db8:1::50" };
const PREFIX = { ...CLIENT, "ip-address": "2001:db8:100::", type: "IA_PD", "prefix-len": 56, "subnet-id": 66 };
const NOW = 1_800_000_000;
/** As answers show them. */
const BARE = { cltt: NOW, "fqdn-fwd": false, "fqdn-rev": false, hostname: "", state: 0, "subnet-id": 66 };
const SHOWN = { ...ADDED, ...BARE, "preferred-lft": 7200, type: "IA_NA", "valid-lft": 7200 };

let server: TestServer6;
beforeEach(async () => {
  server = await TestServer6.start({ "valid-lifetime": 7200, subnet6: SUBNETS });
});

describe("lease6-add", () => {
  it("adds an address", async () => {
    expect(await server.ask("lease6-add", ADDED)).toEqual({
      result: 0,
      text: "Lease for address 2001:db8:1::50, subnet-id 66 added.",
    });
    expect(await server.ask("lease6-get", { "ip-address": "2001:db8:1::50" })).toEqual({
      result: 0,
      text: "IPv6 lease found.",
      arguments: SHOWN,
    });
  });

  it("adds a prefix, which is another lease than the address of its first", async () => {
    expect(await server.ask("lease6-add", PREFIX)).toEqual({
      result: 0,
      text: "Lease for prefix 2001:db8:100::/56, subnet-id 66 added.",
    });
    expect(await server.ask("lease6-get", { "ip-address": "2001:db8:100::" })).toMatchObject({ result: 3 });
    const found = await server.ask("lease6-get", { "ip-address": "2001:db8:100::", type: "IA_PD" });
    expect(found.arguments).toEqual({ ...PREFIX, ...BARE, "preferred-lft": 7200, "valid-lft": 7200 });
  });

  it("keeps the client's hardware address and all lifetimes", async () => {
    const given = { ...ADDED, "hw-address": "01:02:03:04:05:06", "preferred-lft": 500, "valid-lft": 1000 };
    await server.ask("lease6-add", given);
    expect((await server.ask("lease6-get", ADDED)).arguments).toEqual({ ...SHOWN, ...given });
  });

  it.each([
    [ADDED, 4, "IPv6 lease already exists."],
    [{ ...ADDED, "ip-address": "2001:db8:9::1" }, 4, "failed to find a subnet for address 2001:db8:9::1"],
    [{ ...ADDED, "subnet-id": 9 }, 4, "No IPv6 subnet with subnet-id=9"],
    [{ ...ADDED, "subnet-id": 77 }, 4, "2001:db8:1::50 does not belong to subnet 2001:db8:2::/64, subnet-id=77"],
    [{ ...PREFIX, "subnet-id": 0 }, 1, "allowed for address leases only"],
    [{ ...PREFIX, "prefix-len": undefined }, 1, "arguments.prefix-len: is missing"],
    [{ ...PREFIX, "ip-address": "2001:db8:100::1" }, 1, "exceeds prefix/prefix-len pair: 2001:db8:100::/56"],
    [{ ...PREFIX, "prefix-len": 52 }, 4, "prefix 2001:db8:100::/52 has addresses of another prefix that is leased"],
    [{ ...ADDED, duid: "1a" }, 1, 'arguments.duid: "1a" is not a DUID of 3 to 130 bytes'],
    [{ ...ADDED, duid: "00:00:00" }, 1, "has no DUID"],
    [{ ...ADDED, iaid: -5 }, 1, "arguments.iaid: -5 is too small"],
    [{ ...ADDED, type: "IA_TA" }, 1, 'write "IA_NA" or "IA_PD"'],
    [{ ...ADDED, "fqdn-rev": true }, 1, "No hostname specified"],
    [{ ...ADDED, state: 5 }, 1, "arguments.state: 5 is too large; it must be at most 4"],
    [{ ...PREFIX, state: 4 }, 1, "arguments.state: 4, registered, is of addresses only"],
  ])("%j is refused with %i", async (given, result, text) => {
    await server.ask("lease6-add", ADDED);
    await server.ask("lease6-add", PREFIX);
    const before = server.leases();
    expect(await server.ask("lease6-add", given)).toEqual({ result, text: expect.stringContaining(text) });
    expect(server.leases()).toEqual(before);
  });
});

describe("states that only newer Keas know", () => {
  const REGISTERED = { ...ADDED, state: 4 };
  const stateOf = async (address: string) => {
    const { arguments: lease } = await server.ask("lease6-get", { "ip-address": address });
    return (lease as { readonly state: number }).state;
  };

  it("a registered address is added, counted and shown, and can be registered again", async () => {
    expect(await server.ask("lease6-add", REGISTERED)).toMatchObject({ result: 0 });
    expect(await stateOf(ADDED["ip-address"])).toBe(4);
    expect(server.statistics.subnet(66)["registered-nas"].value).toBe(1);
    expect(await server.ask("lease6-update", { ...REGISTERED, "valid-lft": 99 })).toMatchObject({ result: 0 });
    expect(server.leases()).toEqual(["2001:db8:1::50/128 iaid 1234 registered"]);
  });

  it("what is a client's lease cannot be registered", async () => {
    await server.ask("lease6-add", ADDED);
    expect(await server.ask("lease6-update", REGISTERED)).toEqual({
      result: 1,
      text: "address in use: 2001:db8:1::50 can't be registered",
    });
    expect(await stateOf(ADDED["ip-address"])).toBe(0);
    expect(await server.ask("lease6-add", REGISTERED)).toMatchObject({ text: "IPv6 lease already exists." });
  });

  it("nor does what was registered become a client's lease, unless a partner says so", async () => {
    await server.ask("lease6-add", REGISTERED);
    expect(await server.ask("lease6-update", ADDED)).toEqual({
      result: 1,
      text: "illegal reuse of registered address 2001:db8:1::50",
    });
    expect(await server.ask("lease6-update", { ...ADDED, origin: "ha-partner" })).toMatchObject({ result: 0 });
    expect(await stateOf(ADDED["ip-address"])).toBe(0);
  });

  it("a lease that was given back is over", async () => {
    expect(await server.ask("lease6-add", { ...ADDED, state: 3, "valid-lft": 0 })).toMatchObject({ result: 0 });
    expect(await stateOf(ADDED["ip-address"])).toBe(2);
    expect(server.statistics.subnet(66)["assigned-nas"].value).toBe(0);
  });
});

describe("a lease named by its client", () => {
  const client = { "identifier-type": "duid", identifier: CLIENT.duid, iaid: 1234, "subnet-id": 66 };

  it("is found by type and association", async () => {
    await server.ask("lease6-add", ADDED);
    await server.ask("lease6-add", PREFIX);
    expect((await server.ask("lease6-get", client)).arguments).toEqual(SHOWN);
    expect(await server.ask("lease6-get", { ...client, iaid: 1 })).toMatchObject({ result: 3 });
    expect(await server.ask("lease6-del", { ...client, type: "IA_PD" })).toMatchObject({ result: 0 });
    expect(server.leases()).toHaveLength(1);
  });

  it("is not chosen where there are several", async () => {
    await server.ask("lease6-add", ADDED);
    await server.ask("lease6-add", { ...ADDED, "ip-address": "2001:db8:1::51" });
    expect(await server.ask("lease6-del", client)).toEqual({
      result: 1,
      text: `More than one lease found for type 0, duid ${CLIENT.duid}, iaid 1234 and subnet-id 66`,
    });
  });
});

describe("lists of leases", () => {
  beforeEach(async () => {
    await server.ask("lease6-add", ADDED);
    await server.ask("lease6-add", PREFIX);
    await server.ask("lease6-add", { ...CLIENT, "ip-address": "2001:db8:2::1", "hw-address": "0102", hostname: "B" });
    // A prefix that begins where an address is.
    await server.ask("lease6-add", { ...PREFIX, "ip-address": "2001:db8:1::", "prefix-len": 64 });
    await server.ask("lease6-add", { ...ADDED, "ip-address": "2001:db8:1::" });
  });
  const all = ["2001:db8:1::", "2001:db8:1::", "2001:db8:1::50", "2001:db8:2::1", "2001:db8:100::"];

  it.each([
    ["lease6-get-all", undefined, all],
    ["lease6-get-all", { subnets: [77] }, ["2001:db8:2::1"]],
    ["lease6-get-page", { from: "start", limit: 3 }, all.slice(0, 3)],
    ["lease6-get-page", { from: "2001:db8:1::50", limit: 3 }, all.slice(3)],
    ["lease6-get-by-duid", { duid: CLIENT.duid }, all],
    ["lease6-get-by-hostname", { hostname: "b" }, ["2001:db8:2::1"]],
    ["lease6-get-by-hw-address", { "hw-address": "01:02" }, ["2001:db8:2::1"]],
    ["lease6-get-by-part", { part: "03:00:01:1a", limit: 2 }, all.slice(0, 2)],
    ["lease6-get-by-part", { part: "b", limit: 9 }, ["2001:db8:2::1"]],
    ["lease6-get-by-state", { state: 1 }, []],
  ])("%s %j", async (command, given, addresses) => {
    const { leases } = (await server.ask(command, given)).arguments as { leases: { "ip-address": string }[] };
    expect(leases.map((lease) => lease["ip-address"])).toEqual(addresses);
  });

  it("and what is wiped", async () => {
    expect(await server.ask("lease6-wipe", { "subnet-id": 66 })).toMatchObject({ result: 0 });
    expect(server.leases()).toHaveLength(1);
  });
});

it("lease6-wipe empties a subnet whose leases are in a database, prefixes too", async () => {
  const database = new MemoryDatabase6();
  const sharing = await TestServer6.start({ "valid-lifetime": 7200, subnet6: SUBNETS }, { database });
  for (const added of [ADDED, PREFIX, { ...ADDED, "ip-address": "2001:db8:2::1" }])
    expect(await sharing.ask("lease6-add", added)).toMatchObject({ result: 0 });
  expect((await sharing.ask("lease6-wipe", { "subnet-id": 66 })).text).toContain("Deleted 2 IPv6");
  expect([...database.leases.values()].map(({ subnetId }) => subnetId)).toEqual([77]);
});

it("event-get has what happens to leases and packets while somebody asks", async () => {
  await server.ask("event-get");
  await server.ask("lease6-add", PREFIX);
  await new TestClient6(server, 1).send(99);
  const { events } = (await server.ask("event-get", { from: 1 })).arguments as { events: object[] };
  expect(events).toMatchObject([
    { number: 1, time: NOW, kind: "given", lease: PREFIX },
    { number: 2, time: NOW, kind: "dropped", client: expect.stringContaining("duid=[00:02:") },
  ]);
});

describe("lease6-bulk-apply", () => {
  it("deletes, adds and replaces", async () => {
    await server.ask("lease6-add", ADDED);
    const answer = await server.ask("lease6-bulk-apply", {
      "deleted-leases": [ADDED, { "ip-address": "2001:db8:1::99" }],
      leases: [PREFIX, { ...ADDED, "ip-address": "2001:db8:1::51" }],
    });
    expect(answer).toEqual({
      result: 0,
      text: "Bulk apply of 3 IPv6 leases completed.",
      arguments: {
        "failed-deleted-leases": [
          { "error-message": "lease not found", "ip-address": "2001:db8:1::99", result: 3, type: "IA_NA" },
        ],
      },
    });
    expect(server.leases()).toHaveLength(2);
  });

  it("does nothing when one of them is wrong", async () => {
    await server.ask("lease6-add", ADDED);
    for (const wrong of [
      { ...ADDED, "ip-address": "2001:db8:9::1" },
      { ...ADDED, iaid: "x" },
    ]) {
      expect(
        await server.ask("lease6-bulk-apply", { "deleted-leases": [ADDED], leases: [PREFIX, wrong] }),
      ).toMatchObject({ result: 1 });
    }
    expect(server.leases()).toHaveLength(1);
  });

  it("takes rows of a lease file, of addresses and of prefixes, and gives them back", async () => {
    await server.ask("lease6-bulk-apply", { leases: [PREFIX, { ...ADDED, "ip-address": "2001:db8:1::51" }] });
    const before = server.leases();
    const { rows } = (await server.ask("lease6-get-rows", { from: "start", limit: 9 })).arguments as { rows: string };
    await server.ask("lease6-wipe", { "subnet-id": 66 });
    expect(await server.ask("lease6-bulk-apply", { rows })).toMatchObject({ result: 0 });
    expect(server.leases()).toEqual(before);
  });

  it("lists rows that cannot be there by the addresses that they begin with, where what is newer stays", async () => {
    await server.ask("lease6-bulk-apply", { leases: [PREFIX, { ...ADDED, "ip-address": "2001:db8:1::51" }] });
    const { rows } = (await server.ask("lease6-get-rows", { from: "start", limit: 9 })).arguments as { rows: string };
    const other = await TestServer6.start({ subnet6: SUBNETS.slice(1) });
    const answer = await other.ask("lease6-bulk-apply", { rows, "newer-stays": true });
    const failed = rows.match(/^[^,]+/gm)!.map((address) => {
      return { "ip-address": address, result: 4, "error-message": expect.stringContaining("subnet-id") };
    });
    expect(failed).toHaveLength(2);
    expect(answer).toMatchObject({ result: 3, arguments: { "failed-leases": failed } });
    expect(other.leases()).toEqual([]);
  });

  it("says when there is nothing to do", async () => {
    expect(await server.ask("lease6-bulk-apply", {})).toMatchObject({ result: 1 });
    expect(await server.ask("lease6-bulk-apply", { leases: [] })).toMatchObject({ result: 3 });
  });
});

describe("stat-lease6-get", () => {
  it("tells prefixes from addresses", async () => {
    server.statistics.subnet(66)["assigned-nas"].add(5, NOW);
    server.statistics.subnet(66)["declined-addresses"].add(2, NOW);
    server.statistics.subnet(66)["assigned-pds"].add(4, NOW);
    const answer = await server.ask("stat-lease6-get", { "subnet-id": 66 });
    expect(answer.arguments).toMatchObject({
      "result-set": { rows: [[66, expect.any(Number), 0, 3, 2, expect.any(Number), 0, 4]] },
    });
  });
});
