import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { reach6Of } from "@kotare/core/leases/user-context/reach6";
import { hmacMd5 } from "@kotare/core/summons/client-secrets";
import { testSecret } from "@kotare/core/summons/testing/test-secret";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { ip6, TestServer6 } from "../testing/test-server6.ts";

const ACCEPT = option(Option6.reconfAccept);
const SUBNET = {
  id: 9,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::1-2001:db8::ff" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};
const CONFIG = {
  "user-context": { kotare: { reconfigure: true } },
  "client-classes": [{ name: "phones", test: "option[15].exists" }],
  subnet6: [SUBNET, { id: 10, subnet: "2001:db8:10::/64", pools: [{ pool: "2001:db8:10::/80" }] }],
};

async function bound(server: TestServer6, number = 1, ...parts: readonly Part6[]) {
  const client = new TestClient6(server, number);
  const reply = await client.request(na(1), ACCEPT, ...parts);
  return { client, reply };
}

/** The key that a REPLY has, or nothing. */
function keyIn(reply: { readonly message: Message6 } | undefined): Uint8Array | undefined {
  const payload = reply?.message.option(Option6.auth);
  if (payload === undefined) return undefined;
  expect([...payload.subarray(0, 3), payload[11], payload.length]).toEqual([3, 1, 0, 1, 28]);
  return payload.slice(12);
}

/** As a client checks it (RFC 8415 §20.4.3). */
function checkDigest(bytes: Uint8Array, key: Uint8Array): bigint {
  const message = new Message6(bytes.slice());
  const at = message.offsetOf(Option6.auth);
  const auth = Buffer.from(message.option(Option6.auth)!);
  expect([...auth.subarray(0, 3), auth[11], auth.length]).toEqual([3, 1, 0, 2, 28]);
  const digest = auth.subarray(12).toString("hex");
  const own = message.bytes.subarray(message.start);
  message.bytes.fill(0, at + 12, at + 28);
  expect(Buffer.from(hmacMd5(key, own)).toString("hex")).toBe(digest);
  return auth.readBigUInt64BE(3);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("RFC 8415 §20.4.2: the key", () => {
  it("is in the REPLY to who accepts RECONFIGURE, together with option 20, and kept nowhere", async () => {
    const server = await TestServer6.start(CONFIG);
    const { client, reply } = await bound(server);
    expect(keyIn(reply)).toHaveLength(16);
    expect(reply?.message.hasOption(Option6.reconfAccept)).toBe(true);
    const { userContext } = server.lease("address", "2001:db8::1")!;
    expect(userContext).toMatch(
      /"kotare": \{ "reconfigure": \{ "key": "[\da-f]{8}", "via": "fe80::2", "dev": "eth0" \} \}/,
    );
    expect(userContext).not.toContain(Buffer.from(keyIn(reply)!).toString("hex"));
    const again = await client.renew(na(1, "2001:db8::1"), ACCEPT);
    expect(keyIn(again)).toBeUndefined();
    expect(again?.message.hasOption(Option6.reconfAccept)).toBe(true);
  });

  it("is another for each client, and the same in each REPLY to one", async () => {
    const server = await TestServer6.start(CONFIG);
    const first = await bound(server, 1);
    const other = await bound(server, 2);
    const again = await first.client.request(na(1), ACCEPT);
    expect(keyIn(again)).toEqual(keyIn(first.reply));
    expect(keyIn(other.reply)).not.toEqual(keyIn(first.reply));
  });

  it("comes with a renewal where the client has that of another server, or none", async () => {
    const server = await TestServer6.start(CONFIG);
    const { client, reply } = await bound(server);
    server.secret = testSecret(8);
    server.reconfigure(CONFIG);
    const renewed = keyIn(await client.renew(na(1, "2001:db8::1"), ACCEPT));
    expect(renewed).toBeDefined();
    expect(renewed).not.toEqual(keyIn(reply));
    expect(keyIn(await client.renew(na(1, "2001:db8::1"), ACCEPT))).toBeUndefined();
  });

  it("is not in an ADVERTISE, nor for who does not accept, nor where nobody is to be called", async () => {
    const server = await TestServer6.start(CONFIG);
    const client = new TestClient6(server, 1);
    expect(keyIn(await client.solicit(na(1), ACCEPT))).toBeUndefined();
    const plain = await client.request(na(1));
    expect([keyIn(plain), plain?.message.hasOption(Option6.reconfAccept)]).toEqual([undefined, false]);
    expect(server.lease("address", "2001:db8::1")?.userContext).toBe("");
    server.reconfigure({ ...CONFIG, subnet6: [{ ...SUBNET, "user-context": { kotare: { reconfigure: false } } }] });
    expect(keyIn(await client.request(na(1), ACCEPT))).toBeUndefined();
  });

  it("stays with a client that says only once that it accepts, until it asks anew without", async () => {
    const server = await TestServer6.start(CONFIG);
    const { client } = await bound(server);
    const reach = () => reach6Of(server.lease("address", "2001:db8::1")!.userContext);
    await client.renew(na(1, "2001:db8::1"));
    expect(reach()).toBeDefined();
    await client.request(na(1, "2001:db8::1"));
    expect(reach()).toBeUndefined();
  });
});

describe("RFC 8415 §18.3.11: RECONFIGURE", () => {
  it("goes to the client, signed, and again at growing pauses until it comes", async () => {
    const server = await TestServer6.start(CONFIG);
    const { client, reply } = await bound(server);
    expect(await server.ask("reconfigure", { "ip-address": "2001:db8::1" })).toMatchObject({
      result: 0,
      text: "RECONFIGURE sent to 2001:db8::1.",
    });
    await vi.advanceTimersByTimeAsync(2000 + 4000 + 7999);
    const sent = server.transport.takeSent();
    expect(sent.map(({ to }) => [formatIpv6Key(to.address), to.port, to.ifindex])).toEqual(
      Array(3).fill(["fe80::2", 546, 1]),
    );
    const numbers = sent.map(({ payload }) => checkDigest(payload, keyIn(reply)!));
    expect(numbers).toEqual([...numbers].sort((a, b) => Number(a - b)));
    expect(new Set(numbers).size).toBe(3);
    const message = new Message6(sent[0]!.payload);
    expect([message.type, message.transactionId]).toEqual([MessageType6.RECONFIGURE, 0]);
    expect(message.optionCodes()).toEqual([1, 2, 11, 19]);
    expect(message.u8(Option6.reconfMsg)).toBe(MessageType6.RENEW);
    expect(server.statistics.global["pkt6-reconfigure-sent"].value).toBe(3);
    await client.renew(na(1, "2001:db8::1"), ACCEPT);
    server.transport.takeSent();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.transport.takeSent()).toEqual([]);
  });

  it("is sent eight times, then the log says who did not come", async () => {
    const server = await TestServer6.start(CONFIG);
    await bound(server);
    await server.ask("reconfigure", { "ip-address": "2001:db8::1", type: "rebind" });
    await vi.advanceTimersByTimeAsync(3_600_000);
    const sent = server.transport.takeSent();
    expect(sent.map(({ payload }) => new Message6(payload).u8(Option6.reconfMsg))).toEqual(
      Array(8).fill(MessageType6.REBIND),
    );
    expect(server.log.lines.filter((line) => line.startsWith("DHCP6_RECONFIGURE_UNHEARD"))).toHaveLength(1);
  });

  it("goes back through the relays that the client came by", async () => {
    const server = await TestServer6.start(CONFIG);
    const client = new TestClient6(server, 1);
    const port = option(Option6.relaySourcePort, "0000");
    client.relays = [
      { link: "::", peer: "2001:db8::1:1", options: [port] },
      {
        link: "2001:db8::1",
        peer: "fe80::9",
        options: [option(Option6.interfaceId, "7033"), option(Option6.remoteId, "00000009aa")],
      },
    ];
    client.ingress = { source: ip6("2001:db8::1:2"), sourcePort: 6547 };
    const reply = await client.request(pd(2), ACCEPT);
    expect(await server.ask("reconfigure", { "ip-address": "2001:db8:8000::" })).toMatchObject({ result: 0 });
    const { payload, to } = server.transport.takeSent()[0]!;
    expect(to.port).toBe(6547);
    const message = new Message6(payload);
    expect(
      message.relays.map(({ type, hopCount, linkAddress, peerAddress }) => [
        type,
        hopCount,
        ...[linkAddress, peerAddress].map(formatIpv6Key),
      ]),
    ).toEqual([
      [MessageType6.RELAY_REPL, 1, "::", "2001:db8::1:1"],
      [MessageType6.RELAY_REPL, 0, "2001:db8::1", "fe80::9"],
    ]);
    expect(message.relays.map((relay) => relay.optionCodes())).toEqual([
      [135, 9],
      [18, 9],
    ]);
    checkDigest(payload, keyIn(reply)!);
  });

  it.each([
    ["has no lease", "2001:db8::77", 3, "There is no lease for 2001:db8::77."],
    ["does not accept it", "2001:db8::1", 1, "2001:db8::1: its client has no secret"],
  ])("is not sent to who %s", async (_, address, result, text) => {
    const server = await TestServer6.start(CONFIG);
    await new TestClient6(server, 1).request(na(1));
    server.transport.takeSent();
    const answer = await server.ask("reconfigure", { "ip-address": address });
    expect(answer).toMatchObject({ result, text: expect.stringContaining(text) });
    expect(server.transport.takeSent()).toEqual([]);
  });

  it("is sent only by the server whose key the client has", async () => {
    const server = await TestServer6.start(CONFIG);
    await bound(server);
    server.secret = testSecret(8);
    server.reconfigure(CONFIG);
    const answer = await server.ask("reconfigure", { "ip-address": "2001:db8::1" });
    expect(answer).toMatchObject({ result: 1, text: expect.stringContaining("the secret of another server") });
  });

  it("goes to all clients of a class, of a subnet, or both: once to each", async () => {
    const server = await TestServer6.start(CONFIG);
    const phone = option(15, "000161");
    for (const number of [1, 2, 3]) await bound(server, number, ...(number === 2 ? [] : [phone]));
    const elsewhere = new TestClient6(server, 4);
    elsewhere.relays = [{ link: "2001:db8:10::1" }];
    await elsewhere.request(na(1), ACCEPT, phone);
    const called = async (given: object, count: number) => {
      server.clock.advance(1);
      server.transport.takeSent();
      const answer = await server.ask("reconfigure", { pace: 100, ...given });
      const sent: number[] = [];
      await vi.waitFor(
        () => {
          sent.push(...server.transport.takeSent().map(({ payload }) => new Message6(payload).clientId!.at(-1)!));
          expect(sent).toHaveLength(count);
        },
        { interval: 1 },
      );
      return [answer.text, sent];
    };
    expect(await called({ "subnet-id": 9, "client-class": "phones" }, 2)).toEqual([
      "RECONFIGURE goes to the clients of subnet 9 in class phones, 100 a second.",
      [1, 3],
    ]);
    expect((await called({ "client-class": "phones" }, 3))[1]).toEqual([1, 3, 4]);
    expect((await called({ "subnet-id": 10 }, 1))[1]).toEqual([4]);
    expect(await server.ask("reconfigure", { "subnet-id": 11 })).toMatchObject({ result: 3 });
    expect(await server.ask("reconfigure", {})).toMatchObject({ result: 1 });
  });

  it("is nothing that a server answers (§16.11)", async () => {
    const server = await TestServer6.start(CONFIG);
    await new TestClient6(server, 1).send(MessageType6.RECONFIGURE);
    expect(server.drops).toEqual(["unknown-type"]);
  });
});
