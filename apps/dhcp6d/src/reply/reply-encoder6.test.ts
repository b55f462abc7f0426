import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { formatIpv6Key, readIpv6Key } from "@kotare/core/ip/ipv6-key";
import { describe, expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const dns = (last: number) => ({ "option-data": [{ name: "dns-servers", data: `2001:db8::${last}` }] });
const ASK_DNS = option(6, "0017");
const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("hex");

function subnet(pool: object, reservation: object): object {
  return {
    id: 1,
    subnet: "2001:db8::/64",
    ...dns(2),
    pools: [{ pool: "2001:db8::10-2001:db8::1f", ...pool }],
    reservations: [{ duid: "00:02:00:00:00:09:00:01", ...reservation }],
  };
}

describe("options of a reply", () => {
  it.each([
    ["the subnet before the global scope", {}, {}, 2],
    ["the pool before the subnet", dns(3), {}, 3],
    ["the reservation before the pool", dns(3), dns(4), 4],
  ])("come from %s", async (_, pool, reservation, last) => {
    const server = await TestServer6.start({ ...dns(1), subnet6: [subnet(pool, reservation)] });
    const reply = await new TestClient6(server, 1).request(na(1), ASK_DNS);
    expect(hex(reply?.message.option(23))).toBe(`20010db800000000000000000000000${last}`);
  });

  it("are only those that the client asks for", async () => {
    const server = await TestServer6.start({ subnet6: [subnet({}, {})] });
    const reply = await new TestClient6(server, 1).request(na(1));
    expect(reply?.message.optionCodes()).toEqual([1, 2, 3]);
  });
});

describe("options of pools", () => {
  const sntp = (last: string) => ({ name: "sntp-servers", data: `2001:db8::${last}` });
  const LAN = {
    id: 1,
    subnet: "2001:db8::/64",
    pools: [{ pool: "2001:db8::10-2001:db8::10", "option-data": [sntp("a")] }, { pool: "2001:db8::20-2001:db8::20" }],
    "pd-pools": [
      {
        prefix: "2001:db8:8000::",
        "prefix-len": 48,
        "delegated-len": 56,
        "option-data": [sntp("b"), { name: "nis-servers", data: "2001:db8::c" }],
      },
    ],
    reservations: [{ duid: "00:02:00:00:00:09:00:02", "option-data": [{ name: "nis-servers", data: "2001:db8::d" }] }],
  };
  const ASK = option(6, "001f001b");
  const last = (bytes: Uint8Array | undefined) => bytes && formatIpv6Key(readIpv6Key(bytes, 0)).at(-1);

  async function answered(number: number, ...parts: Part6[]) {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const reply = await new TestClient6(server, number).request(...parts, ASK);
    return [last(reply?.message.option(31)), last(reply?.message.option(27))];
  }

  it.each<readonly [string, number, readonly Part6[], readonly (string | undefined)[]]>([
    ["an address is from", 1, [na(1)], ["a", undefined]],
    ["a prefix is from", 1, [pd(1)], ["b", "c"]],
    ["both are from, the first association's before", 1, [na(1), pd(1)], ["a", "c"]],
    ["both are from, in the client's order", 1, [pd(1), na(1)], ["b", "c"]],
    ["the second of two addresses is from", 1, [na(1), na(2), pd(1)], ["a", "c"]],
    ["there is nothing from are not sent", 1, [na(1, "2001:db8::20")], [undefined, undefined]],
    ["both are from give way to a reservation's", 2, [na(1), pd(1)], ["a", "d"]],
  ])("that %s", async (_, number, parts, expected) => {
    expect(await answered(number, ...parts)).toEqual(expected);
  });
});

describe("options sent whether they are asked for or not", () => {
  it.each([
    ["preference", "200", 7, "c8"],
    ["unicast", "2001:db8::1", 12, "20010db8000000000000000000000001"],
  ])("%s", async (name, data, code, bytes) => {
    const server = await TestServer6.start({ "option-data": [{ name, data }], subnet6: [subnet({}, {})] });
    expect(hex((await new TestClient6(server, 1).solicit(na(1)))?.message.option(code))).toBe(bytes);
  });

  it("those with always-send, and none with never-send", async () => {
    const data = [
      { name: "sntp-servers", data: "2001:db8::1", "always-send": true },
      { name: "dns-servers", "never-send": true, data: "2001:db8::1" },
    ];
    const server = await TestServer6.start({ "option-data": data, subnet6: [subnet({}, {})] });
    const reply = await new TestClient6(server, 1).request(na(1), ASK_DNS);
    expect(reply?.message.optionCodes()).toEqual([1, 2, 3, 31]);
  });
});

describe("RFC 8415 §19.3: a reply through relays", () => {
  it("is wrapped as the message was, with each relay's interface-id", async () => {
    const server = await TestServer6.start({ subnet6: [subnet({}, {})] });
    const client = new TestClient6(server, 1);
    client.relays = [
      { link: "2001:db8:9::1", peer: "2001:db8:9::2", options: [option(135, "1234")] },
      { link: "2001:db8::1", options: [option(18, "0708"), option(38, "0a")] },
    ];
    const reply = await client.request(na(1));
    const relays = reply!.message.relays.map((relay) => ({
      type: relay.type,
      hop: relay.hopCount,
      link: formatIpv6Key(relay.linkAddress),
      peer: formatIpv6Key(relay.peerAddress),
      codes: relay.optionCodes(),
    }));
    expect(relays).toEqual([
      { type: 13, hop: 1, link: "2001:db8:9::1", peer: "2001:db8:9::2", codes: [135, 9] },
      { type: 13, hop: 0, link: "2001:db8::1", peer: "fe80::2", codes: [18, 9] },
    ]);
    expect(hex(reply!.message.relays[1]!.interfaceId)).toBe("0708");
  });
});

it("CVE-2017-14494: a reply has no byte of what was in the buffer before", () => {
  const relays = [
    { link: "2001:db8::1", options: [option(18, "0708"), option(66), option(79), option(37, "00000009")] },
  ];
  const query = new Message6(buildMessage6(MessageType6.SOLICIT, [option(1, "000301"), na(1)], relays));
  const [clean, dirty] = [0, 0xff].map((rubbish) => {
    const buffer = new Uint8Array(2000).fill(rubbish);
    const writer = new MessageWriter6(buffer, 0, buffer.length).beginReply(query, MessageType6.REPLY);
    return buffer.subarray(0, writer.option(1, query.clientId!).openIa(3, 1, 0, 0).finish());
  });
  expect(dirty).toEqual(clean);
});

describe("RFC 6422 §6: options that relays supply", () => {
  /** Options 65 and 23 in option 66. */
  const ERP = (text: string) => `00410003${text}`;
  const DNS = "0017001020010db8000000000000000000000009";

  async function supplied(outer: string, inner: string, change: object = {}, isConfigured = false) {
    const lan = isConfigured ? subnet({}, {}) : { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/120" }] };
    const server = await TestServer6.start({ ...change, subnet6: [lan] });
    const client = new TestClient6(server, 1);
    client.relays = [
      { link: "2001:db8::1", options: [option(66, outer)] },
      { link: "2001:db8::1", options: [option(66, inner)] },
    ];
    const { message } = (await client.request(na(1), ASK_DNS))!;
    return [65, 23].map((code) => message.everyOption(code).map(hex));
  }

  it("reach the client when any relay may supply them", async () => {
    expect(await supplied(ERP("016100"), DNS)).toEqual([["016100"], []]);
  });

  it("reach the client when the configuration lets them", async () => {
    const change = { "relay-supplied-options": ["dns-servers"] };
    expect(await supplied("", DNS, change)).toEqual([[], ["20010db8000000000000000000000009"]]);
  });

  it("give way to our own", async () => {
    const change = { "relay-supplied-options": ["dns-servers"] };
    expect(await supplied("", DNS, change, true)).toEqual([[], ["20010db8000000000000000000000002"]]);
  });

  it("are those of the relay next to the client where several supply them", async () => {
    expect(await supplied(ERP("016100"), ERP("016200"))).toEqual([["016200"], []]);
  });

  it("come as often as the relay has them", async () => {
    expect(await supplied("", ERP("016100") + ERP("016200"))).toEqual([["016100", "016200"], []]);
  });
});
