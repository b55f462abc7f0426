import type { Destination, SendBatch } from "@kotare/netio/transports/datagram";
import { expect, it } from "vitest";
import { DeliveringBatch } from "./delivering-batch.ts";

const to: Destination = { ifindex: 1, source: 0, address: 0, port: 68, mac: undefined };

/** Sends to nobody, and fails with the replies whose first byte is 0. */
function sockets(): SendBatch {
  const buffer = new Uint8Array(100);
  const sent: number[] = [];
  return {
    reserve: () => ({ buffer, offset: 10 }),
    add: () => void sent.push(buffer[10]!),
    get size() {
      return sent.length;
    },
    send: () => sent.flatMap((first, index) => (first === 0 ? [{ index, code: "ENETDOWN" }] : [])),
    discard: () => undefined,
  };
}

function write(batch: DeliveringBatch<number>, first: number, destination: Destination): void {
  const { buffer, offset } = batch.reserve(4);
  buffer.fill(first, offset, offset + 4);
  batch.add(4, destination);
}

it("delivers what is to be delivered, and says which of the others could not be sent", () => {
  const delivered: number[][] = [];
  const batch = new DeliveringBatch(sockets());
  const elsewhere = { ...to, deliver: (payload: Uint8Array) => delivered.push([...payload]) < 2 };
  for (const [first, where] of [
    [1, to],
    [2, elsewhere],
    [0, to],
    [3, elsewhere],
  ] as const) {
    write(batch, first, where);
  }
  expect(batch.size).toBe(4);
  expect(delivered).toEqual([]);
  expect(batch.send()).toEqual([
    { index: 2, code: "ENETDOWN" },
    { index: 3, code: "EMSGSIZE" },
  ]);
  expect(delivered).toEqual([
    [2, 2, 2, 2],
    [3, 3, 3, 3],
  ]);
});

it("delivers where there are no sockets", () => {
  const delivered: number[] = [];
  const batch = new DeliveringBatch<number>(undefined);
  write(batch, 7, { ...to, deliver: (payload: Uint8Array) => delivered.push(payload[0]!) > 0 } as Destination);
  expect(batch.send()).toEqual([]);
  expect(delivered).toEqual([7]);
});

it("delivers nothing of a batch that is given up", () => {
  const batch = new DeliveringBatch(sockets());
  write(batch, 1, { ...to, deliver: () => expect.unreachable() } as Destination);
  batch.discard();
});
