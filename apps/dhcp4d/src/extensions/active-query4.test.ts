/** RFC 7724: requesters that are told of each change of a lease as it comes. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildMessage4, type OptionBytes } from "@kotare/testkit/build-message4";
import { Authority } from "@kotare/testkit/certificates";
import type { QueryConnection } from "@kotare/testkit/query-connection";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { beforeAll, describe, expect, it } from "vitest";
import { LEASED, QueryStage4, query, queryConfig4, readLine } from "../testing/query-stage4.ts";
import { TestClient4 } from "../testing/test-client4.ts";
import { parseText4 } from "../testing/test-server4.ts";

const [ACTIVE, TLS] = [16, 18];
const INSECURE = { "active-leasequery": { insecure: true } };

const active = (...options: readonly OptionBytes[]) => buildMessage4({ type: ACTIVE, chaddr: "", xid: 9, options });
const tls = () => buildMessage4({ type: TLS, chaddr: "", xid: 9 });

function since(time: number): OptionBytes {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(time);
  return [154, bytes];
}

/** The next messages, so many, or up to the end of the connection. */
async function next(connection: QueryConnection, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) {
    const message = await connection.next();
    if (message === undefined) break;
    lines.push(readLine(message));
  }
  return lines;
}

/** Asks, and waits until the question has been taken in: the bulk query is answered behind it. */
async function follow(stage: QueryStage4, ...options: readonly OptionBytes[]): Promise<QueryConnection> {
  const connection = await stage.connect();
  connection.send(active(...options), query({}, [61, [9, 9]]));
  expect(await next(connection, 1)).toEqual(["DONE"]);
  return connection;
}

/** Up to its end. */
async function rest(connection: QueryConnection): Promise<string[]> {
  return (await connection.until(() => false)).map(readLine);
}

describe("DHCPACTIVELEASEQUERY", () => {
  it("tells what is given, renewed, declined and given back, when it is durable", async () => {
    const stage = await QueryStage4.start({}, INSECURE);
    const connection = await follow(stage);
    const client = await stage.bind(1, 7);
    const other = await stage.bind(2, 7);
    expect(await next(connection, 2)).toEqual(["ACTIVE 192.0.2.10", "ACTIVE 192.0.2.11"]);
    await other.decline("192.0.2.11");
    await client.release("192.0.2.10");
    expect(await next(connection, 2)).toEqual(["UNASSIGNED 192.0.2.11", "UNASSIGNED 192.0.2.10"]);
  });

  it("tells what it takes to know a lease, and the time", async () => {
    const stage = await QueryStage4.start({}, INSECURE);
    const connection = await follow(stage, [55, [156]]);
    const client = await stage.bind(1, 7);
    const told = readMessage4((await connection.next())!);
    expect(told).toMatchObject({ xid: 9, chaddr: client.mac });
    expect([told.u32(152), told.option(156)?.[0], told.u32(51)]).toEqual([stage.server.clock.wall(), 2, 1000]);
  });

  it("with a time is told what has changed since, also what is no more, and that this is all (§8.3)", async () => {
    const stage = await QueryStage4.start({}, INSECURE);
    const began = stage.server.clock.wall();
    await stage.bind(1, 7);
    await stage.bind(2, 7);
    stage.server.clock.advance(10);
    for (const number of [3, 4, 5]) await stage.bind(number, 7);
    const released = new TestClient4(stage.server, 3, { clientId: Uint8Array.of(1, 2, 3) });
    await released.release("192.0.2.12");
    await stage.server.ask("lease4-del", { "ip-address": "192.0.2.13" });
    const all = [
      ...["ACTIVE 192.0.2.10", "ACTIVE 192.0.2.11", "UNASSIGNED 192.0.2.12", "ACTIVE 192.0.2.14"],
      ...["UNASSIGNED 192.0.2.13", "STATUS 7"],
    ];
    const connection = await stage.connect();
    connection.send(active(since(began)));
    expect(await next(connection, 6)).toEqual(all);
    const later = await stage.connect();
    later.send(active(since(began + 10)));
    expect(await next(later, 4)).toEqual(all.slice(2));
    await stage.bind(6, 7);
    for (const each of [connection, later]) expect(await next(each, 1)).toEqual(["ACTIVE 192.0.2.15"]);
  });

  it("with a time before our start is told so, and then what is new only (§7.4.1)", async () => {
    const stage = await QueryStage4.start({}, INSECURE);
    await stage.bind(1, 7);
    const connection = await stage.connect();
    connection.send(active(since(stage.server.clock.wall() - 1)));
    const missing = readMessage4((await connection.next())!);
    expect([missing.option(53)?.[0], missing.option(151)?.[0], missing.u32(152)]).toEqual([
      ...[17, 5, stage.server.clock.wall()],
    ]);
    await stage.bind(2, 7);
    expect(await next(connection, 1)).toEqual(["ACTIVE 192.0.2.11"]);
  });

  it("with a time is told that some are missing where a partner's leases of before have come since (§8.3)", async () => {
    const stage = await QueryStage4.start({}, INSECURE);
    const { clock } = stage.server;
    await stage.bind(1, 7);
    clock.advance(100);
    const told = clock.wall() - 20;
    const lease = { "ip-address": "192.0.2.50", "hw-address": "02:00:00:00:00:50", "valid-lft": 1000 };
    const leases = [{ ...lease, expire: told - 50 + 1000 }];
    await stage.server.ask("lease4-bulk-apply", { leases, "newer-only": true, origin: "ha-partner" });
    const connection = await stage.connect();
    connection.send(active(since(told)));
    expect(await next(connection, 1)).toEqual(["STATUS 5"]);
    clock.advance(10);
    const later = await stage.connect();
    later.send(active(since(clock.wall() - 10)));
    expect(await next(later, 1)).toEqual(["STATUS 7"]);
  });

  it("remembers as many removed leases as it is told to, and says so where some are missing (§8.2)", async () => {
    const stage = await QueryStage4.start({}, { "active-leasequery": { insecure: true, "max-removed-leases": 1 } });
    const began = stage.server.clock.wall();
    for (const number of [1, 2]) await stage.bind(number, 7);
    const answers = async (address: string, count: number) => {
      stage.server.clock.advance(10);
      await stage.server.ask("lease4-del", { "ip-address": address });
      const connection = await stage.connect();
      connection.send(active(since(began)));
      return next(connection, count);
    };
    expect(await answers("192.0.2.10", 3)).toEqual(["ACTIVE 192.0.2.11", "UNASSIGNED 192.0.2.10", "STATUS 7"]);
    expect(await answers("192.0.2.11", 1)).toEqual(["STATUS 5"]);
  });

  it("tells nobody what is withheld, though it is asked for, nor does a bulk query (§8.2)", async () => {
    const withheld = { "active-leasequery": { insecure: true, "withheld-options": [61, 82, 91, 153] } };
    const stage = await QueryStage4.start({}, withheld);
    const connection = await follow(stage, [55, [61, 82, 91, 153, 156]]);
    await stage.bind(1, 7);
    expect(readMessage4((await connection.next())!).codes).toEqual([53, 51, 54, 58, 59, 152, 156]);
    connection.send(query({}, LEASED));
    expect(readMessage4((await connection.next())!).codes).toEqual([53, 51, 54, 58, 59, 152]);
    expect(() =>
      parseText4(queryConfig4({}, { "active-leasequery": { insecure: true, "withheld-options": [51] } })),
    ).toThrow("withheld-options");
  });

  it("is one a connection, and a second one ends both (§8.2, §8.3); leases may be asked for beside it", async () => {
    const stage = await QueryStage4.start({ "max-concurrent-queries": 1 }, INSECURE);
    await stage.bind(1, 7);
    const connection = await stage.connect();
    connection.send(active(), query({}, [61, [1, 2, 1]]));
    expect(await next(connection, 2)).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
    connection.send(active(), query({}, LEASED));
    expect(await rest(connection)).toEqual(["STATUS 4"]);
  });

  it.each([
    ["an end (§8.2)", active([155, [0, 0, 0, 1]])],
    ["a client (§7.3)", active([61, [1, 2, 1]])],
    ["a MAC address (§7.3)", buildMessage4({ type: ACTIVE, chaddr: "02:00:00:00:00:01" })],
    ["an address (§7.3)", buildMessage4({ type: ACTIVE, chaddr: "", ciaddr: "192.0.2.1" })],
  ])("with %s is malformed, and ends the connection", async (_, message) => {
    const stage = await QueryStage4.start({}, INSECURE);
    const connection = await stage.connect();
    connection.send(message);
    expect(await rest(connection)).toEqual(["STATUS 3"]);
  });

  it("hears that the server stops (§7.4)", async () => {
    const stage = await QueryStage4.start({}, INSECURE);
    const connection = await follow(stage);
    await stage.listener.stop();
    const last = readMessage4((await connection.next())!);
    expect([last.option(53)?.[0], last.option(151)?.[0], last.u32(152)]).toEqual([17, 2, stage.server.clock.wall()]);
    expect(await connection.next()).toBeUndefined();
  });

  it("is not allowed unless it is configured", async () => {
    const stage = await QueryStage4.start();
    const connection = await stage.connect();
    connection.send(active());
    expect(await rest(connection)).toEqual(["STATUS 4"]);
  });
});

describe("with TLS", () => {
  let folder: string;
  let authority: Authority;
  let kotare: object;
  let client: { cert: Buffer; key: Buffer; ca: Buffer };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "kotare-leasequery-"));
    authority = new Authority(folder, "authority");
    const own = authority.sign("server", "server.example");
    const its = authority.sign("requester", "requester.example");
    const keys = { "trust-anchor": authority.anchor, "cert-file": own.certificate, "key-file": own.key };
    kotare = { "active-leasequery": keys };
    client = { cert: readFileSync(its.certificate), key: readFileSync(its.key), ca: readFileSync(authority.anchor) };
    return () => rmSync(folder, { recursive: true });
  });

  it("changes are told, and without it they are not (§8.1)", async () => {
    const stage = await QueryStage4.start({}, kotare);
    const plain = await stage.connect();
    plain.send(active());
    expect(await rest(plain)).toEqual(["STATUS 4"]);
    const connection = await stage.connect();
    connection.send(tls());
    expect(await next(connection, 1)).toEqual(["TLS"]);
    await connection.secure({ ...client, servername: "server.example" });
    connection.send(active(), query({}, [61, [9, 9]]));
    expect(await next(connection, 1)).toEqual(["DONE"]);
    await stage.bind(1, 7);
    expect(await next(connection, 1)).toEqual(["ACTIVE 192.0.2.10"]);
    expect(stage.metric("kotare_leasequery_connections")).toBe(1);
  });

  it("a message is a record (§5.1)", async () => {
    const stage = await QueryStage4.start({}, kotare);
    for (const number of [1, 2, 3]) await stage.bind(number, 7);
    const connection = await stage.connect();
    connection.send(tls());
    await connection.next();
    await connection.secure({ ...client, servername: "server.example" });
    // As they are decrypted: a record at a time.
    const records: Buffer[] = [];
    connection.socket.on("data", (bytes: Buffer) => records.push(bytes));
    connection.send(query({}, LEASED));
    expect(await next(connection, 4)).toHaveLength(4);
    expect(records.map((bytes) => bytes.length)).toEqual(records.map((bytes) => 2 + bytes.readUInt16BE(0)));
  });

  it.each([
    ["no certificate", (): object => ({ ca: client.ca })],
    ["another authority's", (): object => ({ ...stranger(), ca: client.ca })],
  ])("who has %s is not let in", async (_, options) => {
    const stage = await QueryStage4.start({}, kotare);
    const connection = await stage.connect();
    connection.send(tls());
    await connection.next();
    await connection
      .secure({ ...options(), servername: "server.example", maxVersion: "TLSv1.2" })
      .catch(() => undefined);
    connection.send(active());
    expect(await connection.next()).toBeUndefined();
  });

  it("nothing may come before the handshake", async () => {
    const stage = await QueryStage4.start({}, kotare);
    const connection = await stage.connect();
    connection.send(tls(), query({}, LEASED));
    expect(await next(connection, 2)).toEqual(["TLS 8", "DONE"]);
  });

  it("who then speaks plainly is closed", async () => {
    const stage = await QueryStage4.start({}, kotare);
    const connection = await stage.connect();
    connection.send(tls());
    await connection.next();
    connection.send(active());
    expect(await connection.next()).toBeUndefined();
  });

  function stranger() {
    const other = new Authority(mkdtempSync(join(folder, "other-")), "stranger");
    const its = other.sign("stranger", "requester.example");
    return { cert: readFileSync(its.certificate), key: readFileSync(its.key) };
  }
});

it.each([
  ["neither certificate nor leave to do without", {}, "needs cert-file and key-file, or insecure"],
  ["a certificate without its key", { "cert-file": "/a" }, "needs both cert-file and key-file"],
  ["nobody to trust", { "cert-file": "/a", "key-file": "/b" }, "needs trust-anchor"],
  [
    "TLS for everybody",
    { "cert-file": "/a", "key-file": "/b", "cert-required": false },
    "needs cert-required to be true, or insecure",
  ],
])("a configuration with %s is a fault", (_, keys, message) => {
  expect(() => parseText4(queryConfig4({}, { "active-leasequery": keys }))).toThrow(message);
});
