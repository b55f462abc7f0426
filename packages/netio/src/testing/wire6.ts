/** Two interfaces joined by a wire, and DHCPv6 transports on them, for tests that run in a namespace. */

import { expect } from "vitest";
import type { Address6 } from "../frames/address6.ts";
import type { Interface } from "../interfaces/interface.ts";
import { listInterfaces } from "../interfaces/interfaces.ts";
import type { Destination6 } from "../transports/datagram.ts";
import { nextBatch, type TransportPair } from "../transports/transport.contract.ts";
import type { Endpoint6, Transport6 } from "../transports/udp/udp6-sockets.ts";
import { address6 } from "./build-packet6.ts";
import { findInterface, ip } from "./namespaced-tests.ts";

export const SERVER = address6("fe80000000000000000000000000000a");
export const CLIENT = address6("fe80000000000000000000000000000b");
export const SERVER_GLOBAL = address6("20010db800000000000000000000000a");
export const CLIENT_GLOBAL = address6("20010db800000000000000000000000b");
export const RELAY_AGENTS_AND_SERVERS = address6("ff020000000000000000000000010002");
export const SERVERS = address6("ff050000000000000000000000010003");
export const NO_INTERFACE = 9999;

/** Makes `server0` and `client0`, each with a link-local and a global address. */
export function makeWire6(): { readonly server: Interface; readonly client: Interface } {
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
  return { server: findInterface("server0"), client: findInterface("client0") };
}

/** The interfaces as they are whenever they are asked for. */
export const watch = {
  get interfaces() {
    return listInterfaces();
  },
};

export function served({ name, index }: Interface): Endpoint6 {
  return { name, ifindex: index };
}

export function listening(transport: Transport6, ...endpoints: Endpoint6[]): Transport6 {
  for (const endpoint of endpoints) transport.claim(endpoint);
  return transport;
}

/** For the contract of all transports. */
export function openPair6(
  server: Interface,
  client: Interface,
  open: (port: number) => Transport6,
): Omit<TransportPair<Address6>, "clientMac"> {
  const toServer: Destination6 = { ifindex: client.index, source: CLIENT, address: SERVER, port: 547 };
  return {
    server: listening(open(547), served(server)),
    client: listening(open(546), served(client)),
    toServer,
    toClient: { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 },
    clientPort: 546,
    serverIfindex: server.index,
    unreachable: { ...toServer, ifindex: NO_INTERFACE },
  };
}

/** Sends `payloads` and expects the kernel to take them. */
export function send(from: Transport6, to: Destination6, ...payloads: Uint8Array[]): void {
  const batch = from.newSendBatch();
  for (const payload of payloads) {
    const { buffer, offset } = batch.reserve(payload.length);
    buffer.set(payload, offset);
    batch.add(payload.length, to);
  }
  expect(batch.send()).toEqual([]);
}

/** Asks until `count` datagrams have come. */
export async function collect(transport: Transport6, count: number): Promise<{ ifindex: number; bytes: Uint8Array }[]> {
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

export function letter(text: string): Uint8Array {
  return Uint8Array.of(text.charCodeAt(0));
}
