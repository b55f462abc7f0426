/** RFC 6926: requesters that ask for many leases by TCP. */
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { buildMessage4, type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { ip } from "@kotare/testkit/payloads";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { HOST, isDone, LEASED, QueryStage4, query, readLine } from "../testing/query-stage4.ts";

const STRANGER = "127.0.0.9";

let stage: QueryStage4;

const agent = (code: number, ...bytes: number[]): OptionBytes => [82, subOptions([code, bytes])];

describe("DHCPBULKLEASEQUERY", () => {
  beforeEach(async () => {
    stage = await QueryStage4.start();
  });

  it("about a client by its hardware address tells its lease, and ends (§8.2)", async () => {
    const client = await stage.bind(1, 7);
    stage.server.clock.advance(600);
    const connection = await stage.connect();
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
    expect(told?.u32(152)).toBe(stage.server.clock.wall());
    expect(told?.ips(54)).toBe(HOST);
    expect(told?.option(82)).toEqual(Uint8Array.of(2, 1, 7, 12, 3, 1, 2, 3));
    expect(done?.codes).toEqual([53]);
  });

  it("about a client by its identifier, a relay, or a remote end tells all that belong to it", async () => {
    await stage.bind(1, 7);
    await stage.bind(2, 7, "198.51.100.1");
    await stage.bind(3, 8);
    expect(await stage.ask(query({}, [61, [1, 2, 3]]))).toEqual(["ACTIVE 192.0.2.11", "DONE"]);
    expect(await stage.ask(query({}, agent(2, 7)))).toEqual(["ACTIVE 192.0.2.10", "ACTIVE 198.51.100.10", "DONE"]);
    expect(await stage.ask(query({}, agent(12, 1, 2, 3)))).toHaveLength(4);
    expect(await stage.ask(query({}, agent(2, 9)))).toEqual(["DONE"]);
  });

  it("a relay that a lease has moved away from does not have it any more, nor one that is given back", async () => {
    const client = await stage.bind(1, 7);
    const other = await stage.bind(2, 7);
    await client.renew("192.0.2.10", { giaddr: "192.0.2.1", options: [[82, subOptions([2, [8]])]] });
    await other.release("192.0.2.11");
    expect(await stage.ask(query({}, agent(2, 7)))).toEqual(["DONE"]);
    expect(await stage.ask(query({}, agent(2, 8)))).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
    expect(await stage.ask(query({}, agent(12, 1, 2, 3)))).toEqual(["DONE"]);
  });

  it("about everything tells what is taken, and what was (§8.2)", async () => {
    for (const number of [1, 2, 3]) await stage.bind(number, number);
    stage.server.clock.advance(1000);
    await stage.bind(4, 4, "198.51.100.1");
    expect(await stage.ask(query({}, LEASED))).toEqual([
      "UNASSIGNED 192.0.2.10",
      "UNASSIGNED 192.0.2.11",
      "UNASSIGNED 192.0.2.12",
      "ACTIVE 198.51.100.10",
      "DONE",
    ]);
    expect(await stage.ask(query({}, LEASED, agent(5, 198, 51, 100, 7)))).toEqual(["ACTIVE 198.51.100.10", "DONE"]);
    expect(await stage.ask(query({}, LEASED, [118, ip("192.0.2.7")]))).toHaveLength(4);
    expect(await stage.ask(query({}, agent(5, 10, 0, 0, 1)))).toEqual(["DONE"]);
  });

  it("about everything tells what was never leased, too, in order, and nothing twice (§8.2)", async () => {
    await stage.listener.stop();
    stage = await QueryStage4.start({ "max-leases-per-fetch": 7 });
    for (let number = 1; number <= 30; number++) await stage.bind(number, 7);
    const outside = { "ip-address": "192.0.2.200", "hw-address": "02:00:00:00:00:50", "subnet-id": 1 };
    await stage.server.ask("lease4-add", outside);
    await stage.bind(31, 7, "198.51.100.1");
    const range = (network: string, from: number, to: number, state = "UNASSIGNED") =>
      Array.from({ length: to - from + 1 }, (_, i) => `${state} ${network}.${from + i}`);
    const first = [...range("192.0.2", 10, 39, "ACTIVE"), ...range("192.0.2", 40, 99), "ACTIVE 192.0.2.200"];
    const second = ["ACTIVE 198.51.100.10", ...range("198.51.100", 11, 99)];
    expect(await stage.ask(query())).toEqual([...first, ...second, "DONE"]);
    expect(await stage.ask(query({}, agent(5, 192, 0, 2, 1)))).toEqual([...first, "DONE"]);
    expect(await stage.ask(query({}, agent(5, 198, 51, 100, 1)))).toEqual([...second, "DONE"]);
  });

  it.each([false, true])(
    "about everything tells what is reserved outside of pools (§8.2; in a database: %s)",
    async (elsewhere) => {
      await stage.listener.stop();
      const one = { "hw-address": "02:00:00:00:00:01" };
      const reserve = (address: string) => [{ ...one, "ip-address": address }];
      const subnets = [
        { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10/31" }], reservations: reserve("192.0.2.200") },
        {
          id: 2,
          subnet: "198.51.100.0/24",
          reservations: [...reserve("198.51.100.9"), { "hw-address": "02:00:00:00:00:02" }],
        },
      ];
      const options = { keepsHostsElsewhere: elsewhere };
      const reservations = [
        ...reserve("198.51.100.3"),
        { "hw-address": "02:00:00:00:00:02", "ip-address": "10.0.0.1" },
      ];
      stage = await QueryStage4.start({ "max-leases-per-fetch": 1 }, undefined, options, {
        subnet4: subnets,
        reservations,
      });
      const pool = ["UNASSIGNED 192.0.2.10", "UNASSIGNED 192.0.2.11"];
      const second = ["UNASSIGNED 198.51.100.3", "UNASSIGNED 198.51.100.9"];
      expect(await stage.ask(query())).toEqual([...pool, "UNASSIGNED 192.0.2.200", ...second, "DONE"]);
      expect(await stage.ask(query({}, agent(5, 198, 51, 100, 1)))).toEqual([...second, "DONE"]);
      await stage.bind(1, 7);
      expect(await stage.ask(query())).toEqual([...pool, "ACTIVE 192.0.2.200", ...second, "DONE"]);
    },
  );

  it("what was never leased is available, since no time (§6.2.7)", async () => {
    const connection = await stage.connect();
    connection.send(query({}, [55, [153, 156, 157]]));
    const [first, second] = (await connection.until(isDone)).map(readMessage4);
    expect([first?.codes, second?.codes]).toEqual([
      [53, 54, 152, 156, 157],
      [53, 152, 156, 157],
    ]);
    expect(first).toMatchObject({ ciaddr: "192.0.2.10", htype: 0, chaddr: "" });
    expect(first?.option(156)).toEqual(Uint8Array.of(1));
  });

  it("of a time tells what has changed in it, also by its end (§6.2.4, §6.2.5)", async () => {
    await stage.bind(1, 7);
    stage.server.clock.advance(10);
    await stage.bind(2, 7);
    const time = (code: number, offset: number): OptionBytes => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(stage.server.clock.wall() + offset);
      return [code, bytes];
    };
    expect(await stage.ask(query({}, time(154, 0)))).toEqual(["ACTIVE 192.0.2.11", "DONE"]);
    expect(await stage.ask(query({}, time(154, -100), time(155, -10)))).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
    expect(await stage.ask(query({}, agent(2, 7), time(154, -10), time(155, -1)))).toEqual([
      "ACTIVE 192.0.2.10",
      "DONE",
    ]);
    expect(await stage.ask(query({}, time(154, 0), time(155, -1)))).toEqual(["DONE 3"]);
    stage.server.clock.advance(995);
    expect(await stage.ask(query({}, time(154, -10)))).toEqual(["UNASSIGNED 192.0.2.10", "DONE"]);
    expect(await stage.ask(query({}, LEASED, time(155, -10)))).toEqual(["ACTIVE 192.0.2.11", "DONE"]);
  });

  it("tells what state a lease is in, since when, and from where, where that is asked for (§6.2.7)", async () => {
    await stage.bind(1, 7);
    const client = await stage.bind(2, 7);
    await client.decline("192.0.2.11");
    // Ten seconds more than a lease lasts.
    stage.server.clock.advance(1010);
    const other = await stage.bind(3, 7);
    await other.release("192.0.2.12");
    await stage.bind(4, 7);
    const connection = await stage.connect();
    connection.send(query({}, LEASED, [55, [153, 156, 157]]));
    const told = (await connection.until(isDone)).slice(0, -1).map(readMessage4);
    expect(told.map((each) => [each.ciaddr, each.option(156)?.[0], each.u32(153), each.option(157)?.[0]])).toEqual([
      ["192.0.2.10", 3, 10, 0],
      ["192.0.2.11", 5, 1010, 0],
      ["192.0.2.12", 4, 0, 0],
      ["192.0.2.13", 2, 0, 0],
    ]);
  });

  it("tells more leases than are looked up at a time, each once", async () => {
    await stage.listener.stop();
    stage = await QueryStage4.start({ "max-leases-per-fetch": 7 });
    for (let number = 1; number <= 60; number++) await stage.bind(number, 7);
    const connection = await stage.connect();
    connection.send(query({}, LEASED), query({ xid: 8 }, agent(2, 7)));
    const all = [await connection.until(isDone), await connection.until(isDone)].flat().map(readMessage4);
    for (const xid of [7, 8]) {
      const addresses = all.filter((each) => each.xid === xid && each.ciaddr !== "0.0.0.0").map(({ ciaddr }) => ciaddr);
      expect(new Set(addresses).size).toBe(60);
      expect(addresses).toHaveLength(60);
    }
  });

  it("several in one segment are all answered", async () => {
    await stage.bind(1, 7);
    const connection = await stage.connect();
    connection.send(...[1, 2, 3, 4, 5].map((xid) => query({ xid }, agent(2, 7))));
    const answers: string[] = [];
    for (let i = 0; i < 5; i++)
      answers.push(...(await connection.until(isDone)).map((each) => `${readMessage4(each).xid} ${readLine(each)}`));
    expect(answers.sort()).toEqual([1, 2, 3, 4, 5].flatMap((xid) => [`${xid} ACTIVE 192.0.2.10`, `${xid} DONE`]));
  });

  it("that comes by the byte is answered", async () => {
    const connection = await stage.connect();
    const bytes = Buffer.concat([Buffer.of(0, query({}, LEASED).length), query({}, LEASED)]);
    for (const byte of bytes) connection.socket.write(Buffer.of(byte));
    expect((await connection.until(isDone)).map(readLine)).toEqual(["DONE"]);
  });

  it.each<[string, string, Uint8Array]>([
    ["about two things", "DONE 4", query({ chaddr: "02:00:00:00:00:01" }, agent(2, 7))],
    ["about an address, which is for UDP", "DONE 3", query({ ciaddr: "192.0.2.10" })],
    ["with an empty identifier", "DONE 3", query({}, [61, []])],
    ["with an empty relay", "DONE 3", query({}, agent(12))],
    ["with relay information that is cut off", "DONE 3", query({}, [82, [2, 9, 1]])],
    ["with a time of two bytes", "DONE 3", query({}, [154, [1, 2]])],
    ["with a link of two bytes", "DONE 3", query({}, agent(5, 1, 2))],
    ["about another VPN", "DONE", query({}, [221, [0, 1, 2]])],
    ["about our VPN", "ACTIVE 192.0.2.10", query({}, [221, [255]])],
    ["for changes, which are not told here", "STATUS 4", buildMessage4({ type: 16, chaddr: "" })],
    ["for TLS, which is not here", "TLS 8", buildMessage4({ type: 18, chaddr: "" })],
  ])("%s is answered %s", async (_, answer, message) => {
    await stage.bind(1, 7);
    const connection = await stage.connect();
    connection.send(message);
    expect(readLine((await connection.next())!)).toBe(answer);
  });

  it.each<[string, Buffer]>([
    ["a DISCOVER", Buffer.concat([Buffer.of(0, 244), buildMessage4({ type: 1 }).subarray(0, 244)])],
    ["no message", Buffer.of(0, 3, 1, 2, 3)],
    ["an empty message", Buffer.of(0, 0)],
    ["a message of 60 KB", Buffer.of(0xf0, 0, 1)],
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
  ])("%s ends the connection", async (_, bytes) => {
    const connection = await stage.connect();
    connection.socket.write(bytes);
    expect(await connection.next()).toBeUndefined();
    expect(await stage.ask(query({}, LEASED))).toEqual(["DONE"]);
  });

  it("of somebody who is not listed is not read, and is counted", async () => {
    const connection = await stage.connect(STRANGER);
    expect(await connection.next()).toBeUndefined();
    expect(stage.metric("kotare_leasequery_refused_total")).toBe(1);
    expect(await stage.ask(query({}, LEASED))).toEqual(["DONE"]);
    expect(stage.metric("kotare_leasequery_queries_total")).toBe(1);
  });
});

describe("connections", () => {
  it("are as many as max-requester-connections, the last one for another requester", async () => {
    stage = await QueryStage4.start({ "max-requester-connections": 3 });
    const [first, second] = [await stage.connect(), await stage.connect()];
    expect(await (await stage.connect()).next()).toBeUndefined();
    expect(stage.metric("kotare_leasequery_connections")).toBe(2);
    first.send(query({}, LEASED));
    second.send(query({}, LEASED));
    expect(readLine((await first.next())!)).toBe("DONE");
    first[Symbol.dispose]();
    await vi.waitUntil(() => stage.metric("kotare_leasequery_connections") === 1, { timeout: 60_000 });
    expect(await stage.ask(query({}, LEASED))).toEqual(["DONE"]);
  });
});

it("leases in a database are told in the same way", async () => {
  stage = await QueryStage4.start({ "max-leases-per-fetch": 2 }, undefined, { database: new MemoryDatabase4() });
  for (const number of [1, 2, 3]) await stage.bind(number, 7);
  const all = ["ACTIVE 192.0.2.10", "ACTIVE 192.0.2.11", "ACTIVE 192.0.2.12", "DONE"];
  expect(await stage.ask(query({}, LEASED))).toEqual(all);
  expect((await stage.ask(query())).slice(0, 4)).toEqual([...all.slice(0, 3), "UNASSIGNED 192.0.2.13"]);
  expect((await stage.ask(query({}, agent(2, 7)))).sort()).toEqual(all);
  expect(await stage.ask(query({}, [61, [1, 2, 3]]))).toHaveLength(2);
});

it("a database that does not answer ends the query with what that is called", async () => {
  const database = new MemoryDatabase4();
  stage = await QueryStage4.start({}, undefined, { database });
  database.fault = new Error("away");
  expect(await stage.ask(query({}, LEASED))).toEqual(["DONE 2"]);
});

it("extended-info4-upgrade brings what older Keas have written into today's form", async () => {
  stage = await QueryStage4.start();
  for (const number of [1, 2]) await stage.bind(number, 7);
  const old = { "ip-address": "192.0.2.50", "hw-address": "02:00:00:00:00:50", "subnet-id": 1 };
  await stage.server.ask("lease4-add", { ...old, "user-context": { ISC: { "relay-agent-info": "0x02010c" } } });
  expect(await stage.server.ask("extended-info4-upgrade")).toMatchObject({ result: 0, text: "Upgraded 1 leases" });
  expect(await stage.server.ask("extended-info4-upgrade")).toMatchObject({ result: 0, text: "Upgraded 0 leases" });
  const info = { "remote-id": "0C", "sub-options": "0x02010c" };
  const lease = await stage.server.ask("lease4-get", { "ip-address": "192.0.2.50" });
  expect(lease).toMatchObject({ arguments: { "user-context": { ISC: { "relay-agent-info": info } } } });
});
