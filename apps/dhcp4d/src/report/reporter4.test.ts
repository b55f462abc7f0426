import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { text } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { drop4 } from "../path/outcome4.ts";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import { dropReasons4 } from "./drop-reasons4.ts";
import { bad4, leases4, packets4 } from "./messages4.ts";

let server: TestServer4;
let alice: TestClient4;

async function start(config: Dhcp4Text = {}, random = () => 0): Promise<void> {
  const lan = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10/32" }] };
  server = await TestServer4.start({ "valid-lifetime": 1000, subnet4: [lan], ...config }, { random });
  alice = new TestClient4(server, 1, {
    clientId: Uint8Array.of(1, 2, 0xab),
    always: { options: [[12, text("laptop")]] },
  });
}

beforeEach(() => start());

const line = (id: string) => server.log.lines.findLast((each) => each.startsWith(`${id} `));
const CLIENT = "[hwtype=1 02:00:00:00:00:01], cid=[01:02:ab], tid=0x1000000";

describe("row 33: the client's host name is in the lines about its lease", () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ["DHCP4_LEASE_OFFER", "0: lease 192.0.2.10 will be offered, host laptop", () => alice.discover()],
    [
      "DHCP4_LEASE_ALLOC",
      "1: lease 192.0.2.10 has been allocated for 1000 seconds in subnet 7, host laptop",
      () => alice.bind(),
    ],
    [
      "DHCP4_RELEASE",
      "2: lease 192.0.2.10 released, host laptop",
      () => alice.bind().then(() => alice.release("192.0.2.10")),
    ],
    [
      "DHCP4_DECLINE_LEASE",
      "2: 192.0.2.10 is in use by somebody else; not given out for 86400 seconds, host laptop",
      () => alice.bind().then(() => alice.decline("192.0.2.10")),
    ],
  ])("%s", async (id, rest, act) => {
    await act();
    expect(line(id)).toBe(`${id} ${CLIENT}${rest}`);
  });

  it("DHCP4_LEASE_REUSE", async () => {
    await start({ "cache-threshold": 0.5 });
    await alice.bind();
    server.clock.advance(100);
    await alice.renew("192.0.2.10");
    expect(line("DHCP4_LEASE_REUSE")).toMatch(/lease 192\.0\.2\.10 confirmed for the 900 seconds left, host laptop$/);
  });

  it("a name from a client cannot break out of its line", async () => {
    await start({ "hostname-char-set": "" });
    await new TestClient4(server, 1).bind({ options: [[12, text("a\nERROR b\x1b[2J")]] });
    expect(line("DHCP4_LEASE_ALLOC")).toMatch(/host a\\x0aerror b\\x1b\[2j$/);
  });
});

describe("row 34: what an operator wants to know is told at the default level", () => {
  it.each([
    packets4.DHCP4_PACKET_RECEIVED,
    packets4.DHCP4_PACKET_SEND,
    leases4.DHCP4_LEASE_OFFER,
    leases4.DHCP4_LEASE_ALLOC,
    leases4.DHCP4_RELEASE,
    leases4.DHCP4_DECLINE_LEASE,
    leases4.DHCP4_NAK,
    bad4.DHCP4_REPLY_TOO_LARGE,
    bad4.DHCP4_PACKET_SEND_FAIL,
    leases4.DHCP4_LEASE_COMMIT_FAILED,
  ])("$id", ({ severity }) => {
    expect(["INFO", "WARN", "ERROR"]).toContain(severity);
  });
});

describe("every drop", () => {
  it("is counted once as a drop and once for its cause, and told with its reason and clause", async () => {
    await alice.discover({ giaddr: "10.0.0.1" });
    expect(server.counts()).toEqual({
      "pkt4-received": 1,
      "pkt4-discover-received": 1,
      "pkt4-receive-drop": 1,
      "pkt4-not-for-us": 1,
    });
    expect(line("DHCP4_PACKET_DROP")).toMatch(/dropped, no-subnet: no configured subnet .*\(RFC 2131 §4\.3\.1\)/);
  });

  it.each(Object.entries(dropReasons4))("%s has a clause and words", (_, { clause, words }) => {
    expect(clause).not.toBe("");
    expect(words.length).toBeGreaterThan(10);
  });

  it("that gave way to newer packets is received and dropped", () => {
    server.reporter.stale();
    expect(server.counts()).toEqual({ "pkt4-received": 1, "pkt4-receive-drop": 1, "pkt4-queue-full": 1 });
  });

  it("of a message that was not looked at but for its type counts as others do", () => {
    server.reporter.turnedAway(MessageType4.DHCPREQUEST, drop4("extension-drop"));
    expect(server.counts()).toEqual({
      "pkt4-received": 1,
      "pkt4-request-received": 1,
      "pkt4-receive-drop": 1,
      "pkt4-admin-filtered": 1,
    });
  });

  it("for want of an address is counted where it happened, and warned of", async () => {
    await alice.bind();
    await new TestClient4(server, 2).discover();
    expect(server.counts()).toMatchObject({
      "v4-allocation-fail": 1,
      "v4-allocation-fail-subnet": 1,
      "subnet[7].v4-allocation-fail": 1,
      "subnet[7].v4-allocation-fail-subnet": 1,
      "subnet[7].v4-allocation-fail-classes": 1,
    });
    expect(line("ALLOC_ENGINE_V4_ALLOC_FAIL")).toContain("192.0.2.0/24");
    expect(line("ALLOC_ENGINE_V4_ALLOC_FAIL_CLASSES")).toMatch(/in the classes ALL, UNKNOWN$/);
  });

  it.each([
    ["there is none", { pools: [] }],
    ["it is for a class of others", { pools: [{ pool: "192.0.2.10-192.0.2.11", "client-class": "KNOWN" }] }],
  ])("for want of a pool is counted apart, where %s", async (_, pools) => {
    server.reconfigure({ subnet4: [{ id: 7, subnet: "192.0.2.0/24", ...pools }] });
    await new TestClient4(server, 2).discover();
    const failures = Object.keys(server.counts()).filter((name) => name.startsWith("v4-allocation-fail"));
    expect(failures.sort()).toEqual([
      "v4-allocation-fail-classes",
      "v4-allocation-fail-no-pools",
      "v4-allocation-fail-subnet",
    ]);
  });

  it("for our own fault is told with the packet, and the next one is served", async () => {
    let turn = 0;
    const random = () => {
      if (turn++ === 0) throw new TypeError("planted");
      return 0;
    };
    await start({}, random);
    const replies = await server.serve(new TestClient4(server, 3).discoverMessage(), alice.discoverMessage());
    expect(replies.map(({ chaddr }) => chaddr)).toEqual([alice.mac]);
    expect(line("DHCP4_PACKET_DROP_0007")).toMatch(/met a fault of ours: TypeError: planted.* packet 01:01:06:00:/s);
    expect(server.counts()).toMatchObject({ "pkt4-received": 2, "pkt4-receive-drop": 1, "pkt4-processing-failed": 1 });
  });
});

it("every message type is counted as it comes and as it goes", async () => {
  const types = Object.entries(MessageType4);
  for (const [, type] of types) await alice.send(alice.message(type, { ciaddr: "192.0.2.99" }));
  const counts = server.counts();
  // Kea counts of leasequery's messages those that a server is sent.
  for (const [name] of types.filter(([, type]) => type <= MessageType4.DHCPINFORM)) {
    expect(counts[`pkt4-${name.slice(4).toLowerCase()}-received`]).toBe(1);
  }
  expect(counts).toMatchObject({ "pkt4-lease-query-received": 1, "pkt4-unknown-received": 9 });
  expect(counts).toMatchObject({ "pkt4-offer-sent": 1, "pkt4-ack-sent": 1, "pkt4-sent": 2 });
});
