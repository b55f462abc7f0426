import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type Ipv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Sockets } from "@kotare/core/server/interfaces/sockets";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import type { Transport } from "@kotare/netio/transports/datagram";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSockets4 } from "./sockets4.ts";

const loopback = [...listInterfaces().values()].find(({ name }) => name === "lo")!;
const lo = (...addresses: string[]) => ({
  index: loopback.index,
  name: "lo",
  mtu: 1500,
  mac: new Uint8Array(6),
  addresses: addresses.map((address) => parseIpv4(address)!),
});

let port: number;
let sockets: Sockets<Ipv4>;
let opened: Transport[];

/** Takes the port, or fails when somebody has it. */
async function take(address: string, wanted = port): Promise<{ port: number; free(): Promise<unknown> }> {
  const socket = createSocket("udp4");
  socket.bind(wanted, address);
  await once(socket, "listening");
  return {
    port: socket.address().port,
    free() {
      socket.close();
      return once(socket, "close");
    },
  };
}

beforeEach(async () => {
  const held = await take("127.0.0.1", 0);
  port = held.port;
  await held.free();
  opened = [];
  sockets = openSockets4("udp", port, (transport) => opened.push(transport));
});

afterEach(() => sockets[Symbol.dispose]());

describe("UDP sockets", () => {
  it("are opened with the first interface that is claimed, and handed over once", () => {
    expect(sockets.transport).toBeUndefined();
    sockets.claim(lo("127.0.0.1"));
    sockets.claim(lo("127.0.0.2"));
    expect(opened).toEqual([sockets.transport]);
  });

  it("hold the port at the claimed addresses until they are given back", async () => {
    sockets.claim(lo("127.0.0.3"));
    const claim = sockets.claim(lo("127.0.0.1"));
    await expect(take("127.0.0.1")).rejects.toThrow("EADDRINUSE");
    claim[Symbol.dispose]();
    await (await take("127.0.0.1")).free();
    await expect(take("127.0.0.3")).rejects.toThrow("EADDRINUSE");
  });

  it("that cannot be had are an error that says what to do; the others stay (row 5)", async () => {
    const other = await take("127.0.0.2");
    sockets.claim(lo("127.0.0.1"));
    expect(() => sockets.claim(lo("127.0.0.2"))).toThrow(
      new RegExp(`EADDRINUSE.*another DHCP server has UDP port ${port} there: find it with "ss `),
    );
    await expect(take("127.0.0.1")).rejects.toThrow("EADDRINUSE");
    await other.free();
    sockets.claim(lo("127.0.0.2"));
  });

  it("that cannot be had at one of several addresses are given back at all of them", async () => {
    const other = await take("127.0.0.2");
    expect(() => sockets.claim(lo("127.0.0.1", "127.0.0.2"))).toThrow("EADDRINUSE");
    await (await take("127.0.0.1")).free();
    await other.free();
    sockets.claim(lo("127.0.0.1", "127.0.0.2"));
    expect(opened).toHaveLength(1);
  });
});
