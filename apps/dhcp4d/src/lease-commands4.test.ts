import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { withOwedRemovals } from "@kotare/core/leases/user-context/owed-removals";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "./testing/test-client4.ts";
import { TestServer4 } from "./testing/test-server4.ts";

const SUBNETS = [
  { id: 44, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] },
  { id: 88, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.10-198.51.100.20", "pool-id": 7 }] },
];
const MAC = "1a:1b:1c:1d:1e:1f";
const ADDED = { "ip-address": "192.0.2.50", "hw-address": MAC };
const NOW = 1_800_000_000;
const NO_SUBNET = expect.stringMatching(/^no configured subnet fits where it came from/);
/** As `lease4-get` shows `ADDED`. */
const SHOWN = {
  ...ADDED,
  cltt: NOW,
  "fqdn-fwd": false,
  "fqdn-rev": false,
  hostname: "",
  state: 0,
  "subnet-id": 44,
  "valid-lft": 7200,
};

let server: TestServer4;
beforeEach(async () => {
  server = await TestServer4.start({ "valid-lifetime": 7200, subnet4: SUBNETS });
});

describe("lease4-add", () => {
  it("adds a lease that is on disk when it is answered, and shows it", async () => {
    expect(await server.ask("lease4-add", ADDED)).toEqual({
      result: 0,
      text: "Lease for address 192.0.2.50, subnet-id 44 added.",
    });
    expect(server.durableText()).toContain(`192.0.2.50,${MAC},,7200,${NOW + 7200},44,0,0,,0,,0\n`);
    expect(await server.ask("lease4-get", { "ip-address": "192.0.2.50" })).toEqual({
      result: 0,
      text: "IPv4 lease found.",
      arguments: SHOWN,
    });
  });

  it("takes everything that a lease has", async () => {
    const given = {
      "ip-address": "198.51.100.11",
      "hw-address": MAC,
      "client-id": "01020304",
      hostname: "MyHost.Example.",
      "valid-lft": 1000,
      expire: NOW + 500,
      "fqdn-fwd": true,
      "fqdn-rev": true,
      state: 1,
      "user-context": { z: 1, a: { b: [true, null] } },
      comment: "hello",
    };
    expect(await server.ask("lease4-add", given)).toMatchObject({ result: 0 });
    expect((await server.ask("lease4-get", { "ip-address": "198.51.100.11" })).arguments).toEqual({
      "ip-address": "198.51.100.11",
      "hw-address": MAC,
      "client-id": "01:02:03:04",
      cltt: NOW - 500,
      hostname: "myhost.example.",
      "valid-lft": 1000,
      "fqdn-fwd": true,
      "fqdn-rev": true,
      state: 1,
      "subnet-id": 88,
      "pool-id": 7,
      "user-context": { a: { b: [true, null] }, comment: "hello", z: 1 },
    });
    expect(server.durableText()).toContain('{ "a": { "b": [ true&#x2c null ] }&#x2c "comment": "hello"&#x2c "z": 1 }');
  });

  it.each([
    [ADDED, 4, "IPv4 lease already exists."],
    [{ ...ADDED, "ip-address": "10.0.0.1" }, 4, "failed to find a subnet for address 10.0.0.1"],
    [{ ...ADDED, "subnet-id": 9 }, 4, "No IPv4 subnet with subnet-id=9 currently configured"],
    [{ ...ADDED, "subnet-id": 88 }, 4, "192.0.2.50 does not belong to subnet 198.51.100.0/24, subnet-id=88"],
    [{ ...ADDED, "hw-address": "" }, 1, "neither hardware address or client id"],
    [{ ...ADDED, "fqdn-fwd": true }, 1, "No hostname specified"],
    [{ ...ADDED, expire: 5 }, 1, "expiration time must be greater than valid lifetime"],
    [{ ...ADDED, "hw-address": "1a-1b" }, 1, 'arguments.hw-address: "1a-1b" is not a hardware address; write 1a:1b'],
    [{ ...ADDED, "client-id": "01" }, 1, "not a client identifier of 2 to 255 bytes"],
    [{ ...ADDED, state: 4 }, 1, "arguments.state: 4 is too large; it must be at most 3"],
    [{ ...ADDED, "valid-lft": 0 }, 1, "arguments.valid-lft: 0 is too small"],
    [{ "ip-address": "::1" }, 1, "not an IPv4 address; write 192.0.2.1; arguments.hw-address: is missing"],
  ])("%j is refused with %i", async (given, result, text) => {
    await server.ask("lease4-add", ADDED);
    const before = server.leases();
    expect(await server.ask("lease4-add", given)).toEqual({ result, text: expect.stringContaining(text) });
    expect(server.leases()).toEqual(before);
  });

  it("takes an end as soon after the beginning of time as the lease is long, and none before", async () => {
    expect(await server.ask("lease4-add", { ...ADDED, "valid-lft": 100, expire: 99 })).toMatchObject({ result: 1 });
    expect(await server.ask("lease4-add", { ...ADDED, "valid-lft": 100, expire: 100 })).toMatchObject({ result: 0 });
    expect(server.lease("192.0.2.50")).toMatchObject({ cltt: 0, validLifetime: 100 });
  });

  it("takes an address that is only on offer", async () => {
    const { yiaddr } = (await new TestClient4(server, 1).discover())!;
    expect(await server.ask("lease4-get", { "ip-address": yiaddr })).toMatchObject({ result: 3 });
    expect(await server.ask("lease4-add", { ...ADDED, "ip-address": yiaddr })).toMatchObject({ result: 0 });
  });

  it("adds leases that clients are given as their states say, however long they last", async () => {
    const added = { ...ADDED, "ip-address": "192.0.2.10", "hw-address": "02:00:00:00:00:01" };
    await server.ask("lease4-add", { ...added, state: 1 });
    expect((await new TestClient4(server, 1).discover())?.yiaddr).toBe("192.0.2.11");
    expect((await new TestClient4(server, 1).select("192.0.2.10"))?.type).toBe("NAK");
    await server.ask("lease4-update", { ...added, state: 2 });
    expect((await new TestClient4(server, 2).select("192.0.2.10"))?.type).toBe("ACK");
  });

  it("is answered with an error while the disk is broken, and nothing is kept", async () => {
    server.breakDisk();
    const answer = await server.ask("lease4-add", ADDED);
    expect(answer).toEqual({ result: 1, text: expect.stringContaining("cannot be written") });
    expect(server.leases()).toEqual([]);
  });
});

describe("lease4-update", () => {
  it("replaces all of a lease", async () => {
    await server.ask("lease4-add", { ...ADDED, hostname: "a", "client-id": "0102" });
    expect(await server.ask("lease4-update", ADDED)).toEqual({ result: 0, text: "IPv4 lease updated." });
    expect((await server.ask("lease4-get", ADDED)).arguments).toEqual(SHOWN);
  });

  it("adds a lease only where that is asked for", async () => {
    expect(await server.ask("lease4-update", ADDED)).toMatchObject({ result: 4 });
    const forced = { ...ADDED, "force-create": true };
    expect(await server.ask("lease4-update", forced)).toEqual({ result: 0, text: "IPv4 lease added." });
  });
});

describe("lease4-del", () => {
  it("is durable, and the address is free", async () => {
    await server.ask("lease4-add", ADDED);
    expect(await server.ask("lease4-del", ADDED)).toEqual({ result: 0, text: "IPv4 lease deleted." });
    expect(server.durableText()).toMatch(/192\.0\.2\.50,.*,,0,\d+,44,0,0,,0,,0\n$/);
    expect(await server.ask("lease4-del", ADDED)).toEqual({ result: 3, text: "IPv4 lease not found." });
  });

  it("finds the lease by its client and subnet", async () => {
    await server.ask("lease4-add", ADDED);
    const client = { "identifier-type": "hw-address", identifier: MAC };
    expect(await server.ask("lease4-del", client)).toMatchObject({ result: 1 });
    expect(await server.ask("lease4-del", { ...client, "subnet-id": 88 })).toMatchObject({ result: 3 });
    expect(await server.ask("lease4-del", { ...client, "subnet-id": 44 })).toMatchObject({ result: 0 });
  });
});

describe("lists of leases", () => {
  beforeEach(async () => {
    await server.ask("lease4-add", { ...ADDED, hostname: "a.example" });
    await server.ask("lease4-add", { "ip-address": "192.0.2.20", "hw-address": "02:01", "client-id": "0102" });
    await server.ask("lease4-add", {
      "ip-address": "198.51.100.3",
      "hw-address": MAC,
      hostname: "A.Example",
      state: 2,
    });
  });

  it.each([
    ["lease4-get-all", undefined, ["192.0.2.20", "192.0.2.50", "198.51.100.3"]],
    ["lease4-get-all", { subnets: [44] }, ["192.0.2.20", "192.0.2.50"]],
    ["lease4-get-all", { subnets: [] }, []],
    ["lease4-get-page", { from: "start", limit: 2 }, ["192.0.2.20", "192.0.2.50"]],
    ["lease4-get-page", { from: "192.0.2.50", limit: 2 }, ["198.51.100.3"]],
    ["lease4-get-page", { from: "198.51.100.3", limit: 2 }, []],
    ["lease4-get-by-hw-address", { "hw-address": MAC.toUpperCase() }, ["192.0.2.50", "198.51.100.3"]],
    ["lease4-get-by-hw-address", { "hw-address": "" }, []],
    ["lease4-get-by-client-id", { "client-id": "01:02" }, ["192.0.2.20"]],
    ["lease4-get-by-hostname", { hostname: "a.EXAMPLE" }, ["192.0.2.50", "198.51.100.3"]],
    ["lease4-get-by-state", { state: 2 }, ["198.51.100.3"]],
    ["lease4-get-by-state", { state: 0, "subnet-id": 88 }, []],
  ])("%s %j", async (command, given, addresses) => {
    const answer = await server.ask(command, given);
    const { leases, ...more } = answer.arguments as { leases: { "ip-address": string }[] };
    expect(leases.map((lease) => lease["ip-address"])).toEqual(addresses);
    expect(more).toEqual(command === "lease4-get-page" ? { count: addresses.length } : {});
    expect(answer.result).toBe(addresses.length === 0 ? 3 : 0);
    expect(answer.text).toBe(`${addresses.length} IPv4 lease(s) found.`);
  });

  it("are whole where a client has more leases than the packet path looks at", async () => {
    for (let i = 0; i < 100; i++) await server.ask("lease4-add", { ...ADDED, "ip-address": `192.0.2.${100 + i}` });
    expect(await server.ask("lease4-get-by-hw-address", { "hw-address": MAC })).toMatchObject({
      text: "102 IPv4 lease(s) found.",
    });
  });

  it("and what is wiped", async () => {
    expect(await server.ask("lease4-wipe", { "subnet-id": 44 })).toEqual({
      result: 0,
      text: "Deleted 2 IPv4 lease(s) from subnet(s) 44",
    });
    expect(await server.ask("lease4-wipe")).toMatchObject({
      result: 0,
      text: expect.stringContaining("44 88"),
    });
    expect(await server.ask("lease4-wipe")).toMatchObject({ result: 3 });
    expect(server.leases()).toEqual([]);
  });
});

describe("a lease that has ended and is kept for a name that the DNS is to forget", () => {
  it("is shown to nobody", async () => {
    await server.ask("lease4-add", ADDED);
    const removal = { fqdn: "a.example.", forward: true, reverse: true, dhcid: "0001" };
    const batch = server.store.begin();
    const userContext = withOwedRemovals("", { removals: [removal], isGone: true });
    batch.put({ ...server.lease("192.0.2.50")!, state: LeaseState.reclaimed, userContext });
    await batch.commit();
    expect(await server.ask("lease4-get", ADDED)).toMatchObject({ result: 3 });
    expect(await server.ask("lease4-get-all")).toMatchObject({ result: 3 });
    expect(await server.ask("lease4-get-page", { from: "start", limit: 9 })).toMatchObject({ result: 3 });
    expect(await server.ask("lease4-get-by-hw-address", { "hw-address": MAC })).toMatchObject({ result: 3 });
    expect(await server.ask("lease4-update", ADDED)).toMatchObject({ result: 4 });
    expect(await server.ask("lease4-add", ADDED)).toMatchObject({ result: 0 });
  });
});

describe("a list of thousands of leases", () => {
  beforeEach(async () => {
    const batch = server.store.begin();
    await server.ask("lease4-add", ADDED);
    const lease = server.lease("192.0.2.50")!;
    for (let i = 0; i < 5000; i++) batch.put({ ...lease, address: 0x0a00_0000 + i });
    await batch.commit();
  });

  it("is paged and wiped whole", async () => {
    const page = await server.ask("lease4-get-page", { from: "start", limit: 5000 });
    expect(page.text).toBe("5000 IPv4 lease(s) found.");
    expect((await server.ask("lease4-get-page", { from: "10.0.19.134", limit: 5000 })).text).toContain("2 IPv4");
    expect((await server.ask("lease4-wipe", { "subnet-id": 44 })).text).toContain("Deleted 5001 ");
  });

  it("is written in steps between which leases come and go", async () => {
    const answer = server.ask("lease4-get-all");
    await new Promise(setImmediate);
    const change = server.store.begin();
    change.remove(0x0a00_0000 + 4000);
    await change.commit();
    expect((await answer).text).toBe("5000 IPv4 lease(s) found.");
  });
});

describe("lease4-get-by-part", () => {
  beforeEach(async () => {
    await server.ask("lease4-add", { ...ADDED, hostname: "Printer.example" });
    await server.ask("lease4-add", {
      "ip-address": "192.0.2.51",
      "hw-address": "02:00:00:00:00:07",
      "client-id": "abcd",
    });
  });

  it.each([
    ["INTER.ex", ["192.0.2.50"]],
    ["1b:1c", ["192.0.2.50"]],
    ["1B1C.1D1", ["192.0.2.50"]],
    ["ab-cd", ["192.0.2.51"]],
    ["00:07", ["192.0.2.51"]],
    ["00:70", []],
    ["e", ["192.0.2.50"]],
    ["nobody", []],
  ])("finds by a part: %s", async (text, addresses) => {
    const { arguments: found } = await server.ask("lease4-get-by-part", { part: text, limit: 9 });
    const { leases, count } = found as { leases: { "ip-address": string }[]; count: number };
    expect(leases.map((lease) => lease["ip-address"])).toEqual(addresses);
    expect(count).toBe(addresses.length);
  });

  it("stops at the limit", async () => {
    expect(await server.ask("lease4-get-by-part", { part: "1", limit: 1 })).toMatchObject({ arguments: { count: 0 } });
    await server.ask("lease4-update", { "ip-address": "192.0.2.51", "hw-address": MAC, hostname: "printer2" });
    expect(await server.ask("lease4-get-by-part", { part: "printer", limit: 1 })).toMatchObject({
      arguments: { count: 1 },
    });
  });
});

describe("event-get", () => {
  it("has what happens to leases and packets while somebody asks", async () => {
    expect(await server.ask("event-get")).toEqual({ result: 0, arguments: { events: [], next: 1, lost: 0 } });
    await server.ask("lease4-add", ADDED);
    await new TestClient4(server, 1).discover({ giaddr: "203.0.113.1" });
    expect(await server.ask("event-get", { from: 1 })).toEqual({
      result: 0,
      arguments: {
        events: [
          { number: 1, time: NOW, kind: "given", lease: SHOWN },
          {
            number: 2,
            time: NOW,
            kind: "dropped",
            client: expect.stringMatching(/02:00/),
            interface: "eth0",
            why: NO_SUBNET,
          },
        ],
        next: 3,
        lost: 0,
      },
    });
  });
});

describe("stat-lease4-get", () => {
  it("has a row for each subnet", async () => {
    server.statistics.subnet(44)["assigned-addresses"].add(5, NOW);
    server.statistics.subnet(44)["declined-addresses"].add(2, NOW);
    const answer = await server.ask("stat-lease4-get");
    expect(answer.text).toBe("stat-lease4-get[all subnets]: 2 rows found");
    expect(answer.arguments).toEqual({
      "result-set": {
        columns: [
          "subnet-id",
          "total-addresses",
          "cumulative-assigned-addresses",
          "assigned-addresses",
          "declined-addresses",
        ],
        rows: [
          [44, expect.any(Number), 0, 3, 2],
          [88, expect.any(Number), 0, 0, 0],
        ],
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/),
      },
    });
  });

  it.each([
    [{ "subnet-id": 44 }, 0, "stat-lease4-get[subnet-id=44]: 1 rows found"],
    [{ "subnet-id": 45 }, 3, "stat-lease4-get[subnet-id=45]: no matching data, subnet-id: 45 does not exist"],
    [{ "subnet-range": { "first-subnet-id": 50, "last-subnet-id": 90 } }, 0, "[subnets 50 through 90]: 1 rows found"],
    [{ "subnet-range": { "first-subnet-id": 5, "last-subnet-id": 9 } }, 3, "5 through 9 includes no known subnets"],
    [{ "subnet-range": { "first-subnet-id": 9, "last-subnet-id": 5 } }, 1, "must be greater"],
    [{ "subnet-id": 1, "subnet-range": { "first-subnet-id": 5, "last-subnet-id": 9 } }, 1, "cannot specify both"],
    [{ "subnet-range": {} }, 1, "first-subnet-id: is missing"],
  ])("%j", async (given, result, text) => {
    expect(await server.ask("stat-lease4-get", given)).toMatchObject({ result, text: expect.stringContaining(text) });
  });
});

describe("lease4-resend-ddns", () => {
  it("says why it cannot", async () => {
    expect(await server.ask("lease4-resend-ddns", ADDED)).toEqual({ result: 4, text: "DDNS updating is not enabled" });
    server.reconfigure({ "dhcp-ddns": { "enable-updates": true }, subnet4: SUBNETS });
    const resend = (address: string) => server.ask("lease4-resend-ddns", { "ip-address": address });
    expect(await resend("192.0.2.50")).toEqual({ result: 3, text: "No lease found for: 192.0.2.50" });
    await server.ask("lease4-add", ADDED);
    expect(await resend("192.0.2.50")).toMatchObject({ result: 4, text: expect.stringContaining("has no hostname") });
    await server.ask("lease4-update", { ...ADDED, hostname: "a.example" });
    expect(await resend("192.0.2.50")).toMatchObject({ result: 4, text: expect.stringContaining("Neither forward") });
    await server.ask("lease4-update", { ...ADDED, hostname: "a.example", "fqdn-fwd": true });
    expect(await resend("192.0.2.50")).toEqual({
      result: 0,
      text: "NCR generated for: 192.0.2.50, hostname: a.example",
    });
  });
});

describe("lease4-write", () => {
  it("writes nowhere but into the data directory", async () => {
    const outside = await server.ask("lease4-write", { filename: "/etc/passwd" });
    expect(outside).toMatchObject({ result: 1, text: expect.stringContaining("supported path is '/leases'") });
  });

  it("writes every lease, and keeps the list that was there; nothing else is replaced", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kotare-write-"));
    try {
      const earlier = server.fileText();
      await server.ask("lease4-add", ADDED);
      const path = join(folder, "copy.csv");
      writeFileSync(path, "something else");
      expect(await server.ask("lease4-write", { filename: "copy.csv" }, folder)).toMatchObject({ result: 1 });
      writeFileSync(path, earlier);
      expect(await server.ask("lease4-write", { filename: "copy.csv" }, folder)).toEqual({
        result: 0,
        text: `IPv4 lease database into '${path}'.`,
      });
      expect(readFileSync(path, "latin1")).toBe(server.fileText());
      expect(readFileSync(`${path}.bak${process.pid}`, "latin1")).toBe(earlier);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
