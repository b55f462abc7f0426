import { beforeAll, expect, test } from "vitest";
import { BpfDevices } from "../../bsd/bpf-devices.ts";
import { plugCable } from "../../bsd/testing/bpf-cable.ts";
import { KERNEL_LAYOUTS, type Kernel } from "../../bsd/testing/kernel-layouts.ts";
import { ETHERTYPE_IPV6 } from "../../frames/frame6.ts";
import type { Interface } from "../../interfaces/interface.ts";
import { testInNamespace } from "../../testing/namespaced-tests.ts";
import { collect, listening, makeWire6, openPair6, send, served, watch } from "../../testing/wire6.ts";
import { ReceivedDatagram6 } from "../received-batch.ts";
import { describeTransport } from "../transport.contract.ts";
import { OneSocket6 } from "../udp/one-socket6.ts";
import type { Transport6 } from "../udp/udp6-sockets.ts";
import { FrameTransport6 } from "./raw6-transport.ts";

// As on the BSDs and macOS: a BPF device for each interface beside one UDP socket for all. Frames go over a cable of files,
// and the sockets are on the wire of the namespace.
testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ({ server, client } = makeWire6());
  });

  function openEnds(kernel: Kernel) {
    const layout = KERNEL_LAYOUTS[kernel];
    const devices = plugCable(layout, [server.mac, client.mac]);
    return openPair6(server, client, (port) => {
      const device = port === 547 ? devices[0] : devices[1];
      const open = () => device;
      return new FrameTransport6(
        port,
        watch,
        new OneSocket6(port, false),
        (decodeFrame, stats) => new BpfDevices(ETHERTYPE_IPV6, port, ReceivedDatagram6, decodeFrame, stats, open),
      );
    });
  }

  for (const kernel of Object.keys(KERNEL_LAYOUTS) as Kernel[]) {
    // A FIFO has room for some thirty of the longest frames that are sent.
    describeTransport(`DHCPv6 by BPF of ${kernel}`, { depth: 30, groups: [], refusals: "at once", perCall: 64 }, () => {
      const pair = openEnds(kernel);
      return {
        ...pair,
        toServer: { ...pair.toServer, mac: server.mac },
        toClient: { ...pair.toClient, mac: client.mac },
        unreachable: { ...pair.unreachable, mac: server.mac },
        clientMac: client.mac,
      };
    });
  }

  test("what BPF takes is not taken from the socket as well, and what is too long for it is", async () => {
    const { server: transport, client: peer, toServer } = openEnds("freebsd");
    using _peer = peer;
    using _transport = transport;
    // Its sockets are asked only when they have called.
    transport.start(() => undefined);
    // Without a MAC address both go through the socket.
    send(peer as Transport6, toServer, new Uint8Array(1232), new Uint8Array(1233));
    expect((await collect(transport as Transport6, 1)).map(({ bytes }) => bytes.length)).toEqual([1233]);
  });

  test("a device that cannot be had leaves the interface unserved", () => {
    const transport = new FrameTransport6(
      547,
      watch,
      new OneSocket6(547, false),
      (decodeFrame, stats) =>
        new BpfDevices(ETHERTYPE_IPV6, 547, ReceivedDatagram6, decodeFrame, stats, () => {
          throw new Error("EACCES: open(/dev/bpf)");
        }),
    );
    using _ = transport;
    expect(() => transport.claim(served(server))).toThrow("/dev/bpf");
    // The port is free again.
    using _other = listening(new OneSocket6(547, false), served(server));
  });
});
