import { runs } from "@kotare/core/base/testing/runs";
import { Message4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4, LIMITED_BROADCAST } from "@kotare/core/ip/ipv4";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import { cut, insert, type Mutation, mutate, overwrite } from "@kotare/testkit/mutations";
import { hex } from "@kotare/testkit/payloads";
import { readMessage4 } from "@kotare/testkit/read-message4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { macOf } from "../testing/test-client4.ts";
import { type Dhcp4Text, ETH0, TestServer4 } from "../testing/test-server4.ts";
import { glance4 } from "./glance4.ts";
import { fuzzVectors4 } from "./packet-fuzz4.vectors.ts";

const MTU = 1000;
/** As much of the packet path as one configuration can switch on. */
const config: Dhcp4Text = {
  "user-context": { kotare: { forcerenew: true, authentication: { keys: [{ id: 7, secret: "kauri tree" }] } } },
  "hooks-libraries": [
    { library: "libdhcp_bootp.so" },
    { library: "libdhcp_lease_query.so", parameters: { requesters: ["192.0.2.2"] } },
  ],
  authoritative: true,
  "valid-lifetime": 1000,
  "min-valid-lifetime": 10,
  "max-valid-lifetime": 4000,
  "calculate-tee-times": true,
  "cache-threshold": 0.25,
  "stash-agent-options": true,
  "store-extended-info": true,
  "ddns-qualifying-suffix": "example.org.",
  "option-data": [
    { name: "routers", data: "192.0.2.1" },
    { name: "domain-name-servers", data: "192.0.2.53, 192.0.2.54" },
    { name: "vendor-encapsulated-options", data: "0102ABCD", "csv-format": false },
    { name: "vivso-suboptions", data: "4491", "always-send": true },
    { space: "vendor-4491", name: "tftp-servers", data: "192.0.2.9" },
    { code: 224, data: "AB".repeat(300), "csv-format": false },
    { code: 225, data: "CD".repeat(150), "csv-format": false },
  ],
  "client-classes": [
    { name: "port", "template-test": "relay4[1].hex + vendor[4491].option[1].hex" },
    { name: "long", test: "split(option[60].text, ':', 2) == uint16totext(option[57].hex)", "offer-lifetime": 9 },
    { name: "vendor", test: "vendor[*].exists or vendor-class[4491].data[1] == pkt4.mac", "next-server": "192.0.2.8" },
    { name: "match", test: "match('(a|b)*c', option[12].hex)", "option-data": [{ name: "domain-name", data: "c" }] },
    { name: "late", test: "option[43].option[1].exists", "only-in-additional-list": true, "boot-file-name": "late" },
    { name: "DROP", test: "option[77].text == 'drop' and known" },
  ],
  "shared-networks": [
    {
      name: "floor",
      "evaluate-additional-classes": ["late"],
      subnet4: [
        {
          id: 1,
          subnet: "192.0.2.0/24",
          pools: [{ pool: "192.0.2.10-192.0.2.14" }],
          reservations: [
            { "hw-address": macOf(1), "ip-address": "192.0.2.10", hostname: "one", "boot-file-name": "one.img" },
            {
              "circuit-id": "'port'",
              "ip-address": "192.0.2.99",
              "option-data": [{ name: "log-servers", data: "192.0.2.7" }],
            },
            { duid: "00:01:00:01:28:a1:b2:c3:02:00:00:00:00:03", hostname: "three" },
          ],
        },
        {
          id: 2,
          subnet: "10.0.0.0/24",
          pools: [{ pool: "10.0.0.10-10.0.0.11" }, { pool: "10.0.0.12/32", "client-class": "vendor" }],
        },
      ],
    },
  ],
};

const corpus = fuzzVectors4.map(({ head, cookie = "63825363", options }) =>
  Uint8Array.from([...hex(head), ...new Uint8Array(192), ...hex(cookie), ...hex(options)]),
);

const OPTIONS = 240;

// Not a double: most of those are next to 0, and nearly every change would be to the first byte.
const share = fc.noBias(fc.nat(9999).map((parts) => parts / 10_000));
const byte = fc.nat(255);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ share, value: byte }).map(({ share: at, value }) => overwrite(at, value)) },
  {
    weight: 2,
    arbitrary: fc.record({ share, value: byte }).map(({ share: at, value }) => overwrite(at, value, OPTIONS)),
  },
  {
    weight: 1,
    arbitrary: share.map(cut),
  },
  {
    weight: 2,
    arbitrary: fc.record({ share, part: fc.uint8Array({ maxLength: 40 }) }).map(
      ({ share: at, part }): Mutation =>
        (bytes) =>
          insert(bytes, Math.floor(at * bytes.length), part),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ code: byte, payload: fc.uint8Array({ maxLength: 255 }) }).map(
      ({ code, payload }): Mutation =>
        (bytes) =>
          insert(bytes, Math.min(OPTIONS, bytes.length), Uint8Array.of(code, payload.length, ...payload)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(corpus.length - 1).map(
      (other): Mutation =>
        (bytes) =>
          Uint8Array.from([...bytes.slice(0, OPTIONS), ...corpus[other]!.slice(OPTIONS)]),
    ),
  },
  {
    // sname and file as two more fields of options.
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 192, maxLength: 192 }).map(
      (fields): Mutation =>
        (bytes) =>
          Uint8Array.from([...bytes.slice(0, 44), ...fields, ...bytes.slice(236)]),
    ),
  },
);

const mutated = fc
  .record({ base: fc.nat(corpus.length - 1), mutations: fc.array(mutation, { maxLength: 3 }) })
  .map(({ base, mutations }) => mutate(corpus[base]!, mutations));

const datagram: fc.Arbitrary<MemoryDatagram> = fc.record({
  payload: fc.oneof({ weight: 9, arbitrary: mutated }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) }),
  ifindex: fc.constantFrom(1, 1, 1, 2),
  source: fc.constantFrom(0, 0xc000_020a, 0xc000_0202, 0x0a00_0001, 0xffff_ffff),
  sourcePort: fc.constantFrom(67, 68, 1067),
  destination: fc.constantFrom(0xffff_ffff, 0xc000_0201, 0xc000_02ff),
  mac: fc.constant(hex(macOf(1))),
});

/** BOOTP's has no type. */
const REPLIES = /^(OFFER|ACK|NAK|none|LEASE(UNASSIGNED|UNKNOWN|ACTIVE))$/;

/** Serves the batches one after the other; the log is at its highest level. @throws when anything is out of order */
async function serveAll(batches: readonly (readonly MemoryDatagram[])[], isLenient: boolean): Promise<void> {
  const compatibility = { "lenient-option-parsing": isLenient };
  const server = await TestServer4.start({ ...config, compatibility }, { interfaces: [{ ...ETH0, mtu: MTU }] });
  // A reply that is made twice is the same.
  server.secret = { ...server.secret, replay: { next: () => 7n } };
  server.reconfigure({ ...config, compatibility });
  let sent: Uint8Array | undefined;
  server.transport.onSent = ({ payload }) => {
    sent = payload.slice();
    // The reader is strict: a reply that it does not take, no client should be sent.
    expect(readMessage4(payload)).toMatchObject({ op: 2, type: expect.stringMatching(REPLIES) });
    expect(payload.length).toBeLessThanOrEqual(MTU - 28);
  };
  for (const batch of batches) {
    const explained = await explain(server, batch);
    sent = undefined;
    await server.serve(...batch);
    if (explained !== undefined) expect(explained.reply).toBe(sent && Buffer.from(sent).toString("hex"));
    server.clock.advance(200);
  }
  const reasons = server.drops();
  expect(reasons.filter((reason) => reason.startsWith("bug"))).toEqual([]);
  const done = server.log.ids.filter((id) => id === "DHCP4_RELEASE" || id === "DHCP4_DECLINE_LEASE").length;
  const notOurs = server.log.ids.filter((id) => id === "DHCP4_PACKET_NOT_SERVED").length;
  const received = server.count("pkt4-received");
  expect(received + notOurs).toBe(batches.flat().length);
  expect(received).toBe(server.count("pkt4-sent") + server.count("pkt4-receive-drop") + done);
  expect(server.count("pkt4-receive-drop")).toBe(reasons.length);
  for (const line of server.log.lines) expect(line).toMatch(/^[\x20-\x7e\x80-\uffff]*$/);
}

/** What is going to become of a packet that is alone; an explanation that throws would be answered with an error. */
async function explain(server: TestServer4, [datagram, ...others]: readonly MemoryDatagram[]) {
  const { payload, ifindex, source = 0, sourcePort, destination = LIMITED_BROADCAST } = datagram!;
  if (others.length > 0 || ifindex !== 1 || payload.length === 0) return undefined;
  const answer = await server.ask("packet-explain", {
    packet: Buffer.from(payload).toString("hex"),
    source: formatIpv4(source),
    "source-port": sourcePort,
    destination: formatIpv4(destination),
  });
  expect(answer).toMatchObject({ result: 0, arguments: { outcome: expect.stringMatching(/./) } });
  return answer.arguments as { readonly reply?: string };
}

const RUNS = runs(80);
const TIME = Math.max(60_000, RUNS * 200);

it("what shows of a message at a glance is what decoding tells", () => {
  let seen = 0;
  const look = (bytes: Uint8Array) => {
    const type = glance4({ buffer: bytes, offset: 0, length: bytes.length });
    if (type === undefined) return;
    seen++;
    expect(new Message4(bytes).type).toBe(type);
  };
  for (const bytes of corpus) look(bytes);
  expect(seen).toBeGreaterThan(corpus.length / 2);
  fc.assert(fc.property(mutated, look), { numRuns: runs(300) });
});

describe("every message of the corpus as it is", () => {
  it.each(fuzzVectors4.map(({ name }, i) => [name, corpus[i]!] as const))("%s", async (_, payload) => {
    const mac = hex(macOf(1));
    const datagram = { payload, ifindex: 1, source: 0, sourcePort: 68, destination: 0xffff_ffff, mac };
    for (const isLenient of [false, true]) await serveAll([[datagram]], isLenient);
  });
});

it(
  "CVE-2015-8373, unreleased #4719: bad packets at the highest log level are answered or dropped and counted",
  async () => {
    const batches = fc.array(fc.array(datagram, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(batches, fc.boolean(), async (each, isLenient) => {
      await serveAll(each, isLenient);
    });
    await fc.assert(property, { numRuns: RUNS });
  },
  TIME,
);
