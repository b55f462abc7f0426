import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setImmediate as immediate } from "node:timers/promises";
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { Destination6, SendBatch } from "@kotare/netio/transports/datagram";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { formatHex, parseHex } from "../../base/hex.ts";
import { Message6 } from "../../dhcp6/message6.ts";
import { LIMITED_BROADCAST } from "../../ip/ipv4.ts";
import { type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import { defineServerMessages } from "../messages.ts";
import type { Arrival } from "../packets/packet-path.ts";
import { encodeOver6Query, OVER6_LIMIT } from "./over6-messages.ts";
import type { OpenPeer } from "./peer-socket.ts";
import { Tunnel4 } from "./tunnel4.ts";
import { Tunnel6 } from "./tunnel6.ts";

const messages = defineServerMessages("dhcp4", 4);
const OURS = 0x0a00_0001;
const LINK = { index: 7, name: "s0", mtu: 1500, mac: new Uint8Array(6), loopback: false, ipv4: [], ipv6: [] };
const OTHER = { ...LINK, index: 8, name: "s1", ipv4: [{ address: OURS, prefixLength: 24 }] };
const present = new Map([LINK, OTHER].map((link) => [link.index, link as unknown as Interface]));
const LINK_LOCAL = parseIpv6Key("fe80::1")!;
const CLIENT = parseIpv6Key("fe80::2")!;
const served: ServedInterface<Ipv6Key> = { ...LINK, addresses: [LINK_LOCAL] };

let log: RecordingLogger;
let tunnel4: Tunnel4;
let tunnel6: Tunnel6;
let sent: string[];
/** How often the DHCPv4 server was told that something has come. */
let told: number;
let port: number;

/** Two neighbouring ports that were free a moment ago. */
async function freePorts(): Promise<number> {
  for (;;) {
    const sockets = [createSocket("udp6"), createSocket("udp6")];
    try {
      sockets[0]!.bind({ address: "::1" });
      await once(sockets[0]!, "listening");
      const first = sockets[0]!.address().port;
      if (first > 65_000) continue;
      sockets[1]!.bind({ address: "::1", port: first + 1 });
      await once(sockets[1]!, "listening");
      return first;
    } catch {
      // The second one is taken.
    } finally {
      for (const socket of sockets) socket.close();
    }
  }
}

function recordingBatch(): SendBatch<Ipv6Key> {
  const buffer = new Uint8Array(OVER6_LIMIT);
  const texts: string[] = [];
  return {
    reserve: () => ({ buffer, offset: 0 }),
    add: (length, to: Pick<Destination6, "ifindex" | "port"> & { readonly address: Ipv6Key }) =>
      void texts.push(
        `${to.ifindex} ${to.address === CLIENT ? "client" : "?"}:${to.port} ${formatHex(buffer.subarray(0, length), "")}`,
      ),
    get size() {
      return texts.length;
    },
    send: () => {
      sent.push(texts.join("; "));
      return [];
    },
    discard: () => undefined,
  };
}

beforeEach(async () => {
  log = new RecordingLogger();
  sent = [];
  told = 0;
  tunnel4 = new Tunnel4(log, messages, systemClock);
  tunnel4.open({
    serve: (transport) => transport.start(() => void told++),
    newSendBatch: () => undefined,
    served: () => undefined,
  });
  tunnel4.update(present);
  tunnel6 = new Tunnel6(log, messages, { server: 547, client: 546 }, () => undefined);
  tunnel6.open({
    serve: () => undefined,
    newSendBatch: recordingBatch,
    served: (name) => (name === "s0" ? served : undefined),
  });
  port = await freePorts();
  tunnel4.configure({ "dhcp4o6-port": port });
  tunnel6.configure({ "dhcp4o6-port": port });
  onTestFinished(async () => {
    await tunnel4.stop();
    await tunnel6.stop();
  });
});

/** A message in that of a relay, behind the relay's options. */
function throughRelay(options: string, message: string): string {
  const length = (message.length / 2).toString(16).padStart(4, "0");
  return `0c00${"00".repeat(32)}${options}0009${length}${message}`;
}

function pass(flags = "000000", interfaceName = "s0", relay?: string): void {
  const inside = `14${flags}00570003010203`;
  const query = new Message6(parseHex(relay === undefined ? inside : throughRelay(relay, inside))!);
  const buffer = new Uint8Array(1000);
  const way = { interfaceName, source: CLIENT, sourcePort: relay === undefined ? 546 : 4547 };
  tunnel6.passOn(buffer.subarray(0, encodeOver6Query(query, way, buffer, 0, 1000)));
}

/** Datagrams before both sockets are connected are lost, so they are sent until one has come. */
async function arrival(flags?: string, relay?: string) {
  return vi.waitFor(() => {
    pass(flags, "s0", relay);
    const [datagram] = tunnel4.receive(1)?.datagrams ?? [];
    expect(datagram).toBeDefined();
    return datagram!;
  }, 20_000);
}

describe("DHCPv4 over DHCPv6 between the two daemons", () => {
  it("brings the DHCPv4 message with its way, and takes the answer back to the client", async () => {
    const datagram = await arrival();
    expect(datagram).toMatchObject({
      buffer: Buffer.from([1, 2, 3]),
      length: 3,
      ifindex: 7,
      destination: LIMITED_BROADCAST,
      served: { name: "s0", addresses: [OURS] },
      over6: { clues: { source: CLIENT, interfaceName: "s0", interfaceId: undefined } },
    });
    (datagram as typeof datagram & { over6: { answer(message: Uint8Array): boolean } }).over6.answer(Uint8Array.of(9));
    await vi.waitFor(() => expect(sent).toEqual(["7 client:546 150000000057000109"]), 20_000);
  });

  it.each([
    ["a relay, at its server's port (RFC 8415 §19.3)", "", 547],
    ["one that wants its answers at another port, there (RFC 8357 §5)", "008700020000", 4547],
  ])("gives the answer to %s", async (_, relay, expected) => {
    const { over6 } = (await arrival("000000", relay)) as Arrival<number>;
    over6!.answer(Uint8Array.of(9));
    const carried = throughRelay(relay, "150000000057000109").replace("0c", "0d");
    await vi.waitFor(() => expect(sent).toEqual([`7 client:${expected} ${carried}`]), 20_000);
  });

  it("loses nothing of what comes while it is busy", async () => {
    await arrival();
    for (let i = 0; i < 500; i++) pass();
    let taken = 0;
    await vi.waitFor(() => {
      taken += tunnel4.receive(1000)?.datagrams.length ?? 0;
      expect(taken).toBeGreaterThanOrEqual(500);
    }, 20_000);
  });

  it("tells what has come and was lost, as it has no room for more", async () => {
    await arrival();
    tunnel4.check();
    expect(log.lines.join()).not.toContain("lost");
    // Nobody takes them out of the queue.
    for (let i = 0; i < 2100; i++) pass();
    await vi.waitFor(() => {
      tunnel4.check();
      expect(log.lines.join()).toMatch(/\d+ packets were lost before they could be read/);
    }, 20_000);
  });

  it("says that a client renews by unicast (RFC 7341 §6.3)", async () => {
    expect(await arrival("800000")).toMatchObject({ destination: OURS });
  });

  it("tells of what has come in a pause as soon as that is over, though nothing comes behind it", async () => {
    await arrival();
    tunnel4.pause();
    const before = told;
    pass("000000", "s9");
    pass();
    // Datagrams keep their order: with the second refusal the one between has come.
    pass("000000", "s9");
    await vi.waitFor(() => expect(log.lines.filter((line) => line.includes("s9"))).toHaveLength(2), 20_000);
    expect(told).toBe(before);
    tunnel4.resume();
    await vi.waitFor(() => expect(told).toBeGreaterThan(before), 20_000);
    expect(tunnel4.receive(1)?.datagrams).toHaveLength(1);
  });

  it("tells once of what has come together, and has its answers leave together", async () => {
    let take: (bytes: Uint8Array) => void = () => undefined;
    const passed: Uint8Array[] = [];
    const open: OpenPeer = (onDatagram) => {
      take = onDatagram;
      const send = (bytes: Uint8Array) => void passed.push(bytes);
      return { isOn: true, configure: () => undefined, send, check: async () => {}, [Symbol.dispose]: () => undefined };
    };
    let counted = 0;
    const six = new Tunnel6(log, messages, { server: 547, client: 546 }, () => void counted++, open);
    six.open({ serve: () => undefined, newSendBatch: recordingBatch, served: () => served });
    const answer = take;
    const four = new Tunnel4(log, messages, systemClock, open);
    four.update(present);
    four.start(() => void told++);
    const query = new Message6(parseHex("1400000000570003010203")!);
    const buffer = new Uint8Array(1000);
    const way = { interfaceName: "s0", source: CLIENT, sourcePort: 546 };
    const bytes = buffer.subarray(0, encodeOver6Query(query, way, buffer, 0, 1000));
    for (let i = 0; i < 3; i++) take(bytes);
    expect(told).toBe(0);
    await immediate();
    expect(told).toBe(1);
    const datagrams: readonly Arrival<number>[] = four.receive(9)!.datagrams;
    for (const { over6 } of datagrams) over6!.answer(Uint8Array.of(9));
    for (const each of passed) answer(each);
    await immediate();
    const one = "7 client:546 150000000057000109";
    expect([sent, counted]).toEqual([[`${one}; ${one}; ${one}`], 3]);
  });

  it("drops what names an interface that is not here", async () => {
    await arrival();
    pass("000000", "s9");
    await vi.waitFor(() => expect(log.lines.join()).toContain("names interface s9, which is not here"), 20_000);
  });

  it("drops answers of a DHCPv4 server that lies", async () => {
    const { over6 } = (await arrival()) as { over6?: { answer(message: Uint8Array): boolean } };
    expect(over6).toBeDefined();
    await tunnel4.stop();
    const liar = createSocket("udp6");
    onTestFinished(() => void liar.close());
    liar.bind({ address: "::1", port: port + 1 });
    await once(liar, "listening");
    const way = (name: string, address: string) =>
      `0011 0024 000009bf ea60 0002 ${name} ea61 0010 ${address} ea62 0002 0222`;
    const response = (option: string) => parseHex(`15000000 ${option} 0057 0001 04`.replaceAll(" ", ""))!;
    liar.send(response(way("7330", `ff02${"00".repeat(13)}01`)), port, "::1");
    liar.send(response(way("7339", `fe80${"00".repeat(13)}02`)), port, "::1");
    liar.send(Uint8Array.of(1, 2, 3), port, "::1");
    liar.send(response(way("7330", `fe80${"00".repeat(13)}02`)), port, "::1");
    await vi.waitFor(() => expect(sent).toEqual(["7 client:546 150000000057000104"]), 20_000);
    const lines = log.lines.join("\n");
    expect(lines).toContain("names no client or relay to answer");
    expect(lines).toContain("names interface s9, which is not served");
    expect(lines).toContain("needs 4 bytes, has 3");
  });

  it("waits for a port that is taken, and says so once", async () => {
    const taken = await freePorts();
    const other = createSocket("udp6");
    other.bind({ address: "::1", port: taken });
    await once(other, "listening");
    tunnel6.configure({ "dhcp4o6-port": taken });
    await vi.waitFor(() => expect(log.lines.join()).toContain(`cannot open port ${taken} of ::1`), 20_000);
    other.close();
    tunnel4.configure({ "dhcp4o6-port": taken });
    expect((await arrival()).length).toBe(3);
  }, 20_000);
});
