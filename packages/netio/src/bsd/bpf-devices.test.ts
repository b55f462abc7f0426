import { describe, expect, test } from "vitest";
import { decodeFrame4, ETHERTYPE_IPV4 } from "../frames/frame4.ts";
import type { TransportStats } from "../transports/datagram.ts";
import { FrameTransport4 } from "../transports/raw/raw4-transport.ts";
import { ReceivedDatagram4 } from "../transports/received-batch.ts";
import { describeTransport, nextBatch } from "../transports/transport.contract.ts";
import { BpfDevices } from "./bpf-devices.ts";
import { plugCable } from "./testing/bpf-cable.ts";
import { KERNEL_LAYOUTS } from "./testing/kernel-layouts.ts";

const SERVER = { address: 0x0a000001, mac: Uint8Array.of(2, 0, 0, 0, 0, 1), port: 67, ifindex: 3 };
const CLIENT = { address: 0x0a000002, mac: Uint8Array.of(2, 0, 0, 0, 0, 2), port: 68, ifindex: 7 };
const NO_INTERFACE = 9;

function openChannel(device: ReturnType<typeof plugCable>[number]): BpfDevices<number, ReceivedDatagram4> {
  const stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  return new BpfDevices(ETHERTYPE_IPV4, 67, ReceivedDatagram4, decodeFrame4, stats, () => device);
}

function openPair(layout: (typeof KERNEL_LAYOUTS)["macos"]) {
  const [serverEnd, clientEnd] = plugCable(layout, [SERVER.mac, CLIENT.mac]);
  const server = new FrameTransport4(openChannel(serverEnd), SERVER.port);
  const client = new FrameTransport4(openChannel(clientEnd), CLIENT.port);
  const attached = server.attach(SERVER.ifindex, "em0");
  client.attach(CLIENT.ifindex, "em1");
  const { address, port, mac } = SERVER;
  const toServer = { ifindex: CLIENT.ifindex, source: CLIENT.address, address, port, mac };
  const toClient = { ...CLIENT, ifindex: SERVER.ifindex, source: SERVER.address };
  return { server, client, toServer, toClient, attached };
}

// A FIFO has room for some thirty of the longest frames that are sent.
for (const [kernel, layout] of Object.entries(KERNEL_LAYOUTS)) {
  describeTransport(`BPF of ${kernel}`, { depth: 30, groups: [0xffffffff], refusals: "at once", perCall: 64 }, () => {
    const { server, client, toServer, toClient } = openPair(layout);
    return {
      server,
      client,
      toServer,
      toClient,
      clientPort: CLIENT.port,
      serverIfindex: SERVER.ifindex,
      clientMac: CLIENT.mac,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });
}

describe("BPF devices", () => {
  test("one that is detached receives nothing any more, and cannot be sent through", async () => {
    const { server, client, toServer, toClient, attached } = openPair(KERNEL_LAYOUTS.freebsd);
    using _ = client;
    using __ = server;
    const knock = client.newSendBatch();
    knock.reserve(0);
    knock.add(0, toServer);
    knock.send();
    (await nextBatch(server)).release();
    attached[Symbol.dispose]();
    attached[Symbol.dispose]();
    const answer = server.newSendBatch();
    answer.reserve(0);
    answer.add(0, toClient);
    expect(answer.send()).toEqual([{ index: 0, code: "ENETDOWN" }]);
    expect(server.receive(1)).toBeUndefined();
  });
});
