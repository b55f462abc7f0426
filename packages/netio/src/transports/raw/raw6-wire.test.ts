import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Interface } from "../../interfaces/interface.ts";
import { ip, testInNamespace } from "../../testing/namespaced-tests.ts";
import {
  CLIENT,
  CLIENT_GLOBAL,
  collect,
  letter,
  listening,
  makeWire6,
  openPair6,
  SERVER,
  SERVER_GLOBAL,
  send,
  served,
  watch,
} from "../../testing/wire6.ts";
import { describeTransport } from "../transport.contract.ts";
import { openUdp6 } from "../udp/udp6-transport.ts";
import { openRaw6 } from "./raw6-transport.ts";

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ({ server, client } = makeWire6());
  });

  describeTransport("raw6 by MAC address", { depth: 5000, groups: [], refusals: "at once", perCall: 64 }, () => {
    const pair = openPair6(server, client, (port) => openRaw6(port, watch));
    return {
      ...pair,
      toServer: { ...pair.toServer, mac: server.mac },
      toClient: { ...pair.toClient, mac: client.mac },
      unreachable: { ...pair.unreachable, mac: server.mac },
      clientMac: client.mac,
    };
  });

  describe("a reply with a MAC address", () => {
    const elsewhere = "neigh replace fe80::b lladdr 02:00:00:00:00:99 nud permanent dev server0";

    afterEach(() => ip("neigh flush all nud permanent dev server0"));

    test("the kernel's neighbours do not matter, but for the other replies of the batch", async () => {
      ip(elsewhere);
      using transport = listening(openRaw6(547, watch), served(server));
      using peer = listening(openUdp6(546), served(client));
      const lost = { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 };
      const found = { ...lost, mac: client.mac };
      const global = { ...lost, source: SERVER_GLOBAL, address: CLIENT_GLOBAL };
      const batch = transport.newSendBatch();
      for (const [text, to] of [
        ["a", found],
        ["b", global],
        ["c", lost],
        ["d", found],
        ["e", found],
      ] as const) {
        const { buffer, offset } = batch.reserve(1);
        buffer.set(letter(text), offset);
        batch.add(1, to);
      }
      expect(batch.send()).toEqual([]);
      const came = await collect(peer, 4);
      expect(came.map(({ bytes }) => Buffer.from(bytes).toString()).sort()).toEqual(["a", "b", "d", "e"]);
    });

    test.each([1232, 1233, 6000])("one of %i bytes arrives", async (length) => {
      using transport = listening(openRaw6(547, watch), served(server));
      using peer = listening(openUdp6(546), served(client));
      const to = { ifindex: server.index, source: SERVER, address: CLIENT, port: 546, mac: client.mac };
      send(transport, to, new Uint8Array(length));
      expect((await collect(peer, 1)).map(({ bytes }) => bytes.length)).toEqual([length]);
    });
  });
});
