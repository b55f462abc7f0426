import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ETHERTYPE_IPV6 } from "../../frames/frame6.ts";
import type { Interface } from "../../interfaces/interface.ts";
import { listInterfaces } from "../../interfaces/interfaces.ts";
import { native, type PacketHandle } from "../../native.ts";
import { address6, buildPacket6, type Packet6 } from "../../testing/build-packet6.ts";
import { findInterface, ip, testInNamespace } from "../../testing/namespaced-tests.ts";
import { openTunnel } from "../../testing/tunnel.ts";
import {
  CLIENT,
  letter,
  listening,
  makeWire6,
  openPair6,
  RELAY_AGENTS_AND_SERVERS,
  SERVER,
  SERVER_GLOBAL,
  SERVERS,
  send,
  served,
  watch,
} from "../../testing/wire6.ts";
import { describeTransport, nextBatch, turns, until } from "../transport.contract.ts";
import type { Transport6 } from "../udp/udp6-sockets.ts";
import { openUdp6 } from "../udp/udp6-transport.ts";
import { openRaw6 } from "./raw6-transport.ts";

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ({ server, client } = makeWire6());
  });

  describeTransport(
    "raw6",
    { depth: 5000, groups: [RELAY_AGENTS_AND_SERVERS, SERVERS], refusals: "at once", perCall: 64 },
    () => ({
      ...openPair6(server, client, (port) => openRaw6(port, watch)),
      clientMac: client.mac,
    }),
  );

  describe("raw6 transport", () => {
    const everyone = Uint8Array.of(0x33, 0x33, 0, 1, 0, 2);
    let sender: PacketHandle;

    beforeAll(() => {
      const handle = native.openPacket(ETHERTYPE_IPV6, 9);
      if (typeof handle === "number") throw new Error("no packet socket");
      sender = handle;
    });

    afterAll(() => {
      native.closePacket(sender);
    });

    /** Puts an IPv6 packet on the wire as it is, without the kernel's help. */
    function sendPacket(packet: Uint8Array, mac = everyone): void {
      const bytes = Buffer.concat([mac, Uint8Array.of(0x86, 0xdd), packet]);
      expect(native.sendPacket(sender, bytes, Int32Array.of(8, packet.length, client.index, 0), 0, 1)).toBe(1);
    }

    const packetWith = (change: Partial<Packet6>): Uint8Array =>
      buildPacket6({
        source: CLIENT,
        sourcePort: 546,
        destination: RELAY_AGENTS_AND_SERVERS,
        destinationPort: 547,
        payload: letter("a"),
        ...change,
      });

    const wrong = (at: number): Uint8Array => {
      const packet = packetWith({});
      packet[at] = (packet[at] as number) ^ 1;
      return packet;
    };

    /** What comes through until the datagram that was sent last: its length, and whether its frame was seen. */
    async function collectAll(transport: Transport6): Promise<(readonly [length: number, hasMac: boolean])[]> {
      // One comes through the sockets, one through the ring: with both, all that was sent before is there.
      sendPacket(packetWith({ payload: new Uint8Array(1300).fill(0x7a) }));
      sendPacket(packetWith({ payload: letter("z") }));
      const found: (readonly [number, boolean])[] = [];
      let ends = 0;
      transport.start(() => {
        const batch = transport.receive(64);
        for (const { buffer, offset, length, macOffset } of batch?.datagrams ?? []) {
          if (buffer[offset] === 0x7a) ends++;
          else found.push([length, macOffset >= 0]);
        }
        batch?.release();
      });
      await until(() => ends === 2);
      return found;
    }

    test.each([
      { title: "a short one", length: 1, hasMac: true },
      { title: "the longest that the ring takes", length: 1232, hasMac: true },
      { title: "one byte more", length: 1233, hasMac: false },
      { title: "the longest without fragments", length: 1452, hasMac: false },
      { title: "the shortest in fragments", length: 1453, hasMac: false },
      { title: "a long one in fragments", length: 6000, hasMac: false },
    ])("a datagram comes once: $title", async ({ length, hasMac }) => {
      using transport = listening(openRaw6(547, watch), served(server));
      using peer = listening(openUdp6(546), served(client));
      const to = { ifindex: client.index, source: CLIENT, address: SERVER, port: 547 };
      send(peer, to, new Uint8Array(length));
      expect(await collectAll(transport)).toEqual([[length, hasMac]]);
    });

    const none = { fragments: 0, badFrames: 0, otherVlan: 0 };
    test.each([
      { title: "a whole packet", packet: packetWith({}), kept: [[1, true]], counted: none },
      {
        title: "RFC 8200, 4.3: a hop-by-hop header is read by the kernel",
        packet: packetWith({ extension: [0, Uint8Array.of(0, 0, 1, 4, 0, 0, 0, 0)] }),
        kept: [[1, false]],
        counted: none,
      },
      {
        title: "RFC 8200, 4.6: a destination options header is read by the kernel",
        packet: packetWith({ extension: [60, Uint8Array.of(0, 0, 1, 4, 0, 0, 0, 0)] }),
        kept: [[1, false]],
        counted: none,
      },
      {
        title: "RFC 6946: a fragment that is the whole packet",
        packet: packetWith({ extension: [44, new Uint8Array(8)] }),
        kept: [[1, false]],
        counted: none,
      },
      { title: "a bad UDP checksum", packet: wrong(46), kept: [], counted: { ...none, badFrames: 1 } },
      {
        title: "RFC 8200, 8.1: no UDP checksum",
        packet: withoutChecksum(),
        kept: [],
        counted: { ...none, badFrames: 1 },
      },
      { title: "another port", packet: packetWith({ destinationPort: 548 }), kept: [], counted: none },
      { title: "another protocol", packet: wrong(6), kept: [], counted: none },
      {
        title: "the other group of servers",
        packet: packetWith({ destination: SERVERS }),
        kept: [[1, true]],
        counted: none,
      },
      {
        title: "another group",
        packet: packetWith({ destination: address6("ff020000000000000000000000000001") }),
        kept: [],
        counted: none,
      },
      {
        title: "another address of ours",
        packet: packetWith({ destination: SERVER_GLOBAL }),
        kept: [[1, true]],
        counted: none,
      },
      {
        title: "RFC 4291, 2.5.6: a link-local address of another interface",
        packet: packetWith({ destination: CLIENT }),
        kept: [],
        counted: none,
      },
      {
        title: "an address of another host, which we may have to forward to",
        packet: packetWith({ destination: address6("20010db800000000000000000000cccc") }),
        kept: [],
        counted: none,
      },
    ])("$title", async ({ packet, kept, counted }) => {
      using transport = listening(openRaw6(547, watch), served(server));
      sendPacket(packet);
      expect(await collectAll(transport)).toEqual(kept);
      expect(transport.stats).toEqual({ ...counted, kernelDrops: 0, sendErrors: 0 });
    });

    function withoutChecksum(): Uint8Array {
      const packet = packetWith({});
      packet.fill(0, 46, 48);
      return packet;
    }

    test("a frame for another host that a sniffer's interface takes in is nothing to us", async () => {
      ip("link set server0 promisc on");
      using transport = listening(openRaw6(547, watch), served(server));
      sendPacket(packetWith({}), Uint8Array.of(2, 0, 0, 0, 0, 99));
      expect(await collectAll(transport)).toEqual([]);
      ip("link set server0 promisc off");
    });

    test("an address that came later is ours from the next refresh on", async () => {
      const destination = address6("20010db80000000000000000000000ab");
      using transport = listening(openRaw6(547, watch), served(server));
      sendPacket(packetWith({ destination }));
      await turns(1);
      expect(transport.receive(64)).toBeUndefined();
      ip("addr add 2001:db8::ab/64 dev server0 nodad");
      transport.refresh();
      sendPacket(packetWith({ destination }));
      expect(await collectAll(transport)).toEqual([[1, true]]);
      ip("addr del 2001:db8::ab/64 dev server0");
    });

    test("an interface where another server has the port is not served by the ring either", async () => {
      using other = listening(openUdp6(547), served(server));
      using transport = openRaw6(547, watch);
      expect(() => transport.claim(served(server))).toThrow(/EADDRINUSE/);
      sendPacket(packetWith({}));
      await nextBatch(other);
      expect(transport.receive(64)).toBeUndefined();
    });

    test("an interface that is no longer listened to is not served by the ring either", async () => {
      using transport = openRaw6(547, watch);
      transport.claim(served(server))[Symbol.dispose]();
      using other = listening(openUdp6(547), served(server));
      sendPacket(packetWith({}));
      await nextBatch(other);
      expect(transport.receive(64)).toBeUndefined();
    });

    test("neither many short datagrams nor many long ones keep the others waiting", async () => {
      using transport = listening(openRaw6(547, watch), served(server));
      for (let i = 0; i < 500; i++) {
        sendPacket(packetWith({}));
        sendPacket(packetWith({ payload: new Uint8Array(1300) }));
        if (i % 50 === 0) await turns(1);
      }
      const lengths: number[] = [];
      transport.start(() => {
        const batch = transport.receive(64);
        lengths.push(...(batch?.datagrams.map(({ length }) => length) ?? []));
        batch?.release();
      });
      await until(() => lengths.length === 1000);
      const early = lengths.slice(0, 500).filter((length) => length === 1).length;
      expect(early).toBeGreaterThan(125);
      expect(early).toBeLessThan(375);
    });

    test("while paused, what waits in a socket does not keep the event loop turning", async () => {
      using transport = listening(openRaw6(547, watch), served(server));
      let calls = 0;
      transport.start(() => {
        calls++;
        transport.pause();
      });
      transport.pause();
      sendPacket(packetWith({ payload: new Uint8Array(1300) }));
      // A loop that is kept turning makes thousands of turns in each of these spans; the test runner a few in some.
      const turnsIn = async (milliseconds: number): Promise<number> => {
        const before = performance.nodeTiming.uvMetricsInfo.loopCount;
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        return performance.nodeTiming.uvMetricsInfo.loopCount - before;
      };
      const counts: number[] = [];
      for (let i = 0; i < 10 && !counts.some((count) => count < 100); i++) counts.push(await turnsIn(20));
      expect(Math.min(...counts)).toBeLessThan(100);
      // It is known all the same, also when it comes after the sockets were found empty.
      for (const length of [1300, 1301]) {
        const batch = await nextBatch(transport);
        expect(batch.datagrams.map((datagram) => datagram.length)).toEqual([length]);
        expect(transport.receive(64) ?? transport.receive(64)).toBeUndefined();
        sendPacket(packetWith({ payload: new Uint8Array(length + 1) }));
      }
      expect(calls).toBe(0);
      transport.resume();
      await until(() => calls === 1);
    });

    test("a tentative address is not ours yet", async () => {
      using transport = openRaw6(547, watch);
      ip("addr add 2001:db8::ad/64 dev server0");
      transport.claim(served(server));
      sendPacket(packetWith({ destination: address6("20010db80000000000000000000000ad") }));
      expect(await collectAll(transport)).toEqual([]);
      ip("addr del 2001:db8::ad/64 dev server0");
    });

    test("a datagram longer than a socket's place is counted as bad", async () => {
      using transport = listening(openRaw6(547, watch), served(server));
      using peer = listening(openUdp6(546), served(client));
      const to = { ifindex: client.index, source: CLIENT, address: SERVER, port: 547 };
      send(peer, to, new Uint8Array(8192 - 31));
      expect(await collectAll(transport)).toEqual([]);
      expect(transport.stats.badFrames).toBe(1);
    });

    test("the kernel's count of frames that the ring had no room for is given", async () => {
      using transport = listening(openRaw6(547, watch), served(server));
      for (let i = 0; i < 8192 + 10; i++) {
        sendPacket(packetWith({}));
        if (i % 64 === 0) await turns(1);
      }
      await until(() => transport.stats.kernelDrops >= 10);
      expect(transport.stats.kernelDrops).toBe(10);
    });

    test("an interface that the watch did not know yet is served by the sockets, and nothing comes twice", async () => {
      let interfaces: ReturnType<typeof listInterfaces> = new Map();
      const late = {
        get interfaces() {
          return interfaces;
        },
      };
      using transport = listening(openRaw6(547, late), served(server));
      interfaces = listInterfaces();
      transport.refresh();
      sendPacket(packetWith({}));
      const lengths: number[] = [];
      transport.start(() => lengths.push(...(transport.receive(64)?.datagrams.map(({ length }) => length) ?? [])));
      sendPacket(packetWith({ payload: letter("zz") }));
      sendPacket(packetWith({ payload: new Uint8Array(2) }));
      await until(() => lengths.includes(2));
      await turns(5);
      expect(lengths).toEqual([1, 1, 2]);
    });

    test("a frame that comes in on a bridge comes once, and as one of the bridge", async () => {
      ip("link add bridge0 type bridge", "link set bridge0 addrgenmode none up");
      ip("link add port0 type veth peer name outer0", "link set port0 master bridge0 addrgenmode none up");
      ip("link set outer0 addrgenmode none up", "addr add fe80::1/64 dev bridge0 nodad");
      const [bridge, port, outer] = ["bridge0", "port0", "outer0"].map(findInterface);
      if (bridge === undefined || port === undefined || outer === undefined) throw new Error("no bridge");
      // The kernel lets frames through some time after it has seen the carrier.
      await until(() =>
        execFileSync("ip", ["-d", "link", "show", "port0"], { encoding: "utf8" }).includes("state forwarding"),
      );
      using transport = listening(openRaw6(547, watch), served(bridge));
      const bytes = Buffer.concat([everyone, Uint8Array.of(0x86, 0xdd), packetWith({})]);
      native.sendPacket(sender, bytes, Int32Array.of(8, bytes.length - 8, outer.index, 0), 0, 1);
      const batch = await nextBatch(transport);
      const found = batch.datagrams.map(({ ifindex, buffer, macOffset }) => [
        ifindex,
        buffer.slice(macOffset, macOffset + 6),
      ]);
      expect(found).toEqual([[bridge.index, outer.mac]]);
      ip("link del bridge0", "link del port0");
    });

    test("a link without Ethernet headers is served by the sockets", async ({ skip }) => {
      using tunnel = await openTunnel("tun0");
      if (tunnel === undefined) return skip("no /dev/net/tun or no python3");
      ip("link set tun0 addrgenmode none up", "addr add fe80::1/64 dev tun0 nodad");
      const link = findInterface("tun0");
      using transport = listening(openRaw6(547, watch), served(link));
      await tunnel.inject(packetWith({ source: address6("fe800000000000000000000000000002") }));
      const found: number[] = [];
      transport.start(() => {
        for (const { ifindex } of transport.receive(64)?.datagrams ?? []) found.push(ifindex);
      });
      await until(() => found.length > 0);
      expect(found).toEqual([link.index]);
    });
  });
});
