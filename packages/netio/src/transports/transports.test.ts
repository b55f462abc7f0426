import { beforeAll, describe, expect, test } from "vitest";
import { ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders4 } from "../frames/frame4.ts";
import type { Interface } from "../interfaces/interface.ts";
import { native } from "../native.ts";
import { findInterface, ip, testInNamespace } from "../testing/namespaced-tests.ts";
import { openRaw4 } from "./raw/raw4-transport.ts";
import { describeTransport, nextBatch, turns, until } from "./transport.contract.ts";
import { openUdp4 } from "./udp/udp4-transport.ts";

const SERVER = 0x0a000001;
const CLIENT = 0x0a000002;
const NO_INTERFACE = 9999;

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ip(
      "link set lo up",
      "link add server0 type veth peer name client0",
      "addr add 10.0.0.1/24 dev server0",
      "addr add 10.0.0.2/24 dev client0",
      "link set server0 up",
      "link set client0 up",
    );
    server = findInterface("server0");
    client = findInterface("client0");
  });

  describeTransport("raw", { depth: 5000, groups: [0xffffffff], refusals: "at once", perCall: 64 }, () => {
    const toServer = { ifindex: client.index, source: CLIENT, address: SERVER, port: 67, mac: server.mac };
    const toClient = { ifindex: server.index, source: SERVER, address: CLIENT, port: 68, mac: client.mac };
    return {
      server: openRaw4({ serverPort: 67 }),
      client: openRaw4({ serverPort: 68 }),
      toServer,
      toClient,
      clientPort: 68,
      serverIfindex: server.index,
      clientMac: client.mac,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });

  // Both ends are this host's, so the kernel takes the way over the loopback interface.
  describeTransport("udp", { depth: 100, groups: [], refusals: "at once", perCall: 64 }, () => {
    const toServer = { ifindex: 1, source: CLIENT, address: SERVER, port: 67, mac: undefined };
    return {
      server: openUdp4([{ address: SERVER, ifindex: server.index }], 67),
      client: openUdp4([{ address: CLIENT, ifindex: client.index }], 68),
      toServer,
      toClient: { ifindex: 1, source: SERVER, address: CLIENT, port: 68, mac: undefined },
      clientPort: 68,
      serverIfindex: 1,
      clientMac: undefined,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });

  describe("raw transport", () => {
    /** Sends one frame from the client: destination MAC, Ethernet type and tags as given, then an IP packet. */
    function sendFrame(mac: Uint8Array, types: readonly number[], packet: Uint8Array): void {
      const handle = native.openPacket(ETHERTYPE_IPV4, 9);
      if (typeof handle === "number") throw new Error("no packet socket");
      const bytes = Buffer.concat([mac, Uint8Array.from(types), packet]);
      // The kernel takes the first type itself; what follows it is payload to it.
      const row = Int32Array.of(8, bytes.length - 8, client.index, 0);
      expect(native.sendPacket(handle, bytes, row, 0, 1)).toBe(1);
      native.closePacket(handle);
    }

    function packetOf(payload: Uint8Array): Uint8Array {
      const packet = new Uint8Array(IP_UDP_HEADERS + payload.length);
      packet.set(payload, IP_UDP_HEADERS);
      writeHeaders4(packet, IP_UDP_HEADERS, payload.length, CLIENT, 68, SERVER, 67);
      return packet;
    }

    const helloPacket = () => packetOf(Buffer.from("hello"));

    const everyone = new Uint8Array(6).fill(0xff);
    const stranger = Uint8Array.of(2, 0, 0, 0, 0, 99);
    const ipv4 = [0x08, 0x00];

    function fragment(): Uint8Array {
      const packet = helloPacket();
      // More fragments instead of "do not fragment"; the checksum follows (RFC 1624).
      packet[6] = 0x20;
      packet[10] = (packet[10] as number) + 0x20;
      return packet;
    }

    function wrong(at: number): Uint8Array {
      const packet = helloPacket();
      packet[at] = (packet[at] as number) ^ 1;
      return packet;
    }

    const none = { fragments: 0, badFrames: 0, otherVlan: 0 };
    test.each([
      { title: "a frame for all", mac: everyone, types: ipv4, packet: helloPacket(), kept: 1, counted: none },
      {
        title: "a fragment is counted once: its first piece has the port",
        mac: everyone,
        types: ipv4,
        packet: fragment(),
        kept: 0,
        counted: { ...none, fragments: 1 },
      },
      {
        title: "a bad UDP checksum",
        mac: everyone,
        types: ipv4,
        packet: wrong(26),
        kept: 0,
        counted: { ...none, badFrames: 1 },
      },
      {
        title: "a frame longer than a slot of the ring",
        mac: everyone,
        types: ipv4,
        packet: packetOf(new Uint8Array(3000)),
        kept: 0,
        counted: { ...none, badFrames: 1 },
      },
      {
        title: "802.1Q: a frame of another VLAN",
        mac: everyone,
        types: [0x81, 0x00, 0, 5, ...ipv4],
        packet: helloPacket(),
        kept: 0,
        counted: { ...none, otherVlan: 1 },
      },
      {
        title: "802.1Q: a priority tag",
        mac: everyone,
        types: [0x81, 0x00, 0x60, 0, ...ipv4],
        packet: helloPacket(),
        kept: 1,
        counted: none,
      },
      {
        title: "a frame for another host that a sniffer's interface takes in",
        mac: stranger,
        types: ipv4,
        packet: helloPacket(),
        kept: 0,
        counted: none,
      },
      {
        title: "another port",
        mac: everyone,
        types: ipv4,
        packet: wrong(23),
        kept: 0,
        counted: none,
      },
      {
        title: "another protocol",
        mac: everyone,
        types: ipv4,
        packet: wrong(9),
        kept: 0,
        counted: none,
      },
    ])("$title", async ({ mac, types, packet, kept, counted }) => {
      ip("link set server0 promisc on mtu 9000", "link set client0 mtu 9000");
      using transport = openRaw4({ serverPort: 67 });
      sendFrame(mac, types, packet);
      // Comes last, so that what has not come before it does not come.
      sendFrame(everyone, ipv4, packetOf(Buffer.from("last")));
      const received: string[] = [];
      while (received.at(-1) !== "last") {
        for (const { buffer, offset, length } of (await nextBatch(transport)).datagrams) {
          received.push(Buffer.from(buffer.subarray(offset, offset + length)).toString());
        }
      }
      expect(received).toEqual(kept === 1 ? ["hello", "last"] : ["last"]);
      expect(transport.stats).toEqual({ ...counted, kernelDrops: 0, sendErrors: 0 });
      ip("link set server0 promisc off mtu 1500", "link set client0 mtu 1500");
    });

    test("the kernel's count of lost frames adds up over several looks", async () => {
      using receiver = openRaw4({ serverPort: 67 });
      using sender = openRaw4({ serverPort: 68 });
      const to = { ifindex: client.index, source: CLIENT, address: SERVER, port: 67, mac: server.mac };
      const sendMany = async (count: number, drops: number): Promise<void> => {
        for (let left = count; left > 0; left -= 64) {
          const batch = sender.newSendBatch();
          for (let i = 0; i < Math.min(left, 64); i++) {
            batch.reserve(0);
            batch.add(0, to);
          }
          expect(batch.send()).toEqual([]);
          await turns(1);
        }
        await until(() => receiver.stats.kernelDrops >= drops);
        expect(receiver.stats.kernelDrops).toBe(drops);
      };
      await sendMany(8192 + 10, 10);
      await sendMany(5, 15);
    });

    test("a unicast destination without a MAC address is a fault of the caller", () => {
      using transport = openRaw4({ serverPort: 67 });
      const batch = transport.newSendBatch();
      batch.reserve(1);
      const to = { ifindex: server.index, source: SERVER, address: CLIENT, port: 68, mac: undefined };
      expect(() => batch.add(1, to)).toThrow("MAC");
    });

    test("hears an interface that is made after it was opened", async () => {
      using transport = openRaw4({ serverPort: 67 });
      using sender = openRaw4({ serverPort: 68 });
      ip("link add late0 type veth peer name late1", "link set late0 up", "link set late1 up");
      const batch = sender.newSendBatch();
      batch.reserve(0);
      const to = { source: 0, address: 0xffffffff, port: 67, mac: undefined };
      batch.add(0, { ...to, ifindex: findInterface("late1").index });
      expect(batch.send()).toEqual([]);
      expect((await nextBatch(transport)).datagrams[0]?.ifindex).toBe(findInterface("late0").index);
      ip("link del late0");
    });
  });

  describe("udp transport", () => {
    const loopback = (last: number) => ({ address: 0x7f000000 + last, ifindex: 1 });

    function send(from: ReturnType<typeof openUdp4>, source: number, address: number): readonly unknown[] {
      const batch = from.newSendBatch();
      const { buffer, offset } = batch.reserve(1);
      buffer[offset] = address & 0xff;
      batch.add(1, { ifindex: 1, source, address, port: 67, mac: undefined });
      return batch.send();
    }

    test("listens on other addresses when told to, and keeps what waits on those that stay", async () => {
      using transport = openUdp4([loopback(1), loopback(2)], 67);
      using sender = openUdp4([loopback(9)], 68);
      send(sender, 0x7f000009, 0x7f000001);
      transport.listen([loopback(1), loopback(3)]);
      send(sender, 0x7f000009, 0x7f000002);
      send(sender, 0x7f000009, 0x7f000003);
      // The kernel hands over within this machine in order: with the last the first is there.
      await turns(1);
      const { datagrams } = await nextBatch(transport);
      expect(datagrams.map(({ destination }) => destination)).toEqual([0x7f000001, 0x7f000003]);
      expect(datagrams.map(({ buffer, offset }) => buffer[offset])).toEqual([1, 3]);
    });

    test("an address that is not there is named, and the others are served all the same", async () => {
      using transport = openUdp4([], 67);
      const absent = { address: 0x0a090909, ifindex: 1 };
      expect(() => transport.listen([absent, loopback(1)])).toThrow(/EADDRNOTAVAIL.*10\.9\.9\.9:67/);
      using sender = openUdp4([loopback(9)], 68);
      send(sender, 0x7f000009, 0x7f000001);
      expect((await nextBatch(transport)).datagrams).toHaveLength(1);
    });

    test("a source that is no address of ours cannot be sent from", () => {
      using transport = openUdp4([loopback(1)], 68);
      expect(send(transport, 0x7f000002, 0x7f000001)).toEqual([{ index: 0, code: "ENETDOWN" }]);
    });

    test("where no interface is given the kernel's routes choose it: here the loopback, since the wire would not deliver", async () => {
      using receiver = openUdp4([{ address: CLIENT, ifindex: client.index }], 68);
      using sender = openUdp4([{ address: SERVER, ifindex: server.index }], 67);
      for (const ifindex of [server.index, 0]) {
        const batch = sender.newSendBatch();
        const { buffer, offset } = batch.reserve(1);
        buffer[offset] = ifindex;
        batch.add(1, { ifindex, source: SERVER, address: CLIENT, port: 68, mac: undefined });
        expect(batch.send()).toEqual([]);
      }
      const { datagrams } = await nextBatch(receiver);
      expect(datagrams.map(({ buffer, offset }) => buffer[offset])).toEqual([0]);
    });

    test("a datagram longer than its place is counted as bad", async () => {
      using transport = openUdp4([loopback(1)], 67);
      using sender = openUdp4([loopback(9)], 68);
      const batch = sender.newSendBatch();
      batch.reserve(4097);
      batch.add(4097, { ifindex: 1, source: 0x7f000009, address: 0x7f000001, port: 67, mac: undefined });
      expect(batch.send()).toEqual([]);
      await until(() => transport.receive(1) !== undefined || transport.stats.badFrames > 0);
      expect(transport.stats.badFrames).toBe(1);
    });

    test("a reply longer than the interface takes is refused, not fragmented", () => {
      using sender = openUdp4([{ address: SERVER, ifindex: server.index }], 67);
      ip("neigh replace 10.0.0.77 lladdr 02:00:00:00:00:77 dev server0");
      const batch = sender.newSendBatch();
      for (const length of [1472, 1473]) {
        batch.reserve(length);
        batch.add(length, { ifindex: server.index, source: SERVER, address: 0x0a00004d, port: 68, mac: undefined });
      }
      expect(batch.send()).toEqual([{ index: 1, code: "EMSGSIZE" }]);
    });
  });
});
