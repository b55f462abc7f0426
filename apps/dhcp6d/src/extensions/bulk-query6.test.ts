/** RFC 5460 and RFC 7653: requesters that ask for many leases by TCP, and for their changes. */
import { runs } from "@kotare/core/base/testing/runs";
import { MessageType6, nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import { queryListener6 } from "@kotare/core/server/leasequery/dhcp6/query-listener6";
import { readLeaseData6 } from "@kotare/core/server/leasequery/dhcp6/testing/read-lease-data6";
import { cut, type Mutation, mutate, overwrite } from "@kotare/testkit/mutations";
import { QueryConnection } from "@kotare/testkit/query-connection";
import fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { buildMessage6, na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { ip6, SERVER_DUID, TestServer6 } from "../testing/test-server6.ts";

/** Kept apart from those of other processes by its port. */
const HOST = "::1";
const PORT = 20_000 + (process.pid % 20_000);
const ASKER = option(Option6.clientId, "00020000000900aa");
const { LEASEQUERY, LEASEQUERY_DONE, ACTIVELEASEQUERY, STARTTLS } = MessageType6;

let server: TestServer6;
let listener: ReturnType<typeof queryListener6>;

/** @param active what is said of changes */
async function start(
  advanced: object = {},
  parameters: object = {},
  active: object | false = { insecure: true },
): Promise<void> {
  server = await TestServer6.start({
    "preferred-lifetime": 500,
    "valid-lifetime": 1000,
    "store-extended-info": true,
    ...(active && { "user-context": { kotare: { "active-leasequery": active } } }),
    subnet6: [
      {
        id: 1,
        subnet: "2001:db8:1::/64",
        pools: [{ pool: "2001:db8:1::10-2001:db8:1::ff" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
      { id: 2, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::10-2001:db8:2::ff" }] },
    ],
    "hooks-libraries": [
      {
        library: "libdhcp_lease_query.so",
        parameters: {
          requesters: [HOST],
          advanced: { "bulk-query-enabled": true, "lease-query-tcp-port": PORT, ...advanced },
          ...parameters,
        },
      },
    ],
  });
  listener = queryListener6({ store: server.served, leaseClock: server.clock, log: server.log });
  const { service } = server.pipeline;
  listener.configure(service.config, service);
  const own = listener;
  onTestFinished(() => own.stop());
  await vi.waitUntil(() => server.log.ids.includes("LEASE_QUERY_LISTENING"), { timeout: 60_000 });
}

async function connect(port = PORT): Promise<QueryConnection> {
  const connection = await QueryConnection.open(HOST, port);
  onTestFinished(() => connection[Symbol.dispose]());
  return connection;
}

function lqQuery(type: number, link: string, ...parts: readonly Part6[]): Part6 {
  return (writer) => {
    writer
      .openOption(Option6.lqQuery)
      .u8(type)
      .address(link === "" ? UNSPECIFIED : ip6(link));
    for (const part of parts) part(writer);
    writer.closeOption();
  };
}

/** A LEASEQUERY. @param link empty for any */
const query = (type: number, link = "", ...parts: readonly Part6[]) =>
  buildMessage6(LEASEQUERY, [ASKER, lqQuery(type, link, ...parts)]);

/** What a message tells, a line each: its type, its status, and what it has of leases but times and relays. */
function read(bytes: Uint8Array): string {
  const message = new Message6(bytes);
  const status = Object.entries(StatusCode6).find(([, code]) => code === message.status?.code)?.[0];
  const told = readLeaseData6(message)
    .replace(/ relayed .*/, "")
    .replace(/ \d+\/\d+| clt \d+|duid \w{8}/g, "");
  return [nameMessageType6(message.type), status ?? "", told].filter((word) => word !== "").join(" ");
}

/** Up to the end, or the one REPLY that has nothing. */
async function ask(...messages: readonly Uint8Array[]): Promise<string[]> {
  const connection = await connect();
  connection.send(...messages);
  return (
    await connection.until((bytes) => new Message6(bytes).type === LEASEQUERY_DONE || !read(bytes).includes("2001:"))
  ).map(read);
}

/** A client behind a relay. */
function clientOf(number: number, relay: string, remote: string, link = "2001:db8:1::1"): TestClient6 {
  const client = new TestClient6(server, number);
  const own = [option(Option6.relayId, relay), option(Option6.remoteId, remote)];
  client.relays = [{ link: "2001:db8:ffff::1" }, { link, options: own }];
  return client;
}

const relayId = (hex: string) => option(Option6.relayId, hex);
/** RFC 7653 §6.3: seconds since the year 2000. */
const u32 = (time: number) => (time - Date.UTC(2000, 0, 1) / 1000).toString(16).padStart(8, "0");
const timeOf = (bytes: Uint8Array) => new Message6(bytes).option(Option6.lqBaseTime);
const [RELAY, OTHER_RELAY, REMOTE] = ["00020000000911", "00020000000922", "0000000901"];

describe("LEASEQUERY by TCP", () => {
  beforeEach(() => start());

  it("by relay tells the clients behind it, the first in a REPLY, others in DATA, and DONE (§5.4)", async () => {
    await clientOf(1, RELAY, REMOTE).request(na(1), pd(2));
    await clientOf(2, OTHER_RELAY, REMOTE).request(na(1));
    await clientOf(3, RELAY, REMOTE).request(na(1));
    const found = [
      "LEASEQUERY-REPLY Success 00090001 2001:db8:1::10 2001:db8:8000::/56",
      "LEASEQUERY-DATA 00090003 2001:db8:1::12",
    ];
    expect(await ask(query(3, "", relayId(RELAY)))).toEqual([...found, "LEASEQUERY-DONE"]);
    expect(await ask(query(5, "", option(Option6.remoteId, REMOTE)))).toHaveLength(4);
    expect(await ask(query(3, "2001:db8:2::1", relayId(RELAY)))).toEqual(["LEASEQUERY-REPLY Success"]);
    expect(await ask(query(3, "2001:db8:9::1", relayId(RELAY)))).toEqual(["LEASEQUERY-REPLY NotConfigured"]);
  });

  it("by address, client and link tells what is there", async () => {
    const client = clientOf(1, RELAY, REMOTE);
    await client.request(na(1), pd(2));
    await clientOf(2, RELAY, REMOTE, "2001:db8:2::1").request(na(1));
    const both = "LEASEQUERY-REPLY Success 00090001 2001:db8:1::10 2001:db8:8000::/56";
    const address: Part6 = (writer) =>
      writer.openOption(Option6.iaAddress).address(ip6("2001:db8:8000:77::1")).u32(0).u32(0).closeOption();
    expect(await ask(query(1, "", address))).toEqual([
      "LEASEQUERY-REPLY Success 00090001 2001:db8:8000::/56",
      "LEASEQUERY-DONE",
    ]);
    expect(await ask(query(2, "", option(Option6.clientId, client.duid)))).toEqual([both, "LEASEQUERY-DONE"]);
    expect(await ask(query(4, "2001:db8:1::1"))).toEqual([
      "LEASEQUERY-REPLY Success 00090001 2001:db8:1::10",
      "LEASEQUERY-DATA 00090001 2001:db8:8000::/56",
      "LEASEQUERY-DONE",
    ]);
    expect(await ask(query(4, "2001:db8:2::ffff"))).toEqual([
      "LEASEQUERY-REPLY Success 00090002 2001:db8:2::10",
      "LEASEQUERY-DONE",
    ]);
  });

  it("tells each lease with its relays, and who asked and answered once", async () => {
    await clientOf(1, RELAY, REMOTE).request(na(1));
    await clientOf(2, RELAY, REMOTE).request(na(1));
    const connection = await connect();
    connection.send(query(3, "", relayId(RELAY)));
    const [reply, data, done] = [
      new Message6((await connection.next())!),
      new Message6((await connection.next())!),
      new Message6((await connection.next())!),
    ];
    expect(readLeaseData6(reply)).toMatch(
      / clt 0 relayed from fe80::2 hop 1 link 2001:db8:ffff::1 .* hop 0 link 2001:db8:1::1 peer fe80::2 options 53,37$/,
    );
    expect(Uint8Array.from(reply.option(Option6.serverId)!)).toEqual(SERVER_DUID);
    expect([reply, data, done].map((each) => each.optionCodes())).toEqual([[1, 2, 13, 45], [45], []]);
    expect([reply, data, done].map((each) => each.transactionId)).toEqual(Array(3).fill(0xabcdef));
  });

  it("tells more than is looked up at a time, each once, and nothing that is over", async () => {
    await listener.stop();
    await start({ "max-leases-per-fetch": 7 });
    for (let number = 1; number <= 30; number++) await clientOf(number, RELAY, REMOTE).request(na(1));
    server.clock.advance(1000);
    for (let number = 11; number <= 60; number++) await clientOf(number, RELAY, REMOTE).request(na(1));
    for (const by of [query(3, "", relayId(RELAY)), query(4, "2001:db8:1::1")]) {
      const lines = await ask(by);
      const addresses = lines.flatMap((line) => /2001:\S+/.exec(line)?.[0] ?? []);
      expect(addresses).toHaveLength(50);
      expect(new Set(addresses).size).toBe(50);
    }
  });

  it("tells nobody what is withheld (RFC 7653 §9.3)", async () => {
    await listener.stop();
    await start({}, {}, { insecure: true, "withheld-options": [1, 47] });
    await clientOf(1, RELAY, REMOTE).request(na(1));
    const connection = await connect();
    connection.send(query(3, "", relayId(RELAY)));
    const reply = new Message6((await connection.next())!);
    expect(readLeaseData6(reply)).toBe("2001:db8:1::10 500/1000 clt 0");
  });

  it("several in one segment are all answered", async () => {
    await clientOf(1, RELAY, REMOTE).request(na(1));
    const connection = await connect();
    connection.send(...Array<Uint8Array>(5).fill(query(3, "", relayId(RELAY))));
    const lines: string[] = [];
    for (let i = 0; i < 10; i++) lines.push(read((await connection.next())!));
    expect(lines.filter((line) => line === "LEASEQUERY-DONE")).toHaveLength(5);
  });

  it.each<[string, string, Uint8Array]>([
    ["an unknown relay", "Success", query(3, "", relayId("00020002"))],
    ["no relay", "MalformedQuery", query(3)],
    ["a relay of one byte", "MalformedQuery", query(3, "", relayId("00"))],
    ["no remote end", "MalformedQuery", query(5, "", option(Option6.remoteId))],
    ["no link", "MalformedQuery", query(4)],
    ["something unknown", "UnknownQueryType", query(9)],
    ["nothing", "MalformedQuery", buildMessage6(LEASEQUERY, [ASKER])],
    ["half a question", "MalformedQuery", buildMessage6(LEASEQUERY, [ASKER, option(Option6.lqQuery, "0301")])],
    ["a relay, of nobody", "MalformedQuery", buildMessage6(LEASEQUERY, [lqQuery(3, "", relayId(RELAY))])],
    [
      "a relay, of another server",
      "NotAllowed",
      buildMessage6(LEASEQUERY, [ASKER, option(2, "00020002"), lqQuery(3, "")]),
    ],
  ])("about %s is answered with one REPLY: %s", async (_, status, message) => {
    const connection = await connect();
    connection.send(message);
    expect(read((await connection.next())!)).toBe(`LEASEQUERY-REPLY ${status}`);
    connection.send(query(9));
    expect(read((await connection.next())!)).toBe("LEASEQUERY-REPLY UnknownQueryType");
  });

  it("tells what has changed in a time (RFC 7653 §6.3.2, §6.3.3)", async () => {
    const began = server.clock.wall();
    for (const number of [1, 2, 3]) {
      await clientOf(number, RELAY, REMOTE).request(na(1));
      server.clock.advance(10);
    }
    const times = [option(Option6.lqStartTime, u32(began + 10)), option(Option6.lqEndTime, u32(began + 10))];
    const wishes = option(Option6.oro, "0064");
    const connection = await connect();
    connection.send(buildMessage6(LEASEQUERY, [ASKER, lqQuery(3, "", relayId(RELAY), wishes), ...times]));
    const messages = await connection.until((bytes) => new Message6(bytes).type === LEASEQUERY_DONE);
    expect(messages.map(read)).toEqual(["LEASEQUERY-REPLY Success 00090002 2001:db8:1::11", "LEASEQUERY-DONE"]);
    expect(messages.map((bytes) => timeOf(bytes)?.length)).toEqual([4, 4]);
  });

  it("an active one is not supported where it is not configured (RFC 7653 §9.2)", async () => {
    await start({ "lease-query-tcp-port": PORT + 1 }, {}, false);
    const connection = await connect(PORT + 1);
    connection.send(buildMessage6(ACTIVELEASEQUERY, [ASKER]));
    expect((await connection.until(() => false)).map(read)).toEqual(["LEASEQUERY-REPLY NotSupported"]);
  });

  it("a SOLICIT ends the connection; TLS is refused where there is none", async () => {
    const connection = await connect();
    connection.send(buildMessage6(STARTTLS, [ASKER]));
    expect(read((await connection.next())!)).toBe("REPLY TLSConnectionRefused");
    connection.send(buildMessage6(MessageType6.SOLICIT, [ASKER]));
    expect(await connection.next()).toBeUndefined();
  });
});

describe("ACTIVELEASEQUERY", () => {
  beforeEach(() => start());

  const active = (...parts: readonly Part6[]) => buildMessage6(ACTIVELEASEQUERY, [ASKER, ...parts]);
  const since = (time: number): Part6 => option(Option6.lqStartTime, u32(time));

  it("tells changes as they come, after a REPLY that says that it has begun", async () => {
    const connection = await connect();
    connection.send(active());
    expect(read((await connection.next())!)).toBe("LEASEQUERY-REPLY Success");
    const client = clientOf(1, RELAY, REMOTE);
    await client.request(na(1), pd(2));
    expect(read((await connection.next())!)).toBe("LEASEQUERY-DATA 00090001 2001:db8:1::10 2001:db8:8000::/56");
    await client.release(na(1, "2001:db8:1::10"));
    expect(readLeaseData6(new Message6((await connection.next())!))).toContain("2001:db8:1::10 0/0 ");
  });

  it("with a time is told what has changed since, and that this is all", async () => {
    const began = server.clock.wall();
    await clientOf(1, RELAY, REMOTE).request(na(1));
    server.clock.advance(10);
    await clientOf(2, RELAY, REMOTE).request(na(1));
    for (const [from, expected] of [
      [
        began,
        [
          "LEASEQUERY-REPLY Success",
          "LEASEQUERY-DATA 00090001 2001:db8:1::10",
          "LEASEQUERY-DATA 00090002 2001:db8:1::11",
        ],
      ],
      [began + 5, ["LEASEQUERY-REPLY Success", "LEASEQUERY-DATA 00090002 2001:db8:1::11"]],
    ] as const) {
      const connection = await connect();
      connection.send(active(since(from)));
      const lines = (await connection.until((bytes) => read(bytes).includes("CatchUpComplete"))).map(read);
      expect(lines).toEqual([...expected, "LEASEQUERY-DATA CatchUpComplete"]);
    }
  });

  it("with a time before our start is told so, and then what is new only (RFC 7653 §8.4.1)", async () => {
    await clientOf(1, RELAY, REMOTE).request(na(1));
    const connection = await connect();
    connection.send(active(since(server.clock.wall() - 1)));
    const missing = (await connection.next())!;
    expect([read(missing), Buffer.from(timeOf(missing)!).toString("hex")]).toEqual([
      ...["LEASEQUERY-REPLY DataMissing", u32(server.clock.wall())],
    ]);
    await clientOf(2, RELAY, REMOTE).request(na(1));
    expect(read((await connection.next())!)).toBe("LEASEQUERY-DATA 00090002 2001:db8:1::11");
  });

  it.each([
    ["a client", lqQuery(2, "", option(Option6.clientId, "0002000000090002")), [2]],
    ["an address", lqQuery(1, "", option(Option6.iaAddress, "20010db8000100000000000000000011".padEnd(48, "0"))), [2]],
    ["a relay", lqQuery(3, "", relayId(OTHER_RELAY)), [2, 3]],
    ["a relay's port on a link", lqQuery(5, "2001:db8:2::1", option(Option6.remoteId, REMOTE)), [3]],
    ["a link", lqQuery(4, "2001:db8:2::1"), [3]],
  ])("about %s is told of no other's changes (RFC 7653 §6.2.1)", async (_, about, expected) => {
    const connection = await connect();
    connection.send(active(about));
    expect(read((await connection.next())!)).toBe("LEASEQUERY-REPLY Success");
    await clientOf(1, RELAY, "0000000902").request(na(1));
    await clientOf(2, OTHER_RELAY, "0000000902").request(na(1));
    await clientOf(3, OTHER_RELAY, REMOTE, "2001:db8:2::1").request(na(1));
    for (const number of expected) expect(read((await connection.next())!)).toContain(` 0009000${number} `);
    await listener.stop();
    const last = (await connection.next())!;
    expect(read(last)).toBe("LEASEQUERY-DONE QueryTerminated");
    expect(timeOf(last)).toHaveLength(4);
    expect(await connection.next()).toBeUndefined();
  });

  it.each([
    ["with an end", "MalformedQuery", () => [active(option(Option6.lqEndTime, "00000001"))]],
    ["of an unknown type", "UnknownQueryType", () => [active(lqQuery(9, ""))]],
    ["beside another one", "NotAllowed", () => [active(), active()]],
  ])("%s is answered with %s, and ends the connection (RFC 7653 §9.3, §9.4)", async (_, status, messages) => {
    const connection = await connect();
    connection.send(...messages());
    const lines = (await connection.until(() => false)).map(read);
    expect(lines.at(-1)).toBe(`LEASEQUERY-REPLY ${status}`);
  });

  it("says the time in each answer where it is asked for (RFC 7653 §9.3)", async () => {
    const connection = await connect();
    connection.send(active(option(Option6.oro, "0064")));
    await connection.next();
    await clientOf(1, RELAY, REMOTE).request(na(1));
    expect(Buffer.from(timeOf((await connection.next())!)!).toString("hex")).toBe(u32(server.clock.wall()));
    connection.send(query(2, "", option(Option6.clientId, "0002000000090001")));
    expect(timeOf((await connection.next())!)).toBeUndefined();
  });
});

it("broken queries are answered, or end their connection, and the next one is served", async () => {
  await start({ "max-requester-connections": 1000 });
  await clientOf(1, RELAY, REMOTE).request(na(1), pd(2));
  const corpus = [
    query(3, "", relayId(RELAY)),
    query(5, "2001:db8:1::1", option(Option6.remoteId, REMOTE)),
    query(4, "2001:db8:1::1"),
    query(2, "", option(Option6.clientId, "0002000000090001")),
    buildMessage6(ACTIVELEASEQUERY, [ASKER, option(Option6.lqStartTime, "00000000")]),
    buildMessage6(STARTTLS, [ASKER]),
    buildMessage6(LEASEQUERY, [ASKER], [{ link: "2001:db8::1" }]),
  ];
  const share = fc.integer({ min: 0, max: 999 }).map((thousandth) => thousandth / 1000);
  const mutation: fc.Arbitrary<Mutation> = fc.oneof(
    fc.tuple(share, fc.integer({ min: 0, max: 255 })).map(([at, value]) => overwrite(at, value)),
    share.map(cut),
  );
  const broken = fc.tuple(fc.constantFrom(...corpus), fc.array(mutation, { minLength: 1, maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(fc.array(broken, { minLength: 1, maxLength: 8 }), async (messages) => {
      using connection = await QueryConnection.open(HOST, PORT);
      connection.send(...messages.map(([message, mutations]) => mutate(message, mutations)));
      const [first] = await ask(query(3, "", relayId(RELAY)));
      expect(first).toBe("LEASEQUERY-REPLY Success 00090001 2001:db8:1::10 2001:db8:8000::/56");
    }),
    { numRuns: runs(100) },
  );
  expect(server.log.lines.filter((line) => /TypeError|RangeError/.test(line))).toEqual([]);
});

it("status-get says whether leases are found by relay", async () => {
  await start();
  expect(await server.ask("status-get")).toMatchObject({ arguments: { "extended-info-tables": true } });
  const without = await TestServer6.start({ subnet6: [] });
  expect(await without.ask("status-get")).toMatchObject({ arguments: { "extended-info-tables": false } });
});
