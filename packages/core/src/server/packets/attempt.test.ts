import type { Datagram } from "@kotare/netio/transports/datagram";
import { expect, it } from "vitest";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import { bytesOf, ingressOf } from "./attempt.ts";

it("a packet is where it stands in the memory of its batch, with the sender's MAC address where the frame has been seen", () => {
  const buffer = Uint8Array.from({ length: 40 }, (_, index) => index);
  const datagram = { buffer, offset: 20, length: 5, source: 1, sourcePort: 68, destination: 2, ifindex: 3 };
  const served = { index: 3 } as ServedInterface<number>;
  const macs = [-1, 0, 6].map((macOffset) => {
    const { sourceMac, ...ingress } = ingressOf({ ...datagram, macOffset } as Datagram<number>, served);
    expect(ingress).toEqual({ interface: served, source: 1, sourcePort: 68, destination: 2, over6: undefined });
    return sourceMac && [...sourceMac];
  });
  expect(macs).toEqual([undefined, [0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]);
  expect([...bytesOf(datagram)]).toEqual([20, 21, 22, 23, 24]);
});
