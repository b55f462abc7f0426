import { ManualClock } from "@kotare/core/base/clock";
import { DecodeError } from "@kotare/core/base/decode-error";
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics6 } from "@kotare/core/stats/statistics6";
import type { Datagram } from "@kotare/netio/transports/datagram";
import { describe, expect, it } from "vitest";
import { drop6 } from "../path/outcome6.ts";
import type { Ingress6 } from "../path/query6.ts";
import { buildMessage6, na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { ip6, TestServer6 } from "../testing/test-server6.ts";
import { Reporter6 } from "./reporter6.ts";

const LAN = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::10" }] };
const INGRESS: Ingress6 = {
  interface: { index: 1, name: "eth0", mtu: 1500, mac: new Uint8Array(6), addresses: [ip6("fe80::1")] },
  source: ip6("fe80::2"),
  sourcePort: 546,
  destination: ip6("ff02::1:2"),
  sourceMac: undefined,
};
const DATAGRAM: Datagram<Ipv6Key> = {
  buffer: new Uint8Array(2),
  offset: 0,
  length: 2,
  ifindex: 7,
  source: INGRESS.source,
  sourcePort: 546,
  destination: INGRESS.destination,
  macOffset: -1,
  received: 0,
};

/** Counters of packets and of associations that got nothing. */
function nonZero(statistics: Statistics<typeof statistics6>): Record<string, number> {
  const counters = [...statistics.entries()].filter(([name, { value }]) => /pkt6|fail/.test(name) && value !== 0);
  return Object.fromEntries(counters.map(([name, { value }]) => [name, Number(value)]));
}

describe("what is counted", () => {
  it("is every message and reply by its type", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const client = new TestClient6(server, 1);
    await client.solicit(na(1));
    await client.request(na(1));
    await client.renew(na(1, "2001:db8::10"));
    await client.rebind(na(1, "2001:db8::10"));
    await client.confirm(na(1, "2001:db8::10"));
    await client.release(na(1, "2001:db8::10"));
    await client.decline(na(1, "2001:db8::10"));
    await server.serve(buildMessage6(11, []));
    expect(nonZero(server.statistics)).toEqual({
      "pkt6-received": 8,
      "pkt6-solicit-received": 1,
      "pkt6-request-received": 1,
      "pkt6-renew-received": 1,
      "pkt6-rebind-received": 1,
      "pkt6-confirm-received": 1,
      "pkt6-release-received": 1,
      "pkt6-decline-received": 1,
      "pkt6-infrequest-received": 1,
      "pkt6-sent": 8,
      "pkt6-advertise-sent": 1,
      "pkt6-reply-sent": 7,
    });
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["on a single subnet", { subnet6: [{ ...LAN, "pd-pools": [] }] }, "v6-allocation-fail-subnet"],
    [
      "on a shared network",
      { "shared-networks": [{ name: "floor", interface: "eth0", subnet6: [LAN] }] },
      "v6-allocation-fail-shared-network",
    ],
  ])("is every association for which there was nothing, %s", async (_, config, where) => {
    const server = await TestServer6.start(config);
    await new TestClient6(server, 1).request(na(1), na(2), pd(3));
    const counted = Object.entries(nonZero(server.statistics)).filter(([name]) => name.includes("fail"));
    const numbers = [
      ["v6-allocation-fail", 1],
      [where, 2],
      ["v6-allocation-fail-classes", 2],
      ["v6-allocation-fail-no-pools", 1],
    ] as const;
    expect(Object.fromEntries(counted)).toEqual({
      ...Object.fromEntries(numbers),
      ...Object.fromEntries(numbers.map(([name, value]) => [`subnet[1].${name}`, value])),
    });
    const lines = server.log.lines.filter((line) => line.startsWith("ALLOC_ENGINE_V6_ALLOC_FAIL_CLASSES "));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/ in the classes ALL, UNKNOWN$/);
  });

  it("is no association where there was no subnet, as in Kea", async () => {
    const server = await TestServer6.start({ subnet6: [] });
    await new TestClient6(server, 1).solicit(na(1));
    expect(Object.keys(nonZero(server.statistics)).filter((name) => name.includes("fail"))).toEqual([]);
  });

  it("is a message of an unknown type, once", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    await server.serve(buildMessage6(99, []));
    expect(nonZero(server.statistics)).toEqual({
      "pkt6-received": 1,
      "pkt6-unknown-received": 1,
      "pkt6-receive-drop": 1,
    });
  });

  it.each<readonly [string, (reporter: Reporter6) => void, Record<string, number>, string | undefined]>([
    [
      "bytes that are no message",
      (reporter) => reporter.undecodable(DATAGRAM, INGRESS, undefined, new DecodeError("header", 0, "is cut short")),
      { "pkt6-received": 1, "pkt6-receive-drop": 1, "pkt6-parse-failed": 1 },
      "DHCP6_PACKET_DROP_PARSE_FAIL",
    ],
    [
      "a fault of ours",
      (reporter) => reporter.bug(INGRESS, Uint8Array.of(1), new Error("oh")),
      { "pkt6-receive-drop": 1, "pkt6-processing-failed": 1 },
      "DHCP6_PACKET_PROCESS_EXCEPTION",
    ],
    [
      "a packet that gave way to newer ones",
      (reporter) => reporter.stale(),
      { "pkt6-received": 1, "pkt6-receive-drop": 1, "pkt6-queue-full": 1 },
      undefined,
    ],
    [
      "a message that was not looked at but for its type",
      (reporter) => reporter.turnedAway(1, drop6("extension-drop")),
      { "pkt6-received": 1, "pkt6-solicit-received": 1, "pkt6-receive-drop": 1, "pkt6-admin-filtered": 1 },
      undefined,
    ],
    [
      "a packet of an interface that is not served: not at all",
      (reporter) => reporter.notServed(DATAGRAM),
      {},
      "DHCP6_PACKET_NOT_SERVED",
    ],
    [
      "leases that could not be written: by their messages",
      (reporter) => reporter.commitFailed(new Error("EIO"), 3),
      {},
      "DHCP6_LEASE_COMMIT_FAILED",
    ],
  ])("is %s", (_, report, counts, id) => {
    const clock = new ManualClock();
    const statistics = new Statistics(statistics6, clock.wall());
    const log = new RecordingLogger();
    report(new Reporter6(log, statistics, { server: 547, client: 546 }, () => clock.wall()));
    expect(nonZero(statistics)).toEqual(counts);
    expect(log.lines.map((line) => line.split(" ")[0])).toEqual(id === undefined ? [] : [id]);
  });
});

it.each(["DHCP6_PACKET_DROP", "DHCP6_PACKET_RECEIVED", "DHCP6_QUERY_LABEL", "DHCP6_QUERY_DATA", "nothing"])(
  "where the log is to have %s, it is more than counts that is wanted",
  (id) => {
    const log = { isEnabled: (message: { readonly id: string }) => message.id === id, log: () => undefined };
    const reporter = new Reporter6(log, new Statistics(statistics6, 0), { server: 547, client: 546 }, () => 0);
    expect(reporter.onlyCounts).toBe(id === "nothing");
    reporter.record = { isOn: true, add: () => undefined };
    expect(reporter.onlyCounts).toBe(false);
    reporter.record = undefined;
    reporter.events = { isWatched: true, dropped: () => undefined };
    expect(reporter.onlyCounts).toBe(false);
  },
);

describe("what is logged", () => {
  async function linesOf(act: (client: TestClient6) => Promise<unknown>): Promise<string> {
    const server = await TestServer6.start({ subnet6: [LAN] });
    await act(new TestClient6(server, 1));
    return server.log.lines.join("\n");
  }
  const LABEL = "duid=[00:02:00:00:00:09:00:01], tid=0xabcdef";

  it.each<readonly [string, (client: TestClient6) => Promise<unknown>]>([
    ["2001:db8::10 for iaid 1 will be advertised", (client) => client.solicit(na(1))],
    ["nothing to advertise for iaid 2: No address is available.", (client) => client.solicit(na(1), na(2))],
    [
      "2001:db8::10 for iaid 1 released",
      async (client) => {
        await client.request(na(1));
        await client.release(na(1, "2001:db8::10"));
      },
    ],
    [
      "2001:db8::10 is in use by somebody else; not given out for 86400 seconds",
      async (client) => {
        await client.request(na(1));
        await client.decline(na(1, "2001:db8::10"));
      },
    ],
    ["sending ADVERTISE to fe80::2 port 546 on eth0", (client) => client.solicit(na(1))],
    [
      // Pain row 33: with the client's own name.
      "2001:db8::10 for iaid 1 given for 7200 seconds in subnet 1, host lap",
      (client) => client.request(na(1), option(39, "00036c6170")),
    ],
  ])("names the client: %s", async (text, act) => {
    expect(await linesOf(act)).toContain(`${LABEL}: ${text}`);
  });

  it("says why a message is dropped, also when nobody is named in it", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    await server.serve(buildMessage6(1, [option(14)]));
    const [line] = server.log.lines.filter((each) => each.startsWith("DHCP6_PACKET_DROP "));
    expect(line).toContain("duid=[no info], tid=0xabcdef from fe80::2 on eth0: dropped, no-client-id:");
  });
});
