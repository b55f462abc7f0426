import { beforeAll, describe, expect, test } from "vitest";
import { type Address6, readAddress6 } from "./address6.ts";
import type { Destination6 } from "./datagram.ts";
import type { Interface } from "./interfaces.ts";
import { findInterface, ip, testInNamespace } from "./namespaced-tests.ts";
import { openRaw6 } from "./raw6-transport.ts";
import { describeTransport, nextBatch, until } from "./transport.contract.ts";
import { type Endpoint6, openUdp6, type Transport6 } from "./udp6-transport.ts";

const SERVER = address("fe80000000000000000000000000000a");
const CLIENT = address("fe80000000000000000000000000000b");
const SERVER_GLOBAL = address("20010db800000000000000000000000a");
const CLIENT_GLOBAL = address("20010db800000000000000000000000b");
const UNSPECIFIED = address("00000000000000000000000000000000");
const RELAY_AGENTS_AND_SERVERS = address("ff020000000000000000000000010002");
const SERVERS = address("ff050000000000000000000000010003");
const NO_INTERFACE = 9999;

function address(hex: string): Address6 {
  return readAddress6(Buffer.from(hex, "hex"), 0);
}

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ip(
      "link set lo up",
      "link add server0 type veth peer name client0",
      "link set server0 addrgenmode none up",
      "link set client0 addrgenmode none up",
      "addr add fe80::a/64 dev server0 nodad",
      "addr add fe80::b/64 dev client0 nodad",
      "addr add 2001:db8::a/64 dev server0 nodad",
      "addr add 2001:db8::b/64 dev client0 nodad",
    );
    server = findInterface("server0");
    client = findInterface("client0");
  });

  function listening(transport: Transport6, ...endpoints: Endpoint6[]): Transport6 {
    transport.listen(endpoints);
    return transport;
  }

  const served = ({ name, index }: Interface): Endpoint6 => ({ name, ifindex: index });

  describeTransport("udp6", { depth: 1000, groups: [RELAY_AGENTS_AND_SERVERS, SERVERS] }, () => {
    const toServer: Destination6 = { ifindex: client.index, source: CLIENT, address: SERVER, port: 547 };
    return {
      server: listening(openUdp6(547), served(server)),
      client: listening(openUdp6(546), served(client)),
      toServer,
      toClient: { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 },
      clientPort: 546,
      serverIfindex: server.index,
      clientMac: undefined,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });

  describeTransport("raw6", { depth: 5000, groups: [RELAY_AGENTS_AND_SERVERS, SERVERS] }, () => {
    const toServer: Destination6 = { ifindex: client.index, source: CLIENT, address: SERVER, port: 547 };
    return {
      server: listening(openRaw6(547), served(server)),
      client: listening(openRaw6(546), served(client)),
      toServer,
      toClient: { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 },
      clientPort: 546,
      serverIfindex: server.index,
      clientMac: client.mac,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });

  /** Sends `payloads` and expects the kernel to take them. */
  function send(from: Transport6, to: Destination6, ...payloads: Uint8Array[]): void {
    const batch = from.newSendBatch();
    for (const payload of payloads) {
      const { buffer, offset } = batch.reserve(payload.length);
      buffer.set(payload, offset);
      batch.add(payload.length, to);
    }
    expect(batch.send()).toEqual([]);
  }

  /** The codes with which the kernel refuses one datagram. */
  function refusals(from: Transport6, to: Destination6): readonly string[] {
    const batch = from.newSendBatch();
    batch.reserve(0);
    batch.add(0, to);
    return batch.send().map(({ code }) => code);
  }

  /** Asks until `count` datagrams have come. */
  async function collect(transport: Transport6, count: number): Promise<{ ifindex: number; bytes: Uint8Array }[]> {
    const found: { ifindex: number; bytes: Uint8Array }[] = [];
    while (found.length < count) {
      const batch = await nextBatch(transport);
      for (const { buffer, offset, length, ifindex } of batch.datagrams) {
        found.push({ ifindex, bytes: buffer.slice(offset, offset + length) });
      }
      batch.release();
    }
    return found;
  }

  const letter = (text: string): Uint8Array => Uint8Array.of(text.charCodeAt(0));

  describe("udp6 transport", () => {
    const toGroup = (): Destination6 => ({
      ifindex: client.index,
      source: CLIENT,
      address: RELAY_AGENTS_AND_SERVERS,
      port: 547,
    });

    test("replies reach a relay by its global address, from the one that it wrote to", async () => {
      using transport = listening(openUdp6(547), served(server));
      using relay = listening(openUdp6(1547), served(client));
      const to = { ifindex: server.index, source: SERVER_GLOBAL, address: CLIENT_GLOBAL, port: 1547 };
      send(transport, to, letter("a"));
      const { datagrams } = await nextBatch(relay);
      expect(datagrams[0]).toMatchObject({ source: SERVER_GLOBAL, destination: CLIENT_GLOBAL, sourcePort: 547 });
    });

    test("the kernel chooses the source where the destination names none", async () => {
      using transport = listening(openUdp6(547), served(server));
      using peer = listening(openUdp6(546), served(client));
      send(transport, { ifindex: server.index, source: UNSPECIFIED, address: CLIENT, port: 546 }, letter("a"));
      const { datagrams } = await nextBatch(peer);
      expect(datagrams.map(({ source }) => source)).toEqual([SERVER]);
    });

    test("a source that is tentative, or no address of ours, is refused", () => {
      using transport = listening(openUdp6(547), served(server));
      // No other end answers while it is down, so that the address stays tentative.
      ip("link set client0 down", "addr add fe80::c/64 dev server0");
      const tentative = address("fe80000000000000000000000000000c");
      const to = { ifindex: server.index, address: CLIENT, port: 546 };
      expect(refusals(transport, { ...to, source: tentative })).toEqual(["EINVAL"]);
      expect(refusals(transport, { ...to, source: CLIENT })).toEqual(["EINVAL"]);
      ip("addr del fe80::c/64 dev server0", "link set client0 up");
      ip("addr replace fe80::b/64 dev client0 nodad", "addr replace 2001:db8::b/64 dev client0 nodad");
    });

    test("a datagram longer than the interface takes arrives whole, by fragments", async () => {
      using transport = listening(openUdp6(547), served(server));
      using peer = listening(openUdp6(546), served(client));
      const long = new Uint8Array(6000).map((_, i) => i % 251);
      send(peer, { ...toGroup(), address: SERVER }, long);
      expect((await collect(transport, 1))[0]?.bytes).toEqual(long);
      send(transport, { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 }, long);
      expect((await collect(peer, 1))[0]?.bytes).toEqual(long);
    });

    test("a datagram longer than its place is counted as bad, and the next is received", async () => {
      using transport = listening(openUdp6(547), served(server));
      using peer = listening(openUdp6(546), served(client));
      send(peer, { ...toGroup(), address: SERVER }, new Uint8Array(8192 - 31), new Uint8Array(8192 - 32));
      expect((await collect(transport, 1))[0]?.bytes).toHaveLength(8192 - 32);
      expect(transport.stats.badFrames).toBe(1);
    });

    test("a busy interface does not keep another one waiting", async () => {
      ip("link add server1 type veth peer name client1", "link set server1 up", "link set client1 up");
      ip("addr add fe80::1b/64 dev client1 nodad");
      const [other, otherClient] = [findInterface("server1"), findInterface("client1")];
      using transport = listening(openUdp6(547), served(server), served(other));
      using peer = listening(openUdp6(546), served(client), served(otherClient));
      for (let i = 0; i < 4; i++) send(peer, toGroup(), ...Array.from({ length: 64 }, () => letter("a")));
      const source = address("fe80000000000000000000000000001b");
      send(peer, { ...toGroup(), ifindex: otherClient.index, source }, letter("b"));
      const found = [...(await collect(transport, 64)), ...(await collect(transport, 1))];
      expect(found.map(({ ifindex }) => ifindex)).toContain(other.index);
      ip("link del server1");
    });

    test("addresses are reached through an interface that is not served, and nothing else is", async () => {
      ip("addr add 2001:db8::aa/64 dev server0 nodad");
      const addresses = [SERVER_GLOBAL, address("20010db80000000000000000000000aa")] as const;
      using transport = listening(openUdp6(547), ...addresses.map((one) => ({ ...served(server), address: one })));
      using peer = listening(openUdp6(546), served(client));
      send(peer, toGroup(), letter("a"));
      send(peer, { ...toGroup(), address: SERVER }, letter("b"));
      send(peer, { ...toGroup(), source: CLIENT_GLOBAL, address: addresses[0] }, letter("c"));
      send(peer, { ...toGroup(), source: CLIENT_GLOBAL, address: addresses[1] }, letter("d"));
      const letters = (await collect(transport, 2)).map(({ bytes }) => String.fromCharCode(...bytes));
      expect(letters.toSorted()).toEqual(["c", "d"]);
      ip("addr del 2001:db8::aa/64 dev server0");
    });

    test("listens on interfaces that come, and no more on those that are gone", async () => {
      using transport = openUdp6(547);
      using peer = listening(openUdp6(546), served(client));
      let calls = 0;
      transport.start(() => {
        calls++;
        transport.pause();
      });
      transport.listen([served(server)]);
      send(peer, toGroup(), letter("a"));
      await until(() => calls === 1);
      expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("a") }]);
      transport.listen([]);
      send(peer, toGroup(), letter("b"));
      transport.listen([served(server)]);
      send(peer, toGroup(), letter("c"));
      expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("c") }]);
    });

    test("joins its groups again when an interface has lost them, and keeps what waits", async () => {
      using transport = listening(openUdp6(547), served(server));
      using peer = listening(openUdp6(546), served(client));
      send(peer, toGroup(), letter("a"));
      // With too small an MTU for IPv6 the kernel takes IPv6 off the interface.
      ip("link set server0 mtu 1000", "link set server0 mtu 1500", "addr add fe80::a/64 dev server0 nodad");
      ip("addr add 2001:db8::a/64 dev server0 nodad");
      send(peer, toGroup(), letter("b"));
      transport.listen([served(server)]);
      send(peer, toGroup(), letter("c"));
      expect((await collect(transport, 2)).map(({ bytes }) => bytes)).toEqual([letter("a"), letter("c")]);
    });

    test("another server on the port is named, and the other interfaces are served all the same", async () => {
      using _other = listening(openUdp6(547), served(client));
      using transport = openUdp6(547);
      using peer = listening(openUdp6(546), served(client));
      expect(() => transport.listen([served(client), served(server)])).toThrow(/EADDRINUSE.*547.*client0/);
      send(peer, toGroup(), letter("a"));
      expect(await collect(transport, 1)).toHaveLength(1);
    });

    test("an interface that is not there is named", () => {
      using transport = openUdp6(547);
      expect(() => transport.listen([{ name: "none0", ifindex: NO_INTERFACE }])).toThrow(/ENODEV.*none0/);
    });
  });
});
