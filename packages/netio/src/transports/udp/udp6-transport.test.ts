import { beforeAll, describe, expect, test } from "vitest";
import type { Interface } from "../../interfaces/interface.ts";
import { address6 } from "../../testing/build-packet6.ts";
import { findInterface, ip, testInNamespace } from "../../testing/namespaced-tests.ts";
import {
  CLIENT,
  CLIENT_GLOBAL,
  collect,
  letter,
  listening,
  makeWire6,
  NO_INTERFACE,
  openPair6,
  RELAY_AGENTS_AND_SERVERS,
  SERVER,
  SERVER_GLOBAL,
  SERVERS,
  send,
  served,
} from "../../testing/wire6.ts";
import type { Destination6 } from "../datagram.ts";
import { describeTransport, nextBatch, until } from "../transport.contract.ts";
import { OneSocket6 } from "./one-socket6.ts";
import type { Transport6 } from "./udp6-sockets.ts";
import { openUdp6 } from "./udp6-transport.ts";

const UNSPECIFIED = address6("00000000000000000000000000000000");

/** The second is what other systems have; Linux can play it. */
const KINDS = [
  { name: "a socket for each interface", open: openUdp6, isForAll: false },
  { name: "one socket for all", open: (port: number) => new OneSocket6(port, false), isForAll: true },
];

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ({ server, client } = makeWire6());
  });

  /** The codes with which the kernel refuses one datagram. */
  function refusals(from: Transport6, to: Destination6): readonly string[] {
    const batch = from.newSendBatch();
    batch.reserve(0);
    batch.add(0, to);
    return batch.send().map(({ code }) => code);
  }

  for (const { name, open, isForAll } of KINDS) {
    describeTransport(
      `udp6, ${name}`,
      { depth: 1000, groups: [RELAY_AGENTS_AND_SERVERS, SERVERS], refusals: "at once", perCall: 64 },
      () => ({
        ...openPair6(server, client, open),
        clientMac: undefined,
      }),
    );

    describe(`udp6 transport, ${name}`, () => {
      const toGroup = (): Destination6 => ({
        ifindex: client.index,
        source: CLIENT,
        address: RELAY_AGENTS_AND_SERVERS,
        port: 547,
      });

      test("replies reach a relay by its global address, from the one that it wrote to", async () => {
        using transport = listening(open(547), served(server));
        using relay = listening(open(1547), served(client));
        const to = { ifindex: server.index, source: SERVER_GLOBAL, address: CLIENT_GLOBAL, port: 1547 };
        send(transport, to, letter("a"));
        const { datagrams } = await nextBatch(relay);
        expect(datagrams[0]).toMatchObject({ source: SERVER_GLOBAL, destination: CLIENT_GLOBAL, sourcePort: 547 });
      });

      test("the kernel chooses the source where the destination names none", async () => {
        using transport = listening(open(547), served(server));
        using peer = listening(open(546), served(client));
        send(transport, { ifindex: server.index, source: UNSPECIFIED, address: CLIENT, port: 546 }, letter("a"));
        const { datagrams } = await nextBatch(peer);
        expect(datagrams.map(({ source }) => source)).toEqual([SERVER]);
      });

      test("a source that is tentative, or no address of ours, is refused", () => {
        using transport = listening(open(547), served(server));
        // No other end answers while it is down, so that the address stays tentative.
        ip("link set client0 down", "addr add fe80::c/64 dev server0");
        const tentative = address6("fe80000000000000000000000000000c");
        const to = { ifindex: server.index, address: CLIENT, port: 546 };
        expect(refusals(transport, { ...to, source: tentative })).toEqual(["EINVAL"]);
        expect(refusals(transport, { ...to, source: CLIENT })).toEqual(["EINVAL"]);
        ip("addr del fe80::c/64 dev server0", "link set client0 up");
        ip("addr replace fe80::b/64 dev client0 nodad", "addr replace 2001:db8::b/64 dev client0 nodad");
      });

      test("a datagram longer than the interface takes arrives whole, by fragments", async () => {
        using transport = listening(open(547), served(server));
        using peer = listening(open(546), served(client));
        const long = new Uint8Array(6000).map((_, i) => i % 251);
        send(peer, { ...toGroup(), address: SERVER }, long);
        expect((await collect(transport, 1))[0]?.bytes).toEqual(long);
        send(transport, { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 }, long);
        expect((await collect(peer, 1))[0]?.bytes).toEqual(long);
      });

      test("a datagram longer than its place is counted as bad, and the next is received", async () => {
        using transport = listening(open(547), served(server));
        using peer = listening(open(546), served(client));
        send(peer, { ...toGroup(), address: SERVER }, new Uint8Array(8192 - 31), new Uint8Array(8192 - 32));
        expect((await collect(transport, 1))[0]?.bytes).toHaveLength(8192 - 32);
        expect(transport.stats.badFrames).toBe(1);
      });

      test("a busy interface does not keep another one waiting", async ({ skip }) => {
        if (isForAll) skip("all wait in one queue");
        ip("link add server1 type veth peer name client1", "link set server1 up", "link set client1 up");
        ip("addr add fe80::1b/64 dev client1 nodad");
        const [other, otherClient] = [findInterface("server1"), findInterface("client1")];
        using transport = listening(open(547), served(server), served(other));
        using peer = listening(open(546), served(client), served(otherClient));
        for (let i = 0; i < 4; i++) send(peer, toGroup(), ...Array.from({ length: 64 }, () => letter("a")));
        const source = address6("fe80000000000000000000000000001b");
        send(peer, { ...toGroup(), ifindex: otherClient.index, source }, letter("b"));
        const found = [...(await collect(transport, 64)), ...(await collect(transport, 1))];
        expect(found.map(({ ifindex }) => ifindex)).toContain(other.index);
        ip("link del server1");
      });

      test("what comes in on an interface that is not claimed, or no more, is nothing to us", async () => {
        ip("link add server1 type veth peer name client1", "link set server1 up", "link set client1 up");
        ip("addr add fe80::1b/64 dev client1 nodad");
        const [other, otherClient] = [findInterface("server1"), findInterface("client1")];
        using transport = listening(open(547), served(server));
        using peer = listening(open(546), served(client), served(otherClient));
        const source = address6("fe80000000000000000000000000001b");
        const toOther = { ...toGroup(), ifindex: otherClient.index, source };
        send(peer, toOther, letter("a"));
        send(peer, toGroup(), letter("b"));
        expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("b") }]);
        const claim = transport.claim(served(other));
        send(peer, toOther, letter("c"));
        expect(await collect(transport, 1)).toEqual([{ ifindex: other.index, bytes: letter("c") }]);
        claim[Symbol.dispose]();
        send(peer, toOther, letter("d"));
        send(peer, toGroup(), letter("e"));
        expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("e") }]);
        ip("link del server1");
      });

      test("listens on interfaces that come, and no more on those that are gone", async () => {
        using transport = open(547);
        using peer = listening(open(546), served(client));
        let calls = 0;
        transport.start(() => {
          calls++;
          transport.pause();
        });
        const claim = transport.claim(served(server));
        send(peer, toGroup(), letter("a"));
        await until(() => calls === 1);
        expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("a") }]);
        claim[Symbol.dispose]();
        send(peer, toGroup(), letter("b"));
        transport.claim(served(server));
        // One that was released already ends no other.
        claim[Symbol.dispose]();
        send(peer, toGroup(), letter("c"));
        expect(await collect(transport, 1)).toEqual([{ ifindex: server.index, bytes: letter("c") }]);
      });

      test("joins its groups again when an interface has lost them, and keeps what waits", async () => {
        using transport = listening(open(547), served(server));
        using peer = listening(open(546), served(client));
        send(peer, toGroup(), letter("a"));
        // With too small an MTU for IPv6 the kernel takes IPv6 off the interface.
        ip("link set server0 mtu 1000", "link set server0 mtu 1500", "addr add fe80::a/64 dev server0 nodad");
        ip("addr add 2001:db8::a/64 dev server0 nodad");
        send(peer, toGroup(), letter("b"));
        expect(transport.refresh()).toEqual([]);
        send(peer, toGroup(), letter("c"));
        expect((await collect(transport, 2)).map(({ bytes }) => bytes)).toEqual([letter("a"), letter("c")]);
      });

      test("an interface that has lost its IPv6 is named, and the next one is seen to", async () => {
        ip("link add server1 type veth peer name client1", "link set server1 up", "link set client1 up");
        using transport = listening(open(547), served(findInterface("server1")), served(server));
        using peer = listening(open(546), served(client));
        ip("link set server1 mtu 1000", "link set server0 mtu 1000", "link set server0 mtu 1500");
        ip("addr add fe80::a/64 dev server0 nodad", "addr add 2001:db8::a/64 dev server0 nodad");
        expect(transport.refresh().map(({ message }) => message)).toEqual([
          expect.stringMatching(/^EINVAL.*MEMBERSHIP.*server1$/),
          expect.stringMatching(/^EINVAL.*MEMBERSHIP.*server1$/),
        ]);
        send(peer, toGroup(), letter("a"));
        expect(await collect(transport, 1)).toHaveLength(1);
        ip("link del server1");
      });

      test("another server on the port is named, and its interface alone is not served", async ({ skip }) => {
        if (isForAll) skip("one server has the port of all interfaces");
        using _other = listening(open(547), served(client));
        using transport = open(547);
        using peer = listening(open(546), served(client));
        expect(() => transport.claim(served(client))).toThrow(/EADDRINUSE.*547.*client0/);
        transport.claim(served(server));
        send(peer, toGroup(), letter("a"));
        expect(await collect(transport, 1)).toHaveLength(1);
      });

      test("an interface without IPv6 is named, and can be claimed when it has it", () => {
        ip("link add late0 type veth peer name late1", "link set late0 mtu 1000 up", "link set late1 up");
        using transport = open(547);
        expect(() => transport.claim(served(findInterface("late0")))).toThrow(/EINVAL.*MEMBERSHIP.*late0/);
        ip("link set late0 mtu 1500");
        transport.claim(served(findInterface("late0")));
        ip("link del late0");
      });

      test("an interface that is not there is named", () => {
        using transport = open(547);
        expect(() => transport.claim({ name: "none0", ifindex: NO_INTERFACE })).toThrow(/ENODEV.*none0/);
      });
    });
  }
});
