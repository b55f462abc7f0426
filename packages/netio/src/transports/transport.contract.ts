/** What every `Transport` does, as a test suite that each of them runs. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Batch, Datagram, Destination, Transport } from "./datagram.ts";

/** Two transports that reach each other. */
export interface TransportPair<Address> {
  readonly server: Transport<Address>;
  readonly client: Transport<Address>;
  /** The server as a destination of the client, by unicast. */
  readonly toServer: Destination<Address>;
  readonly toClient: Destination<Address>;
  /** The port that the client sends from. */
  readonly clientPort: number;
  /** The interface that the server receives on. */
  readonly serverIfindex: number;
  /** The client's MAC address; `undefined` where the server cannot know it. */
  readonly clientMac: Uint8Array | undefined;
  /** Leads nowhere: sending to it fails. */
  readonly unreachable: Destination<Address>;
}

export interface TransportTraits<Address> {
  /** Datagrams that may wait without loss. */
  readonly depth: number;
  /** Addresses that a client sends to as it knows no other; those that the transport receives. */
  readonly groups: readonly Address[];
  /** When what the kernel refuses is known: `send` returns it, or it is counted, and told the owner, some turns later. */
  readonly refusals: "at once" | "later";
  /** Datagrams that one call gets at least, while more of them wait. */
  readonly perCall: number;
}

export function describeTransport<Address>(
  name: string,
  traits: TransportTraits<Address>,
  openPair: () => TransportPair<Address>,
): void {
  describe(`${name} transport`, () => {
    let pair: TransportPair<Address>;

    beforeEach(() => {
      pair = openPair();
    });

    afterEach(() => {
      pair.server[Symbol.dispose]();
      pair.client[Symbol.dispose]();
    });

    test("delivers a payload with where it came from, where it went and when", async () => {
      const { server, client, toServer } = pair;
      const before = performance.now();
      send(client, toServer, ["hello"]);
      const batch = await firstBatch(server);
      expect(batch.datagrams).toHaveLength(1);
      const datagram = batch.datagrams[0] as Datagram<Address>;
      expect(text(datagram)).toBe("hello");
      expect(datagram.ifindex).toBe(pair.serverIfindex);
      expect(datagram.source).toBe(toServer.source);
      expect(datagram.sourcePort).toBe(pair.clientPort);
      expect(datagram.destination).toBe(toServer.address);
      expect(datagram.received).toBeGreaterThanOrEqual(before - 1);
      expect(datagram.received).toBeLessThanOrEqual(performance.now());
      const { buffer, macOffset } = datagram;
      const mac = macOffset === -1 ? undefined : buffer.slice(macOffset, macOffset + 6);
      expect(mac).toEqual(pair.clientMac);
      batch.release();
    });

    test("replies reach the sender by unicast", async () => {
      send(pair.server, pair.toClient, ["answer"]);
      expect(await collect(pair.client, 1)).toEqual(["answer"]);
    });

    if (traits.groups.length > 0) {
      test("receives broadcasts and multicasts", async () => {
        const { server, client, toServer } = pair;
        for (const address of traits.groups) {
          send(client, { ...toServer, address, mac: undefined }, ["to all"]);
          const batch = await nextBatch(server);
          expect(batch.datagrams.map(text)).toEqual(["to all"]);
          expect(batch.datagrams[0]?.destination).toBe(address);
          batch.release();
        }
      });
    }

    test("keeps the order of a batch that needs several system calls", async () => {
      const payloads = numbered(Math.min(traits.depth, 200));
      send(pair.client, pair.toServer, payloads);
      expect(await collect(pair.server, payloads.length)).toEqual(payloads);
    });

    test("a batch grows beyond its first memory without losing what is written", async () => {
      const payloads = numbered(Math.min(traits.depth, 100)).map((payload) => payload.padEnd(1400, "."));
      send(pair.client, pair.toServer, payloads);
      expect(await collect(pair.server, payloads.length)).toEqual(payloads);
    });

    test("an empty payload and an empty batch are nothing special", async () => {
      expect(pair.client.newSendBatch().send()).toEqual([]);
      send(pair.client, pair.toServer, ["", "after"]);
      expect(await collect(pair.server, 2)).toEqual(["", "after"]);
    });

    test("receive takes no more than its limit and nothing when nothing waits", async () => {
      const { server, client, toServer } = pair;
      expect(server.receive(10)).toBeUndefined();
      send(client, toServer, numbered(5));
      const received: string[] = [];
      while (received.length < 5) {
        const batch = await nextBatch(server, 3);
        expect(batch.datagrams.length).toBeLessThanOrEqual(3);
        received.push(...batch.datagrams.map(text));
        batch.release();
      }
      expect(received).toEqual(numbered(5));
      expect(server.receive(3)).toBeUndefined();
    });

    test("batches that are held keep their content while others come and go", async () => {
      const { server, client, toServer } = pair;
      send(client, toServer, ["held"]);
      const held = await firstBatch(server);
      for (const payload of ["one", "two", "three"]) {
        send(client, toServer, [payload]);
        const batch = await nextBatch(server);
        expect(batch.datagrams.map(text)).toEqual([payload]);
        batch.release();
      }
      expect(held.datagrams.map(text)).toEqual(["held"]);
      held.release();
    });

    test("a batch released twice is a fault of the caller", async () => {
      send(pair.client, pair.toServer, ["x"]);
      const batch = await firstBatch(pair.server);
      batch.release();
      expect(() => batch.release()).toThrow("released twice");
    });

    test("a batch sent twice is a fault of the caller", () => {
      const batch = pair.client.newSendBatch();
      batch.send();
      expect(() => batch.send()).toThrow("already sent");
      expect(() => batch.add(0, pair.toServer)).toThrow("already sent");
    });

    test("a batch that is discarded sends nothing, and the next starts empty", async () => {
      const { server, client, toServer } = pair;
      const batch = client.newSendBatch();
      batch.reserve(1);
      batch.add(1, toServer);
      batch.discard();
      expect(() => batch.send()).toThrow("already sent");
      expect(client.newSendBatch().size).toBe(0);
      send(client, toServer, ["only this"]);
      expect(await collect(server, 1)).toEqual(["only this"]);
    });

    test("does not call while paused, and calls for what waits when resumed", async () => {
      const { server, client, toServer } = pair;
      let calls = 0;
      server.start(() => {
        calls++;
        server.receive(10)?.release();
      });
      server.pause();
      send(client, toServer, ["waits"]);
      await turns(5);
      expect(calls).toBe(0);
      server.resume();
      await until(() => calls > 0);
      await turns(5);
      expect(calls).toBe(1);
    });

    test("can be paused before it starts", async () => {
      const { server, client, toServer } = pair;
      let calls = 0;
      server.pause();
      server.start(() => {
        calls++;
        server.receive(10)?.release();
      });
      send(client, toServer, ["waits"]);
      await turns(5);
      expect(calls).toBe(0);
      server.resume();
      await until(() => calls > 0);
    });

    test("calls again as long as something waits", async () => {
      const { server, client, toServer } = pair;
      let calls = 0;
      server.start(() => {
        calls++;
        server.receive(1)?.release();
      });
      send(client, toServer, numbered(4));
      await until(() => calls === 4);
      await turns(5);
      expect(calls).toBe(4);
    });

    test("receive works while paused", async () => {
      const { server, client, toServer } = pair;
      server.start(() => expect.unreachable("called while paused"));
      server.pause();
      send(client, toServer, ["fetched"]);
      const batch = await nextBatch(server);
      expect(batch.datagrams.map(text)).toEqual(["fetched"]);
    });

    test(`a burst of ${traits.depth} while paused arrives whole and in order, in few calls`, async () => {
      const { server, client, toServer } = pair;
      const payloads = numbered(traits.depth).map((payload) => payload.padEnd(300, "."));
      server.start(() => expect.unreachable("called while paused"));
      server.pause();
      for (let at = 0; at < payloads.length; at += 64) {
        send(client, toServer, payloads.slice(at, at + 64));
        // A busy kernel passes on what it has later; its own queue before that is shorter than ours.
        await turns(1);
      }
      const received: string[] = [];
      let calls = 0;
      for (; received.length < payloads.length; calls++) {
        const batch = await nextBatch(server, 10_000);
        received.push(...batch.datagrams.map(text));
        batch.release();
      }
      expect(received).toEqual(payloads);
      expect(calls).toBeLessThanOrEqual(Math.ceil(traits.depth / traits.perCall));
      expect(server.stats.kernelDrops).toBe(0);
    });

    test("what the kernel refuses is named, counted and costs no other reply", async () => {
      const { server, client, toServer, unreachable } = pair;
      const batch = client.newSendBatch();
      const rooms: { buffer: Uint8Array; offset: number }[] = [];
      for (const to of [toServer, unreachable, toServer, unreachable]) {
        const { buffer, offset } = batch.reserve(1);
        rooms.push({ buffer, offset });
        buffer[offset] = 0x61 + batch.size;
        batch.add(1, to);
      }
      expect(batch.size).toBe(4);
      const code = expect.stringMatching(/^E[A-Z]+$/);
      const refused = [1, 3].map((index) => ({ index, code }));
      expect(batch.send()).toEqual(traits.refusals === "at once" ? refused : []);
      expect(rooms.map(({ buffer, offset }) => buffer[offset])).toEqual([0x61, 0x62, 0x63, 0x64]);
      expect(await collect(server, 2)).toEqual(["a", "c"]);
      expect(client.stats.sendErrors).toBe(2);
    });

    test("after its disposal nothing is called any more", async () => {
      const { server, client, toServer } = pair;
      let calls = 0;
      server.start(() => {
        calls++;
      });
      send(client, toServer, ["too late"]);
      server[Symbol.dispose]();
      // An owner that waits for the disk may come back late.
      server.resume();
      server[Symbol.dispose]();
      await turns(5);
      expect(calls).toBe(0);
    });
  });
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `payload ${index}`);
}

function text({ buffer, offset, length }: Datagram<unknown>): string {
  return Buffer.from(buffer.subarray(offset, offset + length)).toString();
}

function send<Address>(from: Transport<Address>, to: Destination<Address>, payloads: readonly string[]): void {
  const batch = from.newSendBatch();
  for (const payload of payloads) {
    const { buffer, offset } = batch.reserve(payload.length);
    buffer.set(Buffer.from(payload), offset);
    batch.add(payload.length, to);
  }
  expect(batch.send()).toEqual([]);
}

/** Lets the event loop look at its sockets `count` times. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}

/** Starts the transport and gives what it has when it first calls. */
function firstBatch<Address>(transport: Transport<Address>): Promise<Batch<Address>> {
  return new Promise((resolve) => {
    transport.start(() => {
      transport.pause();
      resolve(transport.receive(64) as Batch<Address>);
    });
  });
}

/** Asks until something has come. */
export async function nextBatch<Address>(transport: Transport<Address>, limit = 64): Promise<Batch<Address>> {
  for (;;) {
    const batch = transport.receive(limit);
    if (batch !== undefined) return batch;
    await turns(1);
  }
}

async function collect(transport: Transport<unknown>, count: number): Promise<string[]> {
  const payloads: string[] = [];
  transport.start(() => {
    const batch = transport.receive(64);
    payloads.push(...(batch?.datagrams.map(text) ?? []));
    batch?.release();
  });
  await until(() => payloads.length >= count);
  return payloads;
}
