import { beforeEach, describe, expect, it } from "vitest";
import { macOf, TestClient4 } from "./testing/test-client4.ts";
import { TestServer4 } from "./testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
const configured = { "hw-address": macOf(9), "ip-address": "192.0.2.99", hostname: "configured" };

let server: TestServer4;
const bound = async (number: number) => (await new TestClient4(server, number).bind()).yiaddr;
const ask = (command: string, args: object) => server.ask(command, args);
const reserve = (number: number, more: object = {}) => ({
  reservation: { "subnet-id": 7, "hw-address": macOf(number), ...more },
});
const which = (number: number) => ({ "subnet-id": 7, "identifier-type": "hw-address", identifier: macOf(number) });
const listed = async (args: object = {}) => {
  const { arguments: found } = await ask("reservation-get-all", { "subnet-id": 7, ...args });
  return (found as { hosts: { "hw-address": string }[] }).hosts.map((host) => host["hw-address"]);
};

describe("with a host database", () => {
  beforeEach(async () => {
    server = await TestServer4.start({ subnet4: [LAN] }, { keepsHostsElsewhere: true });
  });

  it("a reservation counts as soon as it is added, changed and deleted", async () => {
    expect(await ask("reservation-add", reserve(1, { "ip-address": "192.0.2.50" }))).toMatchObject({ result: 0 });
    expect(await bound(1)).toBe("192.0.2.50");
    expect(await ask("reservation-update", reserve(1, { "ip-address": "192.0.2.51" }))).toMatchObject({ result: 0 });
    expect((await new TestClient4(server, 1).renew("192.0.2.50"))?.type).toBe("NAK");
    expect(await bound(1)).toBe("192.0.2.51");
    expect(await ask("reservation-del", which(1))).toMatchObject({ result: 0, text: "Host deleted." });
    expect(await bound(1)).toBe("192.0.2.10");
    expect(await ask("reservation-del", which(1))).toMatchObject({ result: 3 });
  });

  it("an address in a pool is kept from others from then on, however many are reserved in a row", async () => {
    for (let i = 0; i < 9; i++) await ask("reservation-add", reserve(20 + i, { "ip-address": `192.0.2.${10 + i}` }));
    expect(await bound(1)).toBe("192.0.2.19");
    expect(await new TestClient4(server, 2).discover()).toBeUndefined();
    expect(await bound(22)).toBe("192.0.2.12");
  });

  it("conflicts are refused, and nothing changes", async () => {
    await ask("reservation-add", reserve(1, { "ip-address": "192.0.2.50" }));
    for (const again of [reserve(1, { "ip-address": "192.0.2.51" }), reserve(2, { "ip-address": "192.0.2.50" })]) {
      expect(await ask("reservation-add", again)).toMatchObject({
        result: 1,
        text: expect.stringMatching(/^Database duplicate entry error/),
      });
    }
    await ask("reservation-add", reserve(2, { "ip-address": "192.0.2.52" }));
    expect(await ask("reservation-update", reserve(2, { "ip-address": "192.0.2.50" }))).toMatchObject({ result: 1 });
    expect(await listed()).toEqual([macOf(1), macOf(2)]);
    expect(await bound(2)).toBe("192.0.2.52");
  });

  it("options are written in full", async () => {
    const options = { "option-data": [{ name: "log-servers", data: "192.0.2.77" }] };
    await ask("reservation-add", reserve(1, options));
    const { arguments: found } = await ask("reservation-get", which(1));
    expect(found).toMatchObject({
      "option-data": [{ code: 7, name: "log-servers", data: "192.0.2.77", space: "dhcp4" }],
    });
  });

  it("a global one is assumed where no subnet is named, and a page says where the next one begins", async () => {
    const global = { reservation: { "hw-address": macOf(3), hostname: "everywhere" } };
    expect(await ask("reservation-add", global)).toMatchObject({ text: expect.stringMatching(/assumed global/) });
    await ask("reservation-add", reserve(1));
    const page = async (args: object) => (await ask("reservation-get-page", args)).arguments as Record<string, unknown>;
    const first = await page({ limit: 1 });
    expect(first).toMatchObject({ count: 1, next: { "source-index": 1 } });
    const second = await page({ limit: 1, ...(first["next"] as object) });
    expect(second).toMatchObject({ count: 1, hosts: [{ "subnet-id": 7 }] });
    expect(await page({ limit: 1, ...(second["next"] as object) })).toEqual({ count: 0, hosts: [] });
  });
});

describe("without one", () => {
  beforeEach(async () => {
    server = await TestServer4.start({ subnet4: [{ ...LAN, reservations: [configured] }] });
  });

  it("there is nowhere to add a reservation to, and the configuration is read all the same", async () => {
    expect(await ask("reservation-add", reserve(1))).toMatchObject({
      result: 1,
      text: expect.stringMatching(/Host database not available/),
    });
    expect(await ask("reservation-del", which(9))).toMatchObject({
      result: 1,
      text: expect.stringMatching(/no hosts-database configured/),
    });
    expect(await listed()).toEqual([macOf(9)]);
    expect(await listed({ "operation-target": "database" })).toEqual([]);
  });

  it.each([
    [
      reserve(1, { "ip-address": "10.0.0.1" }),
      "specified reservation '10.0.0.1' is not matching the IPv4 subnet prefix",
    ],
    [{ reservation: { "subnet-id": 8, "hw-address": macOf(1) } }, "IPv4 subnet with ID of '8' is not configured"],
    [reserve(1, { "option-data": [{ name: "nosuch" }] }), "option-data[0].name: "],
    [reserve(1, { hostnam: "x" }), 'hostnam: is not a known key; did you mean "hostname"?'],
    [{ reservation: { "subnet-id": 7 } }, "has nothing to know the client by"],
  ])("what is wrong with a reservation is said: %j", async (args, text) => {
    expect((await ask("reservation-add", args)).text).toContain(text);
  });
});
