import { expect, test } from "vitest";
import type { Batch, Datagram, Destination, Destination6 } from "../transports/datagram.ts";
import { describeTransport } from "../transports/transport.contract.ts";
import { address6 } from "./build-packet6.ts";
import { type AddressedTransport, MemoryTransport4, MemoryTransport6 } from "./memory-transport.ts";

const MAC = Uint8Array.of(2, 0, 0, 0, 0, 1);
const GROUP = address6("ff020000000000000000000000010002");
const SERVER = address6("fe80000000000000000000000000000a");
const CLIENT = address6("fe80000000000000000000000000000b");

/** A wire between two transports: what one sends on port `sourcePort` the other receives on interface 2. */
function connect<A>(from: AddressedTransport<A>, to: AddressedTransport<A>, sourcePort: number): void {
  from.onSent = ({ payload, to: { source, address } }) => {
    to.deliver({ payload, ifindex: 2, source, sourcePort, destination: address, mac: MAC });
  };
}

describeTransport("memory", { depth: 5000, groups: [0xffffffff], refusals: "at once", perCall: 64 }, () => {
  const clock = { monotonic: () => performance.now() };
  const server = new MemoryTransport4(clock);
  const client = new MemoryTransport4(clock);
  connect(client, server, 68);
  connect(server, client, 67);
  client.down.add(9);
  const toServer: Destination = { ifindex: 1, source: 2, address: 1, port: 67, mac: undefined };
  const toClient: Destination = { ifindex: 2, source: 1, address: 2, port: 68, mac: undefined };
  return {
    server,
    client,
    toServer,
    toClient,
    clientPort: 68,
    serverIfindex: 2,
    clientMac: MAC,
    unreachable: { ...toServer, ifindex: 9 },
  };
});

describeTransport("memory6", { depth: 5000, groups: [GROUP], refusals: "at once", perCall: 64 }, () => {
  const clock = { monotonic: () => performance.now() };
  const server = new MemoryTransport6(clock);
  const client = new MemoryTransport6(clock);
  connect(client, server, 546);
  connect(server, client, 547);
  client.down.add(9);
  const toServer: Destination6 = { ifindex: 1, source: CLIENT, address: SERVER, port: 547 };
  return {
    server,
    client,
    toServer,
    toClient: { ifindex: 2, source: SERVER, address: CLIENT, port: 546 },
    clientPort: 546,
    serverIfindex: 2,
    clientMac: MAC,
    unreachable: { ...toServer, ifindex: 9 },
  };
});

test("a datagram is stamped with the clock's time of its arrival, not of its reading", () => {
  let now = 1000;
  const transport = new MemoryTransport4({ monotonic: () => now });
  transport.deliver({ payload: Uint8Array.of(1), ifindex: 1 });
  now = 2000;
  expect(transport.receive(1)?.datagrams[0]?.received).toBe(1000);
});

test("released memory is overwritten", () => {
  const transport = new MemoryTransport4({ monotonic: () => 0 });
  transport.deliver({ payload: Uint8Array.of(1), ifindex: 1 });
  const batch = transport.receive(1) as Batch;
  const { buffer, offset } = batch.datagrams[0] as Datagram;
  expect(buffer[offset]).toBe(1);
  batch.release();
  expect(buffer[offset]).not.toBe(1);
});

test("what was sent is kept as it was, and taken out once", () => {
  const transport = new MemoryTransport4({ monotonic: () => 0 });
  const to: Destination = { ifindex: 1, source: 2, address: 3, port: 68, mac: MAC };
  const batch = transport.newSendBatch();
  const { buffer, offset } = batch.reserve(10);
  buffer[offset] = 7;
  batch.add(1, to);
  buffer[offset] = 8;
  batch.send();
  expect(transport.takeSent()).toEqual([{ payload: Uint8Array.of(7), to }]);
  expect(transport.sent).toEqual([]);
});
