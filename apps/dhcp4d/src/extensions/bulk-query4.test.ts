/** RFC 6926: requesters that ask for many leases by TCP. */
import { queryListener4 } from "@kotare/core/server/leasequery/dhcp4/query-listener4";
import { buildMessage4, type Message4Fields, type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { ownLoopback } from "@kotare/testkit/own-loopback";
import { ip } from "@kotare/testkit/payloads";
import { QueryConnection } from "@kotare/testkit/query-connection";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const HOST = ownLoopback();
const PORT = 6767;
const STRANGER = "127.0.0.9";
const [BULK, DONE] = [14, 15];
const TYPES = [
  "",
  "DISCOVER",
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "UNASSIGNED",
  "",
  "ACTIVE",
  "",
  "DONE",
  "",
  "STATUS",
  "TLS",
];

const configWith = (advanced: object, kotare?: object): Dhcp4Text => ({
  "valid-lifetime": 1000,
  "renew-timer": 500,
  "rebind-timer": 800,
  "store-extended-info": true,
  ...(kotare === undefined ? {} : { "user-context": { kotare } }),
  subnet4: [
    { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] },
    { id: 2, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.10-198.51.100.99" }] },
  ],
  "hooks-libraries": [
    {
      library: "libdhcp_lease_query.so",
      parameters: {
        requesters: [HOST],
        advanced: { "bulk-query-enabled": true, "lease-query-ip": HOST, "lease-query-tcp-port": PORT, ...advanced },
      },
    },
  ],
});

let server: TestServer4;
let listener: ReturnType<typeof queryListener4>;

async function start(advanced: object = {}, kotare?: object): Promise<void> {
  server = await TestServer4.start(configWith(advanced, kotare));
  listener = queryListener4({ store: server.served, leaseClock: server.clock, log: server.log });
  const { service } = server.pipeline;
  listener.configure(service.config, service);
  onTestFinished(() => listener.stop());
  await vi.waitUntil(() => server.log.ids.includes("LEASE_QUERY_LISTENING"), { timeout: 60_000 });
}

async function connect(from = HOST): Promise<QueryConnection> {
  const connection = await QueryConnection.open(HOST, PORT, from);
  onTestFinished(() => connection[Symbol.dispose]());
  return connection;
}

const query = (fields: Message4Fields = {}, ...options: readonly OptionBytes[]) =>
  buildMessage4({ type: BULK, chaddr: "", htype: 0, xid: 7, ...fields, options });
const agent = (code: number, ...bytes: number[]): OptionBytes => [82, subOptions([code, bytes])];

/** What is told, a line each. */
function read(message: Uint8Array): string {
  const told = readMessage4(message);
  const status = told.option(151);
  const type = TYPES[told.option(53)![0]!];
  return [type, told.ciaddr === "0.0.0.0" ? "" : told.ciaddr, status === undefined ? "" : status[0]]
    .filter((x) => x !== "")
    .join(" ");
}

const isDone = (message: Uint8Array) => readMessage4(message).option(53)![0] === DONE;

async function ask(...messages: readonly Uint8Array[]): Promise<string[]> {
  const connection = await connect();
  connection.send(...messages);
  return (await connection.until(isDone)).map(read);
}

/** A client behind a relay that says where it is. */
async function bind(number: number, remote: number, giaddr = "192.0.2.1"): Promise<TestClient4> {
  const client = new TestClient4(server, number, { clientId: Uint8Array.of(1, 2, number) });
  await client.bind({ giaddr, options: [[82, subOptions([2, [remote]], [12, [1, 2, 3]])]] });
  return client;
}

describe("DHCPBULKLEASEQUERY", () => {
  beforeEach(() => start());

  it("about a client by its hardware address tells its lease, and ends (§8.2)", async () => {
    const client = await bind(1, 7);
    server.clock.advance(600);
    const connection = await connect();
    connection.send(query({ chaddr: client.mac, htype: 1 }));
    const [told, done] = (await connection.until(isDone)).map(readMessage4);
    expect(told).toMatchObject({
      op: 2,
      xid: 7,
      ciaddr: "192.0.2.10",
      yiaddr: "0.0.0.0",
      chaddr: client.mac,
      htype: 1,
    });
    expect(told?.codes).toEqual([53, 51, 54, 59, 61, 91, 152, 82]);
    expect([51, 59, 91].map((code) => told?.u32(code))).toEqual([400, 200, 600]);
    expect(told?.u32(152)).toBe(server.clock.wall());
    expect(told?.ips(54)).toBe(HOST);
    expect(told?.option(82)).toEqual(Uint8Array.of(2, 1, 7, 12, 3, 1, 2, 3));
    expect(done?.codes).toEqual([53]);
  });

  it("about a client by its identifier, a relay, or a remote end tells all that belong to it", async () => {
    await bind(1, 7);
    await bind(2, 7, "198.51.100.1");
    await bind(3, 8);
    expect(await ask(query({}, [61, [1, 2, 3]]))).toEqual(["ACTIVE 192.0.2.11", "DONE"]);
    expect(await ask(query({}, agent(2, 7)))).toEqual(["ACTIVE 192.0.2.10", "ACTIVE 198.51.100.10", "DONE"]);
    expect(await ask(query({}, agent(12, 1, 2, 3)))).toHaveLength(4);
    expect(await ask(query({}, agent(2, 9)))).toEqual(["DONE"]);
  });

  it("a relay that a lease has moved away from does not have it any more, nor one that is given back", async () => {
    const client = await bind(1, 7);
    const other = await bind(2, 7);
    await client.renew("192.0.2.10", { giaddr: "192.0.2.1", options: [[82, subOptions([2, [8]])]] });
    await other.release("192.0.2.11");
    expect(await ask(query({}, agent(2, 7)))).toEqual(["DONE"]);
    expect(await ask(query({}, agent(2, 8)))).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
    expect(await ask(query({}, agent(12, 1, 2, 3)))).toEqual(["DONE"]);
  });

  it("about everything tells what is taken, and what was (§8.2)", async () => {
    for (const number of [1, 2, 3]) await bind(number, number);
    server.clock.advance(1000);
    await bind(4, 4, "198.51.100.1");
    expect(await ask(query())).toEqual([
      "UNASSIGNED 192.0.2.10",
      "UNASSIGNED 192.0.2.11",
      "UNASSIGNED 192.0.2.12",
      "ACTIVE 198.51.100.10",
      "DONE",
    ]);
    expect(await ask(query({}, agent(5, 198, 51, 100, 7)))).toEqual(["ACTIVE 198.51.100.10", "DONE"]);
    expect(await ask(query({}, [118, ip("192.0.2.7")]))).toHaveLength(4);
    expect(await ask(query({}, agent(5, 10, 0, 0, 1)))).toEqual(["DONE"]);
  });

  it("of a time tells what was heard of in it (§6.2.5)", async () => {
    await bind(1, 7);
    server.clock.advance(10);
    await bind(2, 7);
    const time = (code: number, offset: number): OptionBytes => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(server.clock.wall() + offset);
      return [code, bytes];
    };
    expect(await ask(query({}, time(154, 0)))).toEqual(["ACTIVE 192.0.2.11", "DONE"]);
    expect(await ask(query({}, time(155, -10)))).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
    expect(await ask(query({}, agent(2, 7), time(154, -10), time(155, -1)))).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
    expect(await ask(query({}, time(154, 0), time(155, -1)))).toEqual(["DONE 3"]);
  });

  it("tells what state a lease is in, since when, and from where, where that is asked for (§6.2.7)", async () => {
    await bind(1, 7);
    const client = await bind(2, 7);
    await client.decline("192.0.2.11");
    server.clock.advance(1000);
    await bind(3, 7);
    const connection = await connect();
    connection.send(query({}, [55, [153, 156, 157]]));
    const told = (await connection.until(isDone)).slice(0, -1).map(readMessage4);
    expect(told.map((each) => [each.ciaddr, each.option(156)?.[0], each.u32(153), each.option(157)?.[0]])).toEqual([
      ["192.0.2.10", 3, 1000, 0],
      ["192.0.2.11", 5, 1000, 0],
      ["192.0.2.12", 2, 0, 0],
    ]);
  });

  it("tells more leases than are looked up at a time, each once", async () => {
    await listener.stop();
    await start({ "max-leases-per-fetch": 7 });
    for (let number = 1; number <= 60; number++) await bind(number, 7);
    const connection = await connect();
    connection.send(query(), query({ xid: 8 }, agent(2, 7)));
    const all = [await connection.until(isDone), await connection.until(isDone)].flat().map(readMessage4);
    for (const xid of [7, 8]) {
      const addresses = all.filter((each) => each.xid === xid && each.ciaddr !== "0.0.0.0").map(({ ciaddr }) => ciaddr);
      expect(new Set(addresses).size).toBe(60);
      expect(addresses).toHaveLength(60);
    }
  });

  it("several in one segment are all answered", async () => {
    await bind(1, 7);
    const connection = await connect();
    connection.send(...[1, 2, 3, 4, 5].map((xid) => query({ xid }, agent(2, 7))));
    const answers: string[] = [];
    for (let i = 0; i < 5; i++)
      answers.push(...(await connection.until(isDone)).map((each) => `${readMessage4(each).xid} ${read(each)}`));
    expect(answers.sort()).toEqual([1, 2, 3, 4, 5].flatMap((xid) => [`${xid} ACTIVE 192.0.2.10`, `${xid} DONE`]));
  });

  it("that comes by the byte is answered", async () => {
    const connection = await connect();
    const bytes = Buffer.concat([Buffer.of(0, query().length), query()]);
    for (const byte of bytes) connection.socket.write(Buffer.of(byte));
    expect((await connection.until(isDone)).map(read)).toEqual(["DONE"]);
  });

  it.each<[string, Uint8Array, string]>([
    ["about two things", query({ chaddr: "02:00:00:00:00:01" }, agent(2, 7)), "DONE 4"],
    ["about an address, which is for UDP", query({ ciaddr: "192.0.2.10" }), "DONE 3"],
    ["with an empty identifier", query({}, [61, []]), "DONE 3"],
    ["with an empty relay", query({}, agent(12)), "DONE 3"],
    ["with relay information that is cut off", query({}, [82, [2, 9, 1]]), "DONE 3"],
    ["with a time of two bytes", query({}, [154, [1, 2]]), "DONE 3"],
    ["with a link of two bytes", query({}, agent(5, 1, 2)), "DONE 3"],
    ["about another VPN", query({}, [221, [0, 1, 2]]), "DONE"],
    ["about our VPN", query({}, [221, [255]]), "ACTIVE 192.0.2.10"],
    ["for changes, which are not told here", buildMessage4({ type: 16, chaddr: "" }), "DONE 4"],
    ["for TLS, which is not here", buildMessage4({ type: 18, chaddr: "" }), "TLS 8"],
  ])("%s is answered %s", async (_, message, answer) => {
    await bind(1, 7);
    const connection = await connect();
    connection.send(message);
    expect(read((await connection.next())!)).toBe(answer);
  });

  it.each<[string, Buffer]>([
    ["a DISCOVER", Buffer.concat([Buffer.of(0, 244), buildMessage4({ type: 1 }).subarray(0, 244)])],
    ["no message", Buffer.of(0, 3, 1, 2, 3)],
    ["an empty message", Buffer.of(0, 0)],
    ["a message of 60 KB", Buffer.of(0xf0, 0, 1)],
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
  ])("%s ends the connection", async (_, bytes) => {
    const connection = await connect();
    connection.socket.write(bytes);
    expect(await connection.next()).toBeUndefined();
    expect(await ask(query())).toEqual(["DONE"]);
  });

  it("of somebody who is not listed is not read, and is counted", async () => {
    const connection = await connect(STRANGER);
    expect(await connection.next()).toBeUndefined();
    expect(metric("kotare_leasequery_refused_total")).toBe(1);
    expect(await ask(query())).toEqual(["DONE"]);
    expect(metric("kotare_leasequery_queries_total")).toBe(1);
  });
});

function metric(name: string): unknown {
  const found = listener.metrics().find((each) => each.name === name)!;
  return [...found.samples()].flat()[0]!.value;
}

describe("connections", () => {
  it("are as many as max-requester-connections, the last one for another requester", async () => {
    await start({ "max-requester-connections": 3 });
    const [first, second] = [await connect(), await connect()];
    expect(await (await connect()).next()).toBeUndefined();
    expect(metric("kotare_leasequery_connections")).toBe(2);
    first.send(query());
    second.send(query());
    expect(read((await first.next())!)).toBe("DONE");
    first[Symbol.dispose]();
    await vi.waitUntil(() => metric("kotare_leasequery_connections") === 1, { timeout: 60_000 });
    expect(await ask(query())).toEqual(["DONE"]);
  });
});
