import { beforeAll, describe, expect, test } from "vitest";
import { type Address6, writeAddress6 } from "../../frames/address6.ts";
import type { Interface } from "../../interfaces/interface.ts";
import { address6 } from "../../testing/build-packet6.ts";
import { findInterface, ip, testInNamespace } from "../../testing/namespaced-tests.ts";
import {
  CLIENT_GLOBAL,
  CLIENT as CLIENT6,
  collect,
  letter,
  listening,
  makeWire6,
  openPair6,
  RELAY_AGENTS_AND_SERVERS,
  SERVER_GLOBAL,
  SERVER as SERVER6,
  SERVERS,
  send as send6,
  served,
  watch,
} from "../../testing/wire6.ts";
import type { UdpAddress } from "../bound-addresses.ts";
import type { Destination, Transport } from "../datagram.ts";
import { describeTransport, nextBatch, turns, until } from "../transport.contract.ts";
import { openPortable4, type Portable4Options } from "./portable4-transport.ts";
import { openPortable6 } from "./portable6-transport.ts";

const SERVER = 0x0a000001;
const LOOPBACK = 0x7f000001;
const CLIENT = 0x0a000002;
/** On no subnet of the server's. */
const STRANGER = 0xac100001;
const BROADCAST = 0xffffffff;
/** No route leads there. */
const NOWHERE = 0x63000001;
const UNSPECIFIED = address6("00000000000000000000000000000000");
const NOWHERE6 = address6("20010db9000000000000000000000001");

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;
  let refused: Error[] = [];
  const onRefused = (error: Error) => refused.push(error);

  beforeAll(() => {
    makeWire6();
    ip("addr add 10.0.0.1/24 dev server0", "addr add 10.0.0.2/24 dev client0");
    // Both ends are this host's, and would not hear each other otherwise.
    ip("route add broadcast 255.255.255.255 dev client0 table local");
    server = findInterface("server0");
    client = findInterface("client0");
  });

  function open4(port: number, addresses: readonly UdpAddress[], more: Partial<Portable4Options> = {}) {
    return openPortable4(addresses, { port, watch, broadcasts: true, onRefused, ...more });
  }

  const toServer = () => ({ ifindex: client.index, source: CLIENT, address: SERVER, port: 67 });

  describe.each(["by 255.255.255.255", "by subnet"] as const)("broadcasts %s", (ways) => {
    describeTransport("portable", { depth: 500, groups: [BROADCAST], refusals: "later", perCall: 32 }, () => ({
      server: open4(67, [{ address: SERVER, ifindex: server.index }], { ways }),
      client: open4(68, [{ address: CLIENT, ifindex: client.index }], { ways }),
      toServer: toServer(),
      toClient: { ifindex: server.index, source: SERVER, address: CLIENT, port: 68 },
      clientPort: 68,
      serverIfindex: server.index,
      clientMac: undefined,
      unreachable: { ...toServer(), address: NOWHERE },
    }));
  });

  describe("portable transport", () => {
    test("of several interfaces, it knows where a broadcast came in by its source only", async () => {
      const addresses = [
        { address: SERVER, ifindex: server.index },
        { address: LOOPBACK, ifindex: 1 },
      ];
      using transport = open4(67, addresses);
      using other = open4(68, [{ address: CLIENT, ifindex: client.index }], { broadcasts: false });
      send(other, { ...toServer(), address: BROADCAST });
      expect(await originOfNext(transport)).toEqual([CLIENT, server.index]);
      ip("addr add 172.16.0.1/32 dev client0");
      using stranger = open4(68, [{ address: STRANGER, ifindex: client.index }], { broadcasts: false });
      send(stranger, { ...toServer(), source: STRANGER, address: BROADCAST });
      expect(await originOfNext(transport)).toEqual([STRANGER, 0]);
      transport.listen(addresses.slice(0, 1));
      send(stranger, { ...toServer(), source: STRANGER, address: BROADCAST });
      expect(await originOfNext(transport)).toEqual([STRANGER, server.index]);
      ip("addr del 172.16.0.1/32 dev client0");
    });

    test("hears no broadcasts where relays alone are served", async () => {
      using transport = open4(67, [{ address: SERVER, ifindex: server.index }], { broadcasts: false });
      using other = open4(68, [{ address: CLIENT, ifindex: client.index }]);
      send(other, { ...toServer(), address: BROADCAST });
      send(other, toServer());
      const batch = await nextBatch(transport);
      expect(batch.datagrams.map(({ destination }) => destination)).toEqual([SERVER]);
    });

    test("another server on the port is named, also on the one for broadcasts", () => {
      using _other = open4(67, [{ address: CLIENT, ifindex: client.index }]);
      expect(() => open4(67, [{ address: CLIENT, ifindex: client.index }])).toThrow(/EADDRINUSE.*67 of 10.0.0.2/);
      expect(() => open4(67, [{ address: SERVER, ifindex: server.index }])).toThrow(/EADDRINUSE.*67 of 255.255/);
    });

    test("more than may wait, and what is longer than its place, is counted", async () => {
      using transport = open4(67, [{ address: SERVER, ifindex: server.index }]);
      using other = open4(68, [{ address: CLIENT, ifindex: client.index }]);
      send(other, toServer(), 4097);
      send(other, toServer(), 4096);
      const batch = await nextBatch(transport);
      expect(batch.datagrams.map(({ length }) => length)).toEqual([4096]);
      batch.release();
      for (let sent = 0; sent < 8192 + 64; sent += 64) {
        const many = other.newSendBatch();
        for (let i = 0; i < 64; i++) {
          many.reserve(0);
          many.add(0, toServer());
        }
        expect(many.send()).toEqual([]);
        await turns(4);
      }
      await until(() => transport.stats.kernelDrops > 0);
      expect(transport.stats.badFrames).toBe(1);
    });

    test("a reply that the kernel refuses is told to the owner", async () => {
      using transport = open4(67, [{ address: SERVER, ifindex: server.index }]);
      refused = [];
      send(transport, { ifindex: server.index, source: SERVER, address: NOWHERE, port: 68 });
      await until(() => refused.length > 0);
      expect(refused[0]?.message).toBe("send ENETUNREACH 99.0.0.1:68");
    });
  });

  const groups = [RELAY_AGENTS_AND_SERVERS, SERVERS];
  describeTransport("portable6", { depth: 500, groups, refusals: "later", perCall: 32 }, () => {
    const pair = openPair6(server, client, (port) => openPortable6({ port, watch, onRefused }));
    return { ...pair, clientMac: undefined, unreachable: { ...pair.toServer, address: NOWHERE6 } };
  });

  describe("portable6 transport", () => {
    const open6 = (port: number, ...links: Interface[]) =>
      listening(openPortable6({ port, watch, onRefused }), ...links.map(served));
    const toGroup = () => ({ ifindex: client.index, source: CLIENT6, address: RELAY_AGENTS_AND_SERVERS, port: 547 });

    test("knows by which interface a message to the servers came", async () => {
      ip("link add server1 type veth peer name client1", "link set server1 up", "link set client1 up");
      ip("addr add fe80::1a/64 dev server1 nodad", "addr add fe80::1b/64 dev client1 nodad");
      const [other, otherClient] = [findInterface("server1"), findInterface("client1")];
      using transport = open6(547, server, other);
      using peer = open6(546, client, otherClient);
      const source = address6("fe80000000000000000000000000001b");
      for (const address of [RELAY_AGENTS_AND_SERVERS, SERVERS]) {
        send6(peer, { ...toGroup(), address }, letter("a"));
        expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("a") }]);
        send6(peer, { ...toGroup(), ifindex: otherClient.index, source, address }, letter("b"));
        expect(await collect(transport, 1)).toEqual([{ ifindex: other.index, bytes: letter("b") }]);
      }
      ip("link del server1");
    });

    test("is reached by the addresses that the interface has now", async () => {
      using transport = open6(547, server);
      using peer = open6(546, client);
      ip("addr add 2001:db8::aa/64 dev server0 nodad");
      expect(transport.refresh()).toEqual([]);
      const address = address6("20010db80000000000000000000000aa");
      send6(peer, { ...toGroup(), source: CLIENT_GLOBAL, address }, letter("a"));
      expect(await collect(transport, 1)).toHaveLength(1);
      ip("addr del 2001:db8::aa/64 dev server0");
      expect(transport.refresh()).toEqual([]);
      const to = { ifindex: server.index, source: address, address: CLIENT_GLOBAL, port: 546 };
      const batch = transport.newSendBatch();
      batch.reserve(0);
      batch.add(0, to);
      expect(batch.send()).toEqual([{ index: 0, code: "EADDRNOTAVAIL" }]);
    });

    test("an address that cannot be bound is named, and had as soon as it can be", async () => {
      const address = address6("20010db80000000000000000000000bb");
      const early = {
        interfaces: new Map([[server.index, { ...server, ipv6: [...server.ipv6, unsettled(address)] }]]),
      };
      using transport = listening(openPortable6({ port: 547, watch: early, onRefused }), served(server));
      expect(transport.refresh().map(({ message }) => message)).toEqual([
        expect.stringMatching(/^EADDRNOTAVAIL.*bind.*547 of 2001:db8:0:0:0:0:0:bb/),
      ]);
      ip("addr add 2001:db8::bb/64 dev server0 nodad");
      using peer = open6(546, client);
      const arrives = () => {
        send6(peer, { ...toGroup(), source: CLIENT_GLOBAL, address }, letter("a"));
        return transport.receive(1) !== undefined;
      };
      await until(arrives);
      ip("addr del 2001:db8::bb/64 dev server0");
    });

    test("joins its groups again when an interface has lost them", async () => {
      using transport = open6(547, server);
      using peer = open6(546, client);
      // With too small an MTU for IPv6 the kernel takes IPv6 off the interface.
      ip("link set server0 mtu 1000", "link set server0 mtu 1500", "addr add fe80::a/64 dev server0 nodad");
      ip("addr add 2001:db8::a/64 dev server0 nodad");
      expect(transport.refresh()).toEqual([]);
      send6(peer, toGroup(), letter("c"));
      expect(await collect(transport, 1)).toHaveLength(1);
    });

    test("chooses a source of the destination's scope where none is named", async () => {
      using transport = open6(547, server);
      using peer = open6(546, client);
      for (const [address, source] of [
        [CLIENT6, SERVER6],
        [CLIENT_GLOBAL, SERVER_GLOBAL],
      ] as const) {
        send6(transport, { ifindex: server.index, source: UNSPECIFIED, address, port: 546 }, letter("a"));
        const batch = await nextBatch(peer);
        expect(batch.datagrams.map((datagram) => datagram.source)).toEqual([source]);
        batch.release();
      }
    });

    test("another server on the port is named, and what was opened by then is closed", () => {
      const other = open6(547, server);
      using transport = openPortable6({ port: 547, watch, onRefused });
      expect(() => transport.claim(served(server))).toThrow(/EADDRINUSE.*547 of ff02:0:0:0:0:0:1:2%server0/);
      other[Symbol.dispose]();
      transport.claim(served(server));
    });

    test("an interface that is given back is heard no more", async () => {
      using transport = openPortable6({ port: 547, watch, onRefused });
      using peer = open6(546, client);
      const claim = transport.claim(served(server));
      send6(peer, toGroup(), letter("w"));
      // Node has taken it, and it waits.
      await turns(5);
      claim[Symbol.dispose]();
      send6(peer, toGroup(), letter("a"));
      transport.claim(served(server));
      claim[Symbol.dispose]();
      send6(peer, toGroup(), letter("b"));
      expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("b") }]);
    });
  });
});

function unsettled(address: Address6): Interface["ipv6"][number] {
  const bytes = new Uint8Array(16);
  writeAddress6(address, bytes, 0);
  return { address: bytes, prefixLength: 64, tentative: false };
}

function send(from: Transport, to: Destination, length = 0): void {
  const batch = from.newSendBatch();
  batch.reserve(length);
  batch.add(length, to);
  expect(batch.send()).toEqual([]);
}

/** Source and interface of the next datagram. */
async function originOfNext(transport: Transport): Promise<readonly [number, number]> {
  const batch = await nextBatch(transport);
  const { source, ifindex } = batch.datagrams[0]!;
  batch.release();
  return [source, ifindex];
}
