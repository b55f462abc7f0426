import { beforeEach, describe, expect, it } from "vitest";
import { TestServer4 } from "./testing/test-server4.ts";

let server: TestServer4;
beforeEach(async () => {
  server = await TestServer4.start({
    "client-classes": [{ name: "staff" }],
    "shared-networks": [
      {
        name: "campus",
        subnet4: [
          { id: 10, subnet: "10.1.0.0/24", "client-classes": ["staff"] },
          { id: 11, subnet: "10.2.0.0/24", relay: { "ip-addresses": ["10.9.9.9"] } },
        ],
      },
    ],
    subnet4: [
      { id: 1, subnet: "192.0.2.0/24" },
      { id: 2, subnet: "198.51.100.0/24", interface: "eth7" },
      { id: 3, subnet: "203.0.113.0/24", relay: { "ip-addresses": ["10.8.8.8"] } },
      { id: 4, subnet: "10.4.0.0/24", "4o6-subnet": "2001:db8:4::/62", "client-classes": ["staff"] },
      { id: 5, subnet: "10.5.0.0/24", "4o6-subnet": "2001:db8:4::/48" },
      { id: 6, subnet: "10.6.0.0/24", "4o6-interface-id": "port7" },
      { id: 7, subnet: "10.7.0.0/24", "4o6-interface": "eth7" },
    ],
  });
});

const ask = async (given?: object, command = "subnet4-select-test") => {
  const { result, text } = await server.ask(command, given);
  return [result, text];
};
const first = [0, "selected subnet '192.0.2.0/24' id 1"];
const second = [0, "selected subnet '198.51.100.0/24' id 2"];
const third = [0, "selected subnet '203.0.113.0/24' id 3"];
const none = [3, "no subnet selected"];

describe("subnet4-select-test", () => {
  it.each([
    [{ address: "192.0.2.7" }, first],
    [{ remote: "192.0.2.7" }, first],
    [{ interface: "eth0" }, first],
    [{ interface: "eth7" }, second],
    [{ relay: "192.0.2.254" }, first],
    [{ relay: "10.8.8.8" }, third],
    [{ link: "198.51.100.1", relay: "10.8.8.8" }, second],
    [{ subnet: "198.51.100.1", relay: "10.8.8.8" }, second],
    [{ link: "10.7.7.7", relay: "10.8.8.8" }, none],
    [{ link: "0.0.0.0", subnet: "192.0.2.0", relay: "10.8.8.8" }, first],
    [{ relay: "10.7.7.7", address: "192.0.2.7" }, none],
    [{ address: "10.7.7.7", remote: "192.0.2.7" }, none],
    [{ local: "192.0.2.1" }, none],
    [{}, none],
  ])("%j", async (given, answer) => {
    expect(await ask(given)).toEqual(answer);
  });

  it("of a shared network it names the subnet that the search begins with, which depends on the classes", async () => {
    const campus = (subnet: string) => [0, `selected shared network 'campus' starting with subnet ${subnet}`];
    expect(await ask({ relay: "10.9.9.9" })).toEqual(campus("'10.2.0.0/24' id 11"));
    expect(await ask({ relay: "10.1.0.1", classes: ["staff"] })).toEqual(campus("'10.1.0.0/24' id 10"));
    expect(await ask({ relay: "10.1.0.1" })).toEqual(none);
  });

  it("an interface that is not served, and would have decided, is an error", async () => {
    expect(await ask({ interface: "eth9" })).toEqual([1, expect.stringContaining("interface eth9 is not served")]);
    expect(await ask({ interface: "eth9", relay: "192.0.2.254" })).toEqual(first);
  });

  it("what is misspelt or no address is an error that says where", async () => {
    expect(await ask({ adress: "192.0.2.7" })).toEqual([1, expect.stringContaining("adress")]);
    expect(await ask({ address: "192.0.2" })).toEqual([1, expect.stringContaining("is not an IPv4 address")]);
  });
});

describe("subnet4o6-select-test", () => {
  const found = (id: number) => [0, `selected subnet '10.${id}.0.0/24' id ${id}`];
  it.each([
    [{ remote: "2001:db8:4:1::1" }, found(5)],
    [{ remote: "2001:db8:4:1::1", classes: ["staff"] }, found(4)],
    [{ remote: "2001:db8:4:4::1", classes: ["staff"] }, found(5)],
    [{ "interface-id": "'port7'" }, found(6)],
    [{ "interface-id": "'port7'", interface: "eth7" }, found(6)],
    [{ interface: "eth7" }, found(7)],
    [{ interface: "eth0" }, none],
    [
      {
        address: "192.0.2.7",
        relay: "192.0.2.254",
        subnet: "192.0.2.0",
        local: "2001:db8:4::1",
        link: "2001:db8:4::1",
      },
      none,
    ],
    [{}, none],
  ])("%j", async (given, answer) => {
    expect(await ask(given, "subnet4o6-select-test")).toEqual(answer);
  });
});

describe("kea-lfc-start", () => {
  it("rewrites the lease file with a row a lease", async () => {
    const lease = { "ip-address": "192.0.2.50", "hw-address": "1a:1b:1c:1d:1e:1f" };
    await server.ask("lease4-add", lease);
    await server.ask("lease4-update", { ...lease, hostname: "laptop" });
    const rows = () =>
      server
        .durableText()
        .split("\n")
        .filter((row) => row.startsWith("192.0.2.50"));
    expect(rows()).toHaveLength(2);
    expect(await server.ask("kea-lfc-start")).toEqual({ result: 0, text: "The lease file has been rewritten." });
    expect(rows()).toEqual([expect.stringContaining("laptop")]);
  });
});

describe("statistic-global-get-all", () => {
  it("is statistic-get-all without subnets and pools", async () => {
    const { arguments: all = {} } = await server.ask("statistic-get-all");
    const { arguments: global = {} } = await server.ask("statistic-global-get-all");
    const names = Object.keys(all).filter((name) => !name.startsWith("subnet["));
    expect(names).toContain("pkt4-received");
    expect(Object.keys(global)).toEqual(names);
  });
});
