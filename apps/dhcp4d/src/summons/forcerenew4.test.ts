import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { hmacMd5 } from "@kotare/core/summons/client-secrets";
import { testSecret } from "@kotare/core/summons/testing/test-secret";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const SUBNET = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] };
const CONFIG = {
  "user-context": { kotare: { forcerenew: true } },
  "client-classes": [{ name: "phones", test: "option[60].exists" }],
  subnet4: [SUBNET],
};
const ADDRESS = "192.0.2.10";
const CAPABLE: Query4Change = { options: [[145, [1]]] };

function nonceIn(reply: { option(code: number): Uint8Array | undefined } | undefined): Uint8Array | undefined {
  const payload = reply?.option(90);
  if (payload === undefined) return undefined;
  expect([...payload.subarray(0, 3), payload[11], payload.length]).toEqual([3, 1, 0, 1, 28]);
  return payload.slice(12);
}

async function bound(server: TestServer4, number = 1, change: Query4Change = CAPABLE) {
  const client = new TestClient4(server, number);
  const ack = await client.select(`192.0.2.${9 + number}`, change);
  return { client, ack };
}

/** As a client checks it (RFC 6704 §3.1.3). @returns the number that must grow */
function checkDigest(payload: Uint8Array, nonce: Uint8Array): bigint {
  const message = Buffer.from(payload);
  const at = message.indexOf(Buffer.of(90, 28, 3, 1, 0)) + 2;
  const digest = message.subarray(at + 12, at + 28).toString("hex");
  message.fill(0, at + 12, at + 28);
  expect(Buffer.from(hmacMd5(nonce, message)).toString("hex")).toBe(digest);
  return message.readBigUInt64BE(at + 3);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("RFC 6704 §3.1: the nonce", () => {
  it("is announced in the OFFER and given in the ACK, to who can use it", async () => {
    const server = await TestServer4.start(CONFIG);
    const client = new TestClient4(server, 1);
    const offer = await client.discover(CAPABLE);
    expect([offer?.option(145), offer?.option(90)]).toEqual([Uint8Array.of(1), undefined]);
    const { ack } = await bound(server);
    expect([nonceIn(ack)?.length, ack?.option(145)]).toEqual([16, undefined]);
    expect(server.lease(ADDRESS)?.userContext).toMatch(
      /"forcerenew": \{ "key": "[\da-f]{8}", "xid": \d+, "server": "192.0.2.1", "dev": "eth0", "mac": "02:00:00:00:00:01" \}/,
    );
  });

  it("is not given to others, nor where nobody is to be called", async () => {
    const server = await TestServer4.start(CONFIG);
    for (const change of [{}, { options: [[145, [2]] as const] }]) {
      const offer = await new TestClient4(server, 1).discover(change);
      const { ack } = await bound(server, 1, change);
      expect([offer?.option(145), nonceIn(ack)]).toEqual([undefined, undefined]);
    }
    expect(server.lease(ADDRESS)?.userContext).toBe("");
    server.reconfigure({ ...CONFIG, subnet4: [{ ...SUBNET, "user-context": { kotare: { forcerenew: false } } }] });
    expect(nonceIn((await bound(server)).ack)).toBeUndefined();
  });

  it("comes with a renewal only where the client has none of ours; REBINDING it always comes", async () => {
    const server = await TestServer4.start(CONFIG);
    const { client, ack } = await bound(server);
    const renewing = { ...CAPABLE, ciaddr: ADDRESS, destination: "192.0.2.1" };
    expect(nonceIn(await client.renew(ADDRESS, renewing))).toBeUndefined();
    expect(nonceIn(await client.renew(ADDRESS, { ...CAPABLE, destination: "255.255.255.255" }))).toEqual(nonceIn(ack));
    server.secret = testSecret(8);
    server.reconfigure(CONFIG);
    const fresh = nonceIn(await client.renew(ADDRESS, renewing));
    expect(fresh).toHaveLength(16);
    expect(fresh).not.toEqual(nonceIn(ack));
  });
});

describe("RFC 3203: DHCPFORCERENEW", () => {
  it("goes to the client's address, signed, with its last transaction id, and again until it renews", async () => {
    const server = await TestServer4.start(CONFIG);
    const { client, ack } = await bound(server);
    expect(await server.ask("forcerenew", { "ip-address": ADDRESS })).toMatchObject({
      result: 0,
      text: `FORCERENEW sent to ${ADDRESS}.`,
    });
    await vi.advanceTimersByTimeAsync(2000);
    const sent = server.transport.takeSent();
    expect(sent.map(({ to }) => [formatIpv4(to.address), to.port, to.ifindex, [...(to.mac ?? [])]])).toEqual(
      Array(2).fill([ADDRESS, 68, 1, [2, 0, 0, 0, 0, 1]]),
    );
    const [first, second] = sent.map(({ payload }) => checkDigest(payload, nonceIn(ack)!));
    expect(second! > first!).toBe(true);
    const message = readMessage4(sent[0]!.payload);
    expect(message).toMatchObject({ op: 2, xid: ack!.xid, chaddr: client.mac, codes: [53, 54, 90] });
    expect([...message.option(53)!]).toEqual([9]);
    expect(message.ips(54)).toBe("192.0.2.1");
    await client.renew(ADDRESS, CAPABLE);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.transport.takeSent()).toEqual([]);
    expect(server.statistics.global["pkt4-forcerenew-sent"].value).toBe(2);
  });

  it("is sent eight times, then the log says who did not come", async () => {
    const server = await TestServer4.start(CONFIG);
    await bound(server);
    await server.ask("forcerenew", { "ip-address": ADDRESS });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.transport.takeSent()).toHaveLength(8);
    expect(server.log.lines.filter((line) => line.startsWith("DHCP4_FORCERENEW_UNHEARD"))).toHaveLength(1);
  });

  it("is sent to nobody without a nonce of ours, or a lease", async () => {
    const server = await TestServer4.start(CONFIG);
    await bound(server, 1, {});
    const ask = () => server.ask("forcerenew", { "ip-address": ADDRESS });
    expect(await ask()).toMatchObject({ result: 1, text: expect.stringContaining("its client has no secret") });
    await bound(server);
    server.secret = testSecret(8);
    server.reconfigure(CONFIG);
    expect(await ask()).toMatchObject({ result: 1, text: expect.stringContaining("the secret of another server") });
    expect(await server.ask("forcerenew", { "ip-address": "192.0.2.77" })).toMatchObject({ result: 3 });
    expect(server.transport.takeSent()).toEqual([]);
  });

  it("goes to the clients of a class or a subnet, no more of them in a second than it may", async () => {
    const server = await TestServer4.start(CONFIG);
    const phone: Query4Change = {
      options: [
        [145, [1]],
        [60, [97]],
      ],
    };
    for (let number = 1; number <= 5; number++) await bound(server, number, number === 2 ? CAPABLE : phone);
    server.clock.advance(2);
    expect(await server.ask("forcerenew", { "client-class": "phones", "subnet-id": 7, pace: 3 })).toMatchObject({
      result: 0,
      text: "FORCERENEW goes to the clients of subnet 7 in class phones, 3 a second.",
    });
    const called: string[] = [];
    const collect = () => {
      called.push(...server.transport.takeSent().map(({ to }) => formatIpv4(to.address)));
      return called;
    };
    await vi.waitFor(() => expect(collect()).toHaveLength(3), { interval: 1 });
    await Promise.all(Array.from({ length: 50 }, () => new Promise(setImmediate)));
    expect(collect()).toEqual([ADDRESS, "192.0.2.12", "192.0.2.13"]);
    await vi.advanceTimersByTimeAsync(1000);
    await vi.waitFor(() => expect(collect()).toHaveLength(4), { interval: 1 });
    expect(called.at(-1)).toBe("192.0.2.14");
  });

  it.each([
    ["reservation-add", { "ip-address": "192.0.2.12" }, ["192.0.2.11", "192.0.2.12"]],
    ["reservation-update", { "ip-address": "192.0.2.90" }, ["192.0.2.11"]],
    ["reservation-del", undefined, ["192.0.2.11"]],
  ])("goes by itself to whom %s is about in a host database", async (command, change, expected) => {
    const calling = { ...CONFIG, "user-context": { kotare: { forcerenew: true, "call-on-change": true } } };
    const mac = "02:00:00:00:00:02";
    const reservation = { "hw-address": mac, hostname: "before" };
    const reservations = command === "reservation-add" ? [] : [reservation];
    const server = await TestServer4.start(
      { ...calling, subnet4: [{ ...SUBNET, reservations }] },
      { keepsHostsElsewhere: true },
    );
    for (const number of [1, 2, 3]) await bound(server, number);
    server.transport.takeSent();
    server.clock.advance(1);
    const which = { "subnet-id": 7, "identifier-type": "hw-address", identifier: mac };
    const given = change === undefined ? which : { reservation: { "subnet-id": 7, ...reservation, ...change } };
    expect(await server.ask(command, given)).toMatchObject({ result: 0 });
    await server.calls.stop();
    expect(server.transport.takeSent().map(({ to }) => formatIpv4(to.address))).toEqual(expected);
  });

  it("is no message for a server", async () => {
    const server = await TestServer4.start(CONFIG);
    const client = new TestClient4(server, 1);
    await server.serve(client.message(9, {}));
    expect(server.drops()).toEqual(["unsupported-type"]);
  });
});
