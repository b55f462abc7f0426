import { createHmac } from "node:crypto";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type TestReply4, TestServer4 } from "../testing/test-server4.ts";

const SECRET = "kauri tree";
const ADDRESS = "192.0.2.10";
const SUBNET = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
const config = (keys: readonly object[] = [{ id: 7, secret: SECRET }], more: object = {}, kotare: object = {}) => ({
  "user-context": { kotare: { authentication: { keys }, ...kotare } },
  subnet4: [SUBNET],
  ...more,
});

const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
/** The option of a message that only asks. */
const asking = (replay: bigint) => [90, Buffer.concat([Buffer.of(1, 1, 0), u64(replay)])] as const;
const token = (text: string, replay = 1n) =>
  [90, Buffer.concat([Buffer.of(0, 0, 0), u64(replay), Buffer.from(text)])] as const;
const signable = (replay: bigint, id: number) =>
  [90, Buffer.concat([Buffer.of(1, 1, 0), u64(replay), Buffer.of(0, 0, 0, id), Buffer.alloc(16)])] as const;

function macOf(message: Uint8Array, secret: string | Uint8Array): { readonly mac: Buffer; readonly at: number } {
  const copy = Buffer.from(message);
  const at = copy.indexOf(Buffer.of(90, 31, 1, 1, 0)) + 2 + 15;
  copy.fill(0, at, at + 16);
  copy[3] = 0;
  copy.fill(0, 24, 28);
  return { mac: createHmac("md5", secret).update(copy).digest(), at };
}

/** What a client sends, signed as it does. */
function signed(datagram: MemoryDatagram, secret: string | Uint8Array = SECRET): MemoryDatagram {
  const payload = Buffer.from(datagram.payload);
  const { mac, at } = macOf(payload, secret);
  payload.set(mac, at);
  return { ...datagram, payload };
}

class AuthClient {
  readonly client: TestClient4;
  readonly server: TestServer4;
  #replay = 100n;

  constructor(server: TestServer4, number = 1) {
    this.server = server;
    this.client = new TestClient4(server, number);
  }

  discover(): Promise<TestReply4 | undefined> {
    return this.client.discover({ options: [asking(this.#replay++)] });
  }

  selecting(id = 7): MemoryDatagram {
    return this.client.selectMessage(ADDRESS, { options: [signable(this.#replay++, id)] });
  }

  async select(secret: string | Uint8Array = SECRET, id = 7): Promise<TestReply4 | undefined> {
    return (await this.server.serve(signed(this.selecting(id), secret)))[0];
  }

  renewing(): MemoryDatagram {
    return this.client.renewMessage(ADDRESS, { options: [signable(this.#replay++, 7)] });
  }

  declining(): MemoryDatagram {
    const options = [[50, [192, 0, 2, 10]], [54, [192, 0, 2, 1]], signable(this.#replay++, 7)] as const;
    return this.client.message(4, { options });
  }

  releasing(): MemoryDatagram {
    return this.client.message(7, { ciaddr: ADDRESS, options: [[54, [192, 0, 2, 1]], signable(this.#replay++, 7)] });
  }
}

/** Whether the last reply is signed as a client wants it. @returns the number that must grow */
function checkReply(payload: Uint8Array, secret: string | Uint8Array, strip = 0): bigint {
  // As a relay does.
  const message =
    strip === 0
      ? payload
      : Buffer.concat([
          payload.subarray(0, payload.lastIndexOf(82)),
          payload.subarray(payload.lastIndexOf(82) + strip),
        ]);
  const { mac, at } = macOf(message, secret);
  expect(Buffer.from(message.subarray(at, at + 16)).toString("hex")).toBe(mac.toString("hex"));
  return Buffer.from(message).readBigUInt64BE(at - 12);
}

/** With the bytes of its reply. */
async function bytesOf(server: TestServer4, datagram: MemoryDatagram): Promise<Uint8Array> {
  const sent: Uint8Array[] = [];
  server.transport.onSent = ({ payload }) => void sent.push(payload.slice());
  await server.serve(datagram);
  return sent[0]!;
}

describe("RFC 3118 §5: delayed authentication", () => {
  it("signs the OFFER to a client that asks, and the ACK to one that has signed; option 90 comes last", async () => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    const offer = await bytesOf(server, client.client.discoverMessage({ options: [asking(1n)] }));
    const first = checkReply(offer, SECRET);
    const ack = await bytesOf(server, signed(client.selecting()));
    expect(checkReply(ack, SECRET) > first).toBe(true);
    expect((await client.select())?.codes.at(-1)).toBe(90);
    expect(ack.length).toBe(300);
    const renewal = await bytesOf(server, signed(client.renewing()));
    checkReply(renewal, SECRET);
  });

  it("leaves out what relays change: hops, giaddr and option 82, in both directions", async () => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    const message = signed(client.selecting());
    const relayed = Buffer.from(message.payload);
    relayed[3] = 2;
    relayed.set([192, 0, 2, 5], 24);
    const info = Buffer.of(82, 4, 1, 2, 0x70, 0x31);
    const end = relayed.lastIndexOf(255);
    const payload = Buffer.concat([relayed.subarray(0, end), info, relayed.subarray(end)]);
    const reply = await bytesOf(server, {
      ...message,
      payload,
      source: 0xc0000205,
      sourcePort: 67,
      destination: 0xc0000201,
    });
    expect(server.drops()).toEqual([]);
    expect([...reply.subarray(24, 28)]).toEqual([192, 0, 2, 5]);
    expect(Buffer.from(reply).includes(info)).toBe(true);
    checkReply(reply, SECRET, info.length);
  });

  it("takes a client's own key before one for all, and derives a secret for each from a master", async () => {
    const keys = [
      { id: 7, secret: SECRET, master: true },
      { id: 8, secret: "totara", client: "02:00:00:00:00:02" },
    ];
    const server = await TestServer4.start(config(keys));
    const mac = (number: number) => Buffer.of(2, 0, 0, 0, 0, number);
    const derived = createHmac("md5", SECRET).update(mac(1)).digest();
    expect((await new AuthClient(server, 1).select(derived))?.type).toBe("ACK");
    expect(await new AuthClient(server, 3).select(derived)).toBeUndefined();
    const own = new AuthClient(server, 2);
    checkReply(await bytesOf(server, own.client.discoverMessage({ options: [asking(1n)] })), "totara");
    expect(await new AuthClient(server, 1).select("totara", 8)).toBeUndefined();
    expect(server.drops()).toEqual(["bad-authentication", "bad-authentication"]);
  });

  it.each<[string, (client: AuthClient) => MemoryDatagram, string]>([
    ["has another secret", (client) => signed(client.selecting(), "rimu"), "bad-authentication"],
    ["names another key", (client) => signed(client.selecting(9)), "bad-authentication"],
    ["has been changed on its way", (client) => changed(signed(client.selecting())), "bad-authentication"],
    [
      "is not signed, though it has to be",
      (client) => client.client.selectMessage(ADDRESS, { options: [asking(500n)] }),
      "bad-authentication",
    ],
    [
      "has an option that is cut short",
      (client) => client.client.selectMessage(ADDRESS, { options: [[90, [1, 1, 0]]] }),
      "bad-authentication",
    ],
    [
      "has an algorithm that there is not",
      (client) => client.client.discoverMessage({ options: [[90, Buffer.alloc(11, 2)]] }),
      "bad-authentication",
    ],
  ])("a message that %s gets no answer and changes nothing", async (_, send, reason) => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    await client.select();
    const before = server.fileText();
    expect(await server.serve(send(client))).toEqual([]);
    expect(server.drops()).toEqual([reason]);
    expect(server.fileText()).toBe(before);
  });

  it("an old message gets no answer, also after a restart and after a RELEASE", async () => {
    const machine = await TestServer4.start(config());
    const client = new AuthClient(machine);
    const old = signed(client.selecting());
    const release = signed(client.releasing());
    const taken = signed(client.selecting());
    await machine.serve(taken);
    for (const each of [old, release, taken]) expect(await machine.serve(each)).toEqual([]);
    expect(machine.drops()).toEqual(["replayed", "replayed", "replayed"]);
    await machine.serve(signed(client.releasing()));
    expect(machine.leases()).toEqual([`${ADDRESS} 02:00:00:00:00:01 reclaimed`]);
    await machine.store.close();
    const again = await TestServer4.start(config(), { machine });
    expect(await again.serve(old)).toEqual([]);
    expect(again.drops()).toEqual(["replayed"]);
  });

  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ["is removed", ({ server }) => server.ask("lease4-del", { "ip-address": ADDRESS })],
    ["is declined", (client) => client.server.serve(signed(client.declining()))],
  ])("an old message gets no answer when the lease %s", async (_, end) => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    const taken = signed(client.selecting());
    await server.serve(taken);
    await end(client);
    expect(await server.serve(taken)).toEqual([]);
    expect(server.drops()).toEqual(["replayed"]);
  });

  it("a message counts as old when what was decided about it stands: not where its lease could not be written", async () => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    const taken = signed(client.selecting());
    server.breakDisk();
    expect(await server.serve(taken)).toEqual([]);
    server.mendDisk();
    expect((await server.serve(taken)).map(({ type }) => type)).toEqual(["ACK"]);
    const other = new AuthClient(server, 2);
    const refused = signed(other.releasing());
    await server.serve(refused);
    await server.serve(refused);
    expect(server.drops()).toEqual(["commit-failed", "not-your-lease", "replayed"]);
  });

  it("an old message gets no answer from another network either, of which its signature says nothing", async () => {
    const other = { id: 8, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.10-198.51.100.19" }] };
    const server = await TestServer4.start(config(undefined, { subnet4: [SUBNET, other] }));
    const client = new AuthClient(server);
    const old = signed(client.client.message(3, { options: [signable(1n, 7)] }));
    await client.select();
    const relayed = Buffer.from(old.payload);
    relayed.set([198, 51, 100, 1], 24);
    const way = { source: 0xc6336401, sourcePort: 67, destination: 0xc0000201 };
    expect(await server.serve({ ...old, ...way, payload: relayed })).toEqual([]);
    expect(server.drops()).toEqual(["replayed"]);
    expect(server.leases()).toHaveLength(1);
  });

  it("a DISCOVER, which nobody signs, keeps its client from nothing, whatever number it has", async () => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    expect((await client.client.discover({ options: [asking(2n ** 64n - 1n)] }))?.type).toBe("OFFER");
    expect((await client.select())?.type).toBe("ACK");
  });

  it("a RELEASE without a signature does not end a lease that was given for one", async () => {
    const server = await TestServer4.start(config());
    const client = new AuthClient(server);
    await client.select();
    await server.serve(client.client.message(7, { ciaddr: ADDRESS, options: [[54, [192, 0, 2, 1]]] }));
    expect(server.drops()).toEqual(["not-authenticated"]);
    expect(server.leases()).toEqual([`${ADDRESS} 02:00:00:00:00:01 assigned`]);
  });
});

describe("who has to authenticate", () => {
  it("is nobody, unless the configuration says so: of a subnet, or a class", async () => {
    const required = { ...SUBNET, "user-context": { kotare: { "authentication-required": true } } };
    const classed = {
      "client-classes": [{ name: "doors", test: "option[60].text == 'door'" }],
      "user-context": {
        kotare: { authentication: { keys: [{ id: 7, secret: SECRET }], "required-classes": ["doors"] } },
      },
    };
    const offers = async (more: object, options: readonly (readonly [number, Iterable<number>])[] = []) => {
      const server = await TestServer4.start(config(undefined, more));
      const reply = await new TestClient4(server, 1).discover({ options });
      return reply === undefined ? server.drops()[0] : reply.type;
    };
    expect(await offers({})).toBe("OFFER");
    expect(await offers({ subnet4: [required] })).toBe("not-authenticated");
    expect(await offers({ subnet4: [required] }, [asking(1n)])).toBe("OFFER");
    expect(await offers(classed)).toBe("OFFER");
    expect(await offers(classed, [[60, Buffer.from("door")]])).toBe("not-authenticated");
  });

  it("is served without where it asks for a key that there is not, unless it has to", async () => {
    const keys = [{ id: 7, secret: SECRET, client: "02:00:00:00:00:09" }];
    const server = await TestServer4.start(config(keys));
    const reply = await new TestClient4(server, 1).discover({ options: [asking(1n)] });
    expect([reply?.type, reply?.option(90)]).toEqual(["OFFER", undefined]);
    server.reconfigure(config(keys, {}, { "authentication-required": true }));
    expect(await new TestClient4(server, 1).discover({ options: [asking(1n)] })).toBeUndefined();
  });

  it("may have a token (§4): the right one is answered with it", async () => {
    const server = await TestServer4.start(config([{ protocol: "token", secret: "let me in" }]));
    const client = new TestClient4(server, 1);
    const ack = await client.select(ADDRESS, { options: [token("let me in")] });
    expect(Buffer.from(ack!.option(90)!).subarray(11).toString()).toBe("let me in");
    expect(await client.select(ADDRESS, { options: [token("let me out")] })).toBeUndefined();
    expect(server.drops()).toEqual(["bad-authentication"]);
  });
});

describe("RFC 3203 §5", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("FORCERENEW to a client that authenticates its messages is signed with its key, and needs no nonce", async () => {
    const server = await TestServer4.start(config(undefined, {}, { forcerenew: true }));
    await new AuthClient(server).select();
    expect(server.lease(ADDRESS)?.userContext).not.toContain('"key"');
    expect(await server.ask("forcerenew", { "ip-address": ADDRESS })).toMatchObject({ result: 0 });
    const [sent] = server.transport.takeSent();
    expect(formatIpv4(sent!.to.address)).toBe(ADDRESS);
    checkReply(sent!.payload, SECRET);
    server.interfaces.set(1, { ...server.interfaces.get(1)!, addresses: [0xc0000203] });
    expect(await server.ask("forcerenew", { "ip-address": ADDRESS })).toMatchObject({
      result: 1,
      text: expect.stringContaining("another server"),
    });
    server.reconfigure({ "user-context": { kotare: { forcerenew: true } }, subnet4: [SUBNET] });
    expect(await server.ask("forcerenew", { "ip-address": ADDRESS })).toMatchObject({ result: 1 });
  });
});

function changed(datagram: MemoryDatagram): MemoryDatagram {
  const payload = Buffer.from(datagram.payload);
  // The address that is asked for.
  const at = payload.indexOf(Buffer.of(50, 4)) + 5;
  payload[at] = payload[at]! + 1;
  return { ...datagram, payload };
}
