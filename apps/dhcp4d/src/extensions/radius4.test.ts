/** `libdhcp_radius.so`, in DHCPv4: RADIUS says who may have what, and is told who has it. */
import { SECRET, TestRadiusServer, type TestReply } from "@kotare/core/extensions/radius/testing/test-radius-server";
import { text } from "@kotare/testkit/payloads";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Client4Options, macOf, TestClient4 } from "../testing/test-client4.ts";
import { type TestReply4, TestServer4 } from "../testing/test-server4.ts";

const SUBNET = {
  id: 7,
  subnet: "192.0.2.0/24",
  pools: [{ pool: "192.0.2.10-192.0.2.19", "client-class": "gold" }, { pool: "192.0.2.100-192.0.2.199" }],
};
const ACCEPT = 2;
const REJECT = 3;
const ADDRESS = (last: number): TestReply[1] => [8, Uint8Array.of(192, 0, 2, last)];
const CLIENT_ID = Uint8Array.of(1, 2, 3);

interface Radius {
  readonly server: TestRadiusServer;
  reply: TestReply | undefined;
}

/** One server for both services. */
async function startRadius(reply: TestReply | undefined): Promise<Radius> {
  const server = await TestRadiusServer.start((request) => {
    if (request.code === 4) request.reply([5]);
    else if (radius.reply !== undefined) request.reply(radius.reply);
  });
  const radius: Radius = { server, reply };
  return radius;
}

function start({ server }: Radius, parameters: object = {}, attributes: readonly object[] = [], rest: object = {}) {
  const servers = [{ name: "localhost", port: server.port, secret: SECRET }];
  const hook = {
    library: "/x/libdhcp_radius.so",
    parameters: { access: { servers, attributes }, accounting: { servers }, ...parameters },
  };
  return TestServer4.start({
    subnet4: [SUBNET],
    "client-classes": [{ name: "gold" }],
    "hooks-libraries": [hook],
    ...rest,
  });
}

/** Waits while its packet is parked. */
class PatientClient4 extends TestClient4 {
  readonly #patient: TestServer4;

  constructor(server: TestServer4, number: number, options: Client4Options = { clientId: CLIENT_ID }) {
    super(server, number, options);
    this.#patient = server;
  }

  override async send(datagram: Parameters<TestClient4["send"]>[0]): Promise<TestReply4 | undefined> {
    const server = this.#patient;
    const before = server.drops().length;
    const reply = await super.send(datagram);
    if (reply !== undefined) return reply;
    const late = await vi.waitUntil(() => {
      const [sent] = server.transport.takeSent();
      if (sent !== undefined) return { ...readMessage4(sent.payload), sentTo: "" };
      return server.drops().length > before && "dropped";
    }, PATIENCE);
    return late === "dropped" ? undefined : late;
  }
}

const PATIENCE = { timeout: 60_000 };

/** Of the accounting requests. */
const reports = ({ server }: Radius) =>
  server.requests.filter(({ code }) => code === 4).map(({ attributes }) => attributes);

describe("the access service", () => {
  it("gives an address, in the pool or not", async () => {
    const radius = await startRadius([ACCEPT, ADDRESS(77)]);
    const server = await start(radius);
    expect((await new PatientClient4(server, 1).bind()).yiaddr).toBe("192.0.2.77");
    expect(server.leases()).toEqual([`192.0.2.77 ${macOf(1)} assigned`]);
  });

  it("gives a class, for which a pool may be", async () => {
    const server = await start(await startRadius([ACCEPT, [88, "gold"]]));
    expect((await new PatientClient4(server, 1).discover())?.yiaddr).toBe("192.0.2.10");
  });

  it.each([
    ["of another subnet", [8, Uint8Array.of(198, 51, 100, 1)]],
    ["that the user is to choose (RFC 2865 §5.8)", [8, 0xffff_ffff]],
    ["that the server is to choose", [8, 0xffff_fffe]],
    ["that is none", [8, "no"]],
  ] as const)("an address %s is nobody's", async (_, attribute) => {
    const server = await start(await startRadius([ACCEPT, attribute]));
    expect((await new PatientClient4(server, 1).discover())?.yiaddr).toBe("192.0.2.100");
  });

  describe("selects another subnet, if wanted,", () => {
    const OUTSIDE: TestReply[1] = [8, Uint8Array.of(198, 51, 100, 77)];
    const GOLD: TestReply[1] = [88, "gold"];
    const OTHER = { id: 8, subnet: "198.51.100.0/24" };
    const guarded = (name: string, from: string) => ({ pools: [{ pool: from, "client-class": name }] });
    const GIVEN = {
      own: { ...SUBNET, interface: "eth0", ...guarded("silver", "192.0.2.10-192.0.2.19") },
      elsewhere: { ...OTHER, pools: [{ pool: "198.51.100.10-198.51.100.19" }] },
      here: { ...OTHER, interface: "eth0", ...guarded("gold", "198.51.100.10-198.51.100.19") },
    };
    const ADDRESSES = { "reselect-subnet-address": true };
    const POOLS = { "reselect-subnet-pool": true };

    it.each([
      ["that has the address", ADDRESSES, [OUTSIDE], [SUBNET, GIVEN.elsewhere], "198.51.100.77"],
      ["but not where its own has the address", ADDRESSES, [ADDRESS(77)], [SUBNET, GIVEN.elsewhere], "192.0.2.77"],
      ["not for an address where only pools may", POOLS, [OUTSIDE], [SUBNET, GIVEN.elsewhere], "192.0.2.100"],
      ["and there is none with the address", ADDRESSES, [OUTSIDE], [SUBNET], undefined],
      [
        "but none that is for others",
        ADDRESSES,
        [OUTSIDE],
        [SUBNET, { ...GIVEN.elsewhere, "client-class": "gold" }],
        undefined,
      ],
      ["that has a pool for the class", POOLS, [GOLD], [GIVEN.own, GIVEN.here], "198.51.100.10"],
      ["not for a class where only addresses may", ADDRESSES, [GOLD], [GIVEN.own, GIVEN.here], undefined],
      [
        "but not where its own has such a pool",
        POOLS,
        [GOLD],
        [{ ...SUBNET, interface: "eth0" }, GIVEN.here],
        "192.0.2.10",
      ],
      ["but none that is not where the client is", POOLS, [GOLD], [GIVEN.own, GIVEN.elsewhere], undefined],
      [
        "for the class, whatever the address",
        { ...POOLS, ...ADDRESSES },
        [GOLD, ADDRESS(77)],
        [GIVEN.own, GIVEN.here],
        "198.51.100.10",
      ],
    ] as const)("%s", async (_, parameters, attributes, subnets, given) => {
      const radius = await startRadius([ACCEPT, ...attributes]);
      const classes = { "client-classes": [{ name: "gold" }, { name: "silver" }] };
      const server = await start(radius, parameters, [], { ...classes, subnet4: subnets });
      expect((await new PatientClient4(server, 1).discover())?.yiaddr).toBe(given);
    });

    it("but not where one around its own has the address, too", async () => {
      const radius = await startRadius([ACCEPT, ADDRESS(77)]);
      const subnet4 = [
        { id: 6, subnet: "192.0.0.0/16" },
        { ...SUBNET, interface: "eth0" },
      ];
      await new PatientClient4(await start(radius, ADDRESSES, [], { subnet4 }), 1).bind();
      await vi.waitFor(() => expect(reports(radius)).toMatchObject([{ 5: "\0\0\0\x07" }]), PATIENCE);
    });

    it("which goes on, and is told of with what access has said", async () => {
      const radius = await startRadius([ACCEPT, OUTSIDE, [25, "once"]]);
      const server = await start(radius, ADDRESSES, [], { subnet4: [SUBNET, GIVEN.elsewhere] });
      const client = new PatientClient4(server, 1);
      await client.bind();
      expect((await client.renew("198.51.100.77"))?.yiaddr).toBe("198.51.100.77");
      await server.serve(client.releaseMessage("198.51.100.77"));
      await vi.waitFor(() => expect(reports(radius)).toHaveLength(3), PATIENCE);
      for (const report of reports(radius)) expect(report).toMatchObject({ 5: "\0\0\0\x08", 25: "once" });
    });
  });

  it("comes after a reservation that the server knows itself", async () => {
    const reservations = [{ "hw-address": macOf(1), "ip-address": "192.0.2.50" }];
    const server = await start(await startRadius([ACCEPT, ADDRESS(77)]), {}, [], {
      subnet4: [{ ...SUBNET, reservations }],
    });
    expect((await new PatientClient4(server, 1).discover())?.yiaddr).toBe("192.0.2.50");
  });

  it("turns a client away, whatever it was given before", async () => {
    const radius = await startRadius([ACCEPT, ADDRESS(77)]);
    const server = await start(radius);
    await new PatientClient4(server, 1).bind();
    radius.reply = [REJECT, [18, "no\nmore"]];
    expect(await new PatientClient4(server, 1).discover()).toBeUndefined();
    expect(await new PatientClient4(server, 1).select("192.0.2.77")).toBeUndefined();
    expect(server.drops()).toEqual(["class-drop", "class-drop"]);
    expect(server.log.lines).toContainEqual(expect.stringMatching(/radius: of 01:02:03 the server says: no.*more/));
  });

  it("is asked once until a client begins anew, and is not needed for one that was let in", async () => {
    const radius = await startRadius([ACCEPT, ADDRESS(77)]);
    const server = await start(radius, { timeout: 1, retries: 0 });
    const client = new PatientClient4(server, 1);
    await client.bind();
    expect((await client.renew("192.0.2.77"))?.yiaddr).toBe("192.0.2.77");
    const asked = () => radius.server.requests.filter(({ code }) => code === 1).length;
    expect(asked()).toBe(1);
    await client.discover();
    expect(asked()).toBe(2);
    await radius.server.stop();
    expect((await client.discover())?.yiaddr).toBe("192.0.2.77");
    expect(await new PatientClient4(server, 2).discover()).toBeDefined();
    expect(await new PatientClient4(server, 3, { clientId: Uint8Array.of(9, 9) }).discover()).toBeUndefined();
  });

  it("whose servers are silent is not waited for as long as they are", async () => {
    const radius = await startRadius([ACCEPT, ADDRESS(77)]);
    const server = await start(radius);
    await new PatientClient4(server, 1).bind();
    radius.reply = undefined;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const asked = radius.server.requests.length;
    const offer = async (number: number, clientId: Uint8Array, after: number) => {
      await server.serve(new TestClient4(server, number, { clientId }).discoverMessage());
      while (radius.server.requests.length < asked + number) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(after - 1);
      expect([server.transport.takeSent().length, server.drops().length]).toEqual([0, 0]);
      await vi.advanceTimersByTimeAsync(1);
    };
    await offer(1, CLIENT_ID, 2000);
    while (server.transport.takeSent().length === 0) await new Promise(setImmediate);
    await offer(2, Uint8Array.of(1, 9), 9000);
    while (server.drops().length === 0) await new Promise(setImmediate);
    expect(server.drops()).toEqual(["class-drop"]);
  });

  it("is told who the client is", async () => {
    const radius = await startRadius([ACCEPT]);
    const attributes = [
      { name: "User-Password", data: "secret" },
      { type: 77, raw: "0x6162" },
      { name: "Configuration-Token", expr: "hexstring(pkt4.mac, ':')" },
      { name: "Filter-Id", expr: "option[60].text" },
      { name: "Service-Type", data: "8" },
    ];
    await new PatientClient4(await start(radius, {}, attributes), 1).discover();
    const [request] = radius.server.requests;
    const { 2: password, 80: proof, ...others } = request!.attributes;
    expect([password?.length, proof?.length]).toEqual([16, 16]);
    const told = {
      1: "01:02:03",
      31: macOf(1),
      77: "ab",
      78: macOf(1),
      6: "\0\0\0\x08",
      5: "\0\0\0\x07",
      4: "\x7f\0\0\x01",
    };
    expect(others).toEqual(told);
  });

  it.each([
    [{ "identifier-type4": "hw-address", "canonical-mac-address": true }, macOf(1).replaceAll(":", "-")],
    [{ realm: "example.org" }, "00:70:6f:72:74@example.org"],
    [{ realm: 1, timeout: 0, retries: 101 }, "00:70:6f:72:74"],
    [{ "client-id-pop0": true }, "70:6f:72:74"],
    [{ "client-id-pop0": true, "client-id-printable": true }, "port"],
    [{ "identifier-type4": "circuit-id", "client-id-printable": true }, "eth7"],
    [{ "identifier-type4": "flex-id", "client-id-printable": true }, "port"],
    [{ "nas-ports": [{ port: 3 }, { port: 4, "subnet-id": 7 }] }, "00:70:6f:72:74", 4],
    [{ "nas-ports": [{ port: 3 }, { port: 4, "subnet-id": 8 }] }, "00:70:6f:72:74", 3],
    [{ "nas-ports": [{ port: 2 ** 33 + 3 }, { port: 4, "subnet-id": -1 }] }, "00:70:6f:72:74", 3],
    [{ "nas-ports": [{ port: 3 }, { port: 4, "subnet-prefix": "192.0.2.0/24" }] }, "00:70:6f:72:74", 4],
    [{ "nas-ports": [{ port: 3 }, { port: 4, "subnet-prefix": "198.51.100.0/24" }] }, "00:70:6f:72:74", 3],
    [{ "nas-ports": [{ port: 3 }, { port: 4, "shared-network-name": "ground" }] }, "00:70:6f:72:74", 4],
    [{ "nas-ports": [{ port: 3 }, { port: 4, "shared-network-name": "first" }] }, "00:70:6f:72:74", 3],
    [
      {
        "nas-ports": [
          { port: 3, "subnet-id": 7 },
          { port: 4, "shared-network-name": "ground" },
        ],
      },
      "00:70:6f:72:74",
      4,
    ],
  ])("%j", async (parameters, name, port = 7) => {
    const radius = await startRadius([ACCEPT]);
    const flexId = {
      library: "libdhcp_flex_id.so",
      parameters: { "identifier-expression": "'port'", "replace-client-id": true },
    };
    const servers = [{ name: "127.0.0.1", port: radius.server.port, secret: SECRET }];
    const hooks = [flexId, { library: "libdhcp_radius.so", parameters: { access: { servers }, ...parameters } }];
    const networks = [
      { name: "ground", subnet4: [SUBNET] },
      { name: "first", subnet4: [{ id: 8, subnet: "198.51.100.0/24" }] },
    ];
    const server = await start(radius, {}, [], { subnet4: [], "shared-networks": networks, "hooks-libraries": hooks });
    const agent = [82, [1, 4, ...text("eth7")]] as const;
    await new PatientClient4(server, 1).discover({ options: [agent] });
    expect(radius.server.requests[0]?.attributes).toMatchObject({ 1: name, 5: `\0\0\0${String.fromCharCode(port)}` });
  });

  it("of a client identifier of RFC 4361, the DUID is the name", async () => {
    const radius = await startRadius([ACCEPT]);
    const server = await start(radius);
    const clientId = Uint8Array.of(255, 0, 0, 0, 1, 0, 3, 0, 1, 7, 7, 7, 7, 7, 7);
    await new PatientClient4(server, 1, { clientId }).discover();
    expect(radius.server.requests[0]?.attributes[1]).toBe("00:03:00:01:07:07:07:07:07:07");
  });

  it("lets nobody in who has no name", async () => {
    const radius = await startRadius([ACCEPT]);
    expect(await new PatientClient4(await start(radius), 1, {}).discover()).toBeUndefined();
    expect(radius.server.requests).toEqual([]);
  });
});

describe("the accounting service", () => {
  it("is told of a session as it begins, goes on and ends", async () => {
    const radius = await startRadius([ACCEPT, ADDRESS(77), [25, "once"], [25, "more"]]);
    const server = await start(radius);
    const client = new PatientClient4(server, 1);
    await client.bind();
    await vi.waitFor(() => expect(reports(radius)).toHaveLength(1), PATIENCE);
    await client.renew("192.0.2.77");
    await server.serve(client.releaseMessage("192.0.2.77"));
    await vi.waitFor(() => expect(reports(radius)).toHaveLength(3), PATIENCE);
    const [begun, more, over] = reports(radius);
    expect([begun, more, over].map((report) => report?.[40])).toEqual(["\0\0\0\x01", "\0\0\0\x03", "\0\0\0\x02"]);
    expect(begun).toMatchObject({
      1: "01:02:03",
      5: "\0\0\0\x07",
      8: "\xc0\0\x02\x4d",
      25: "more",
      31: macOf(1),
      41: "\0\0\0\0",
    });
    expect(begun?.[44]).toMatch(/^192\.0\.2\.77@\d+\.\d{3}$/);
    expect([more?.[44], over?.[44]]).toEqual([begun?.[44], begun?.[44]]);
    await client.bind();
    await vi.waitFor(() => expect(reports(radius)).toHaveLength(4), PATIENCE);
    expect(reports(radius)[3]?.[40]).toBe("\0\0\0\x01");
  });

  it("is told of leases that commands add, change and remove, also the partner's, unless that is not wanted", async () => {
    const radius = await startRadius([ACCEPT]);
    const lease = { "ip-address": "192.0.2.50", "hw-address": macOf(5), "client-id": "01:02:03" };
    for (const [isWanted, expected] of [
      [true, ["\x01", "\x03", "\x03", "\x02", "\x01", "\x02"]],
      [false, ["\x01", "\x03", "\x02", "\x01", "\x02"]],
    ] as const) {
      const servers = [{ name: "localhost", port: radius.server.port, secret: SECRET }];
      const server = await start(radius, { accounting: { servers, "peer-updates": isWanted } });
      const before = reports(radius).length;
      const later = { ...lease, "valid-lft": 7200, expire: server.clock.wall() + 7210 };
      const fetched = { leases: [later], origin: "ha-partner", "newer-only": true };
      for (const [command, args] of [
        ["lease4-add", lease],
        ["lease4-update", lease],
        ["lease4-bulk-apply", fetched],
        ["lease4-update", { ...lease, hostname: "a", origin: "ha-partner" }],
        ["lease4-del", { "ip-address": "192.0.2.50" }],
        ["lease4-add", lease],
        ["lease4-wipe", { "subnet-id": 7 }],
      ] as const) {
        const { result, arguments: given } = await server.ask(command, args);
        expect([command, result, given]).toEqual([
          command,
          0,
          command === "lease4-bulk-apply" ? { count: 1, present: 0 } : given,
        ]);
      }
      const statuses = () =>
        reports(radius)
          .slice(before)
          .map((report) => report[40]?.slice(-1));
      await vi.waitFor(() => expect(statuses()).toEqual(expected), PATIENCE);
    }
  });

  it.each(["client-id", "hw-address", "duid", "flex-id"])(
    "is told of a lease by its client identifier, or else its hardware address, as by Kea, where the other is asked by %s",
    async (type) => {
      const radius = await startRadius([ACCEPT]);
      const server = await start(radius, { "identifier-type4": type });
      const lease = { "ip-address": "192.0.2.50", "hw-address": macOf(5) };
      await server.ask("lease4-add", { ...lease, "client-id": "01:02:03" });
      await server.ask("lease4-add", { ...lease, "ip-address": "192.0.2.51" });
      const names = () => reports(radius).map((report) => [report[1], report[31]]);
      const expected = [
        ["01:02:03", macOf(5)],
        [macOf(5), undefined],
      ];
      await vi.waitFor(() => expect(names()).toEqual(expected), PATIENCE);
    },
  );

  it("is told of no offers", async () => {
    const radius = await startRadius([ACCEPT]);
    const server = await start(radius);
    await new PatientClient4(server, 1).discover();
    await new PatientClient4(server, 1).bind();
    await vi.waitFor(() => expect(reports(radius)).toHaveLength(1), PATIENCE);
  });
});
