import { runs } from "@kotare/core/base/testing/runs";
import { describeMessage6 } from "@kotare/core/dhcp6/describe-message6";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { cut, insert, type Mutation, mutate, overwrite } from "@kotare/testkit/mutations";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REPLY_LIMIT } from "../reply/reply-encoder6.ts";
import { buildMessage6, na, option, type Part6, pd, serverId } from "../testing/test-client6.ts";
import { type Dhcp6Text, type IngressChange, ip6, TestServer6 } from "../testing/test-server6.ts";
import { glance6 } from "./glance6.ts";
import { fuzzVectors6 } from "./packet-fuzz6.vectors.ts";

/** As much of the packet path as one configuration can switch on. */
const config: Dhcp6Text = {
  "valid-lifetime": 1000,
  "min-valid-lifetime": 10,
  "max-valid-lifetime": 4000,
  "preferred-lifetime": 500,
  "cache-threshold": 0.25,
  "store-extended-info": true,
  "ddns-qualifying-suffix": "example.org.",
  "relay-supplied-options": ["dns-servers"],
  "user-context": { kotare: { "pd-routes": true, reconfigure: true } },
  "hooks-libraries": [{ library: "libdhcp_lease_query.so", parameters: { requesters: ["::/0"] } }],
  "option-data": [
    { name: "preference", data: "255" },
    { name: "unicast", data: "2001:db8::1" },
    { name: "vendor-opts", data: "4491" },
    { name: "tftp-servers", space: "vendor-4491", data: "2001:db8::69" },
    { name: "bootfile-param", data: "x".repeat(1000) },
  ],
  "client-classes": [
    { name: "port", "template-test": "relay6[-1].option[18].hex + vendor[4491].option[1].hex" },
    { name: "vendor", test: "vendor[*].exists or vendor-class[4491].data[1] == option[1].hex", "valid-lifetime": 700 },
    { name: "match", test: "match('(a|b)*c', option[39].hex)", "option-data": [{ name: "unicast", data: "::1" }] },
    {
      name: "late",
      test: "option[3].option[5].exists or relay6[1].option[17].option[1].exists",
      "only-if-required": true,
    },
    { name: "DROP", test: "option[15].text == 'drop' and known" },
  ],
  "shared-networks": [
    {
      name: "floor",
      "evaluate-additional-classes": ["late"],
      "rapid-commit": true,
      subnet6: [
        {
          id: 1,
          subnet: "2001:db8::/64",
          pools: [
            { pool: "2001:db8::10-2001:db8::13", "option-data": [{ name: "sntp-servers", data: "2001:db8::7" }] },
          ],
          "pd-pools": [
            {
              prefix: "2001:db8:8000::",
              "prefix-len": 54,
              "delegated-len": 56,
              "excluded-prefix": "2001:db8:8000:7::",
              "excluded-prefix-len": 64,
            },
          ],
          reservations: [
            { duid: "00:01:00:01:28:a1:b2:c3:02:00:00:00:00:01", "ip-addresses": ["2001:db8::a", "2001:db8::b"] },
            { "hw-address": "02:00:00:00:00:07", prefixes: ["2001:db8:8000:100::/57"], hostname: "seven" },
          ],
        },
        {
          id: 2,
          subnet: "2001:db8:2::/64",
          pools: [{ pool: "2001:db8:2::10-2001:db8:2::11" }, { pool: "2001:db8:2::12/128", "client-class": "vendor" }],
        },
      ],
    },
  ],
};

const corpus = fuzzVectors6.map(({ payload }) => payload);

// Not a double: most of those are next to 0, and nearly every change would be to the first byte.
const share = fc.noBias(fc.nat(9999).map((parts) => parts / 10_000));
const byte = fc.nat(255);
const u16 = (value: number) => [value >> 8, value & 0xff];
const encoded = (code: number, payload: Uint8Array) =>
  Uint8Array.from([...u16(code), ...u16(payload.length), ...payload]);
/** Those that are looked at, and some that are not. */
const code = fc.oneof(fc.constantFrom(1, 2, 3, 5, 6, 9, 13, 14, 16, 17, 18, 25, 26, 37, 39, 66, 67, 79), fc.nat(300));
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.nat(corpus.length - 1).map((other) => corpus[other]!),
);

/** A RELAY-FORW, or a RELAY-REPL where none can be, around whatever there is. */
function relayed(type: number, hops: number, tail: Uint8Array): Mutation {
  return (bytes) => Uint8Array.from([type, hops, ...new Uint8Array(16), ...tail, ...encoded(9, bytes)]);
}

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ share, value: byte }).map(({ share: at, value }) => overwrite(at, value)) },
  { weight: 1, arbitrary: share.map(cut) },
  {
    weight: 2,
    arbitrary: fc.record({ share, part: fc.uint8Array({ maxLength: 40 }) }).map(
      ({ share: at, part }): Mutation =>
        (bytes) =>
          insert(bytes, Math.floor(at * bytes.length), part),
    ),
  },
  {
    // An option of the message, or in whatever is there.
    weight: 3,
    arbitrary: fc.record({ at: fc.oneof(fc.constant(4), fc.nat(400)), code, payload }).map(
      ({ at, code, payload }): Mutation =>
        (bytes) =>
          insert(bytes, Math.min(at, bytes.length), encoded(code, payload)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ type: fc.constantFrom(12, 12, 13), hops: byte, tail: fc.uint8Array({ minLength: 16, maxLength: 16 }) })
      .map(({ type, hops, tail }) => relayed(type, hops, tail)),
  },
);

const mutated = fc
  .record({ base: fc.nat(corpus.length - 1), mutations: fc.array(mutation, { maxLength: 3 }) })
  .map(({ base, mutations }) => mutate(corpus[base]!, mutations));

interface Arrival {
  readonly packets: readonly Uint8Array[];
  readonly ingress: IngressChange;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  packets: fc.array(
    fc.oneof({ weight: 9, arbitrary: mutated }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) }),
    { minLength: 1, maxLength: 4 },
  ),
  ingress: fc.record({
    source: fc.constantFrom("fe80::2", "2001:db8::77", "fe80::ff:fe00:8", "::", "ff02::1").map(ip6),
    sourcePort: fc.constantFrom(546, 547, 1547),
    destination: fc.constantFrom("ff02::1:2", "ff02::1:2", "ff05::1:3", "2001:db8::1").map(ip6),
  }),
});

/** Serves one batch after the other; the log is at its highest level. @throws when anything is out of order */
async function serveAll(arrivals: readonly Arrival[], settings: Dhcp6Text = config): Promise<TestServer6> {
  const server = await TestServer6.start(settings);
  // A reply that is made twice is the same.
  server.secret = { ...server.secret, replay: { next: () => 7n } };
  server.reconfigure(settings);
  let sent = 0;
  for (const { packets, ingress } of arrivals) {
    const explained = await explain(server, packets, ingress);
    await server.serveBatch(packets, { interfaceName: "eth0", ...ingress });
    const replies = server.transport.takeSent();
    if (explained !== undefined) expect(explained.reply).toBe(replies.map(({ payload }) => hexOf(payload))[0]);
    for (const { payload: reply } of replies) {
      checkReply(reply);
      sent++;
    }
    server.clock.advance(200);
  }
  const { "pkt6-received": received, "pkt6-sent": counted, "pkt6-receive-drop": dropped } = server.statistics.global;
  expect(server.drops.filter((reason) => reason.startsWith("bug"))).toEqual([]);
  expect(received.value).toBe(arrivals.flatMap(({ packets }) => packets).length);
  expect(counted.value).toBe(sent);
  expect(dropped.value).toBe(server.drops.length);
  expect(received.value).toBe(sent + Number(dropped.value));
  for (const line of server.log.lines) expect(line).toMatch(/^[\x20-\x7e\x80-\uffff]*$/);
  return server;
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** What is going to become of a packet that is alone; an explanation that throws would be answered with an error. */
async function explain(server: TestServer6, [packet, ...others]: readonly Uint8Array[], ingress: IngressChange) {
  if (others.length > 0 || packet!.length === 0) return undefined;
  const { source, sourcePort, destination } = ingress;
  const answer = await server.ask("packet-explain", {
    packet: hexOf(packet!),
    ...(source === undefined ? {} : { source: formatIpv6Key(source) }),
    ...(sourcePort === undefined ? {} : { "source-port": sourcePort }),
    ...(destination === undefined ? {} : { destination: formatIpv6Key(destination) }),
  });
  expect(answer).toMatchObject({ result: 0, arguments: { outcome: expect.stringMatching(/./) } });
  return answer.arguments as { readonly reply?: string };
}

/** A reply that is not whole in all its parts, no client should be sent. */
function checkReply(bytes: Uint8Array): void {
  expect(bytes.length).toBeLessThanOrEqual(REPLY_LIMIT);
  const message = new Message6(bytes);
  const { ADVERTISE, REPLY, LEASEQUERY_REPLY, ADDR_REG_REPLY } = MessageType6;
  expect([ADVERTISE, REPLY, LEASEQUERY_REPLY, ADDR_REG_REPLY]).toContain(message.type);
  expect(message.relays.every(({ type }) => type === MessageType6.RELAY_REPL)).toBe(true);
  expect(message.countOf(2)).toBe(1);
  for (const { leases, status } of message.ias) expect(leases.length > 0 || status !== undefined).toBe(true);
  expect(describeMessage6(message)).not.toMatch(/\p{Cc}/u);
}

const packetsOf = (...packets: Uint8Array[]): Arrival => ({ packets, ingress: {} });

const RUNS = runs(80);
const TIME = Math.max(60_000, RUNS * 200);

it("what shows of a message at a glance is what decoding tells", () => {
  let seen = 0;
  const look = (bytes: Uint8Array) => {
    const type = glance6({ buffer: bytes, offset: 0, length: bytes.length });
    if (type === undefined) return;
    seen++;
    expect(new Message6(bytes).type).toBe(type);
  };
  for (const bytes of corpus) look(bytes);
  expect(seen).toBeGreaterThan(corpus.length / 2);
  fc.assert(fc.property(mutated, look), { numRuns: runs(300) });
});

describe("every message of the corpus as it is", () => {
  it.each(fuzzVectors6.map(({ name, payload }) => [name, payload] as const))("%s", async (_, payload) => {
    await serveAll([packetsOf(payload)]);
  });
});

it(
  "CVE-2015-8373, unreleased #4719: bad packets at the highest log level are answered or dropped and counted",
  async () => {
    const arrivals = fc.array(arrival, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(arrivals, async (each) => void (await serveAll(each))),
      { numRuns: RUNS },
    );
  },
  TIME,
);

it("CVE-2018-5732, ChangeLog 2509: a relayed message cut short anywhere is dropped", async () => {
  const whole = fuzzVectors6.find(({ name }) => name === "a renew through two relays")!.payload;
  const pieces = Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length));
  const server = await serveAll([packetsOf(...pieces), packetsOf(whole)]);
  expect(server.drops).toEqual(pieces.map(() => "malformed"));
  expect(server.statistics.global["pkt6-reply-sent"].value).toBe(1);
});

const CLIENT = "00020000000900";
const DUID = option(1, CLIENT);

describe("CVE-2019-6472: a DUID", () => {
  const duids = [0, 1, 2, 3, 128, 129, 130, 131, 65_535];
  it.each(duids.map((length) => [length, length >= 3 && length <= 130] as const))(
    "of %i bytes is served: %s",
    async (length, isServed) => {
      const duid = option(1, "01".repeat(length));
      const packets = [MessageType6.SOLICIT, MessageType6.REQUEST, MessageType6.INFORMATION_REQUEST].map((type) =>
        buildMessage6(type, [duid, ...(type === MessageType6.REQUEST ? [serverId] : [])]),
      );
      expect((await serveAll([packetsOf(...packets)])).drops).toEqual(isServed ? [] : packets.map(() => "malformed"));
    },
  );

  it("that Kea's lease files have for nobody (#4533) makes the message malformed", async () => {
    const packet = buildMessage6(MessageType6.REQUEST, [option(1, "000000"), serverId, na(1)]);
    expect((await serveAll([packetsOf(packet)])).drops).toEqual(["malformed"]);
    const server = await serveAll([
      packetsOf(buildMessage6(MessageType6.REQUEST, [option(1, "00000000"), serverId, na(1)])),
    ]);
    expect(server.fileText()).toContain(",00:00:00:00,");
  });
});

describe("ChangeLog 2506, 2484: a prefix", () => {
  const request = (length: number) => {
    const hex = `000000000000000000000000001a0019${"00000000".repeat(2)}${length.toString(16).padStart(2, "0")}${"20010db8".padEnd(32, "0")}`;
    return buildMessage6(MessageType6.REQUEST, [DUID, serverId, option(25, hex)]);
  };
  it.each([129, 130, 200, 255])("of %i bits makes the message malformed", async (length) => {
    expect((await serveAll([packetsOf(request(length))])).drops).toEqual(["malformed"]);
  });

  it.each([0, 1, 31, 127, 128])("of %i bits is a hint, whatever its bits are", async (length) => {
    expect((await serveAll([packetsOf(request(length))])).drops).toEqual([]);
  });
});

describe("ChangeLog 2495, #4692: options in options as deep as a packet holds", () => {
  /** @param head bytes that each option has before the next one begins */
  function nested(code: number, head: number): Uint8Array {
    const bytes = new Uint8Array(60_000);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 4 + head <= bytes.length; at += 4 + head) {
      view.setUint16(at, code);
      view.setUint16(at + 2, bytes.length - at - 4);
    }
    return bytes;
  }

  it.each([
    [3, 12],
    [25, 12],
    [5, 24],
    [26, 25],
    [17, 4],
    [9, 0],
    [66, 0],
    [94, 0],
    [89, 8],
  ])("code %i", async (code, head) => {
    const message = buildMessage6(MessageType6.SOLICIT, [DUID]);
    await serveAll([packetsOf(Uint8Array.from([...message, ...nested(code, head)]))]);
  });
});

describe("CVE-2025-40779: from where no subnet is", () => {
  const types = [1, 3, 4, 5, 6, 8, 9, 11];
  const parts: readonly (readonly [string, Part6])[] = [
    ...Array.from({ length: 150 }, (_, code) => [`option ${code}`, option(code, "0000000000000001")] as const),
    ["an address", na(1, "2001:db8::10")],
    ["a prefix", pd(1, "2001:db8::/56")],
  ];
  it.each(types)("a message of type %i with any option, by unicast or not, is answered or dropped", async (type) => {
    const id = [3, 5, 8, 9].includes(type) ? [DUID, serverId] : [DUID];
    const packets = parts.map(([, part]) => buildMessage6(type, [...id, part]));
    for (const destination of ["2001:db8::1", "ff02::1:2"].map(ip6)) {
      for (const subnet6 of [[], [{ id: 1, subnet: "3fff::/64" }]]) {
        await serveAll(
          packets.map((packet) => ({ packets: [packet], ingress: { destination } })),
          { subnet6 },
        );
      }
    }
  });
});

describe("a client's name", () => {
  const name = (hex: string) => buildMessage6(MessageType6.REQUEST, [DUID, serverId, na(1), option(39, hex)]);

  it("CVE-2019-6473, CVE-2022-2929: of any bytes costs at most the packet", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, async (payload) => {
        await serveAll([packetsOf(name(Buffer.from(payload).toString("hex")))]);
      }),
      { numRuns: runs(25) },
    );
  });

  const label = (length: number) => length.toString(16).padStart(2, "0") + "61".repeat(length);
  it.each<readonly [string, string, "answered" | "malformed"]>([
    ["CVE-2025-11232: of illegal characters only", "0003212121", "answered"],
    ["CVE-2025-11232: of illegal characters only, complete", "000321212100", "answered"],
    ["ChangeLog 2519: with an empty label", "00016100016200", "malformed"],
    ["CVE-2022-2929: with a label of 63 bytes", `00${label(63)}`, "answered"],
    ["CVE-2022-2929: with a label of 64 bytes", `00${label(64)}`, "malformed"],
    ["CVE-2022-2929: of 255 bytes", `00${label(63).repeat(3)}${label(61)}00`, "answered"],
    ["CVE-2022-2929: of 256 bytes", `00${label(63).repeat(3)}${label(62)}00`, "malformed"],
  ])("%s: %s is %s", async (_, hex, outcome) => {
    const server = await serveAll([packetsOf(name(hex))]);
    expect(server.drops).toEqual(outcome === "answered" ? [] : ["malformed"]);
  });

  it("CVE-2025-11232: that nothing remains of is none", async () => {
    const server = await serveAll([packetsOf(name("0003212121"))]);
    expect(server.leases()).toHaveLength(1);
    expect(server.lease("address", "2001:db8::10")?.hostname).toBe("");
  });
});
