import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { beforeAll } from "vitest";
import { parseAddress4, parseAddress6 } from "../../frames/address-text.ts";
import { NodeInterfaces } from "../../interfaces/node-interfaces.ts";
import { describeTransport } from "../transport.contract.ts";
import { openPortable4 } from "./portable4-transport.ts";
import { openPortable6 } from "./portable6-transport.ts";

// On any system, as any user: over the loopback interface, where nothing is broadcast, and what cannot be sent is known at once.
const traits = { depth: 100, groups: [], refusals: "at once", perCall: 16 } as const;
const LOOPBACK = parseAddress4("127.0.0.1");
const LOOPBACK6 = parseAddress6("::1");
const ifindex = [...new NodeInterfaces().read().values()].find(({ loopback }) => loopback)!.index;
const watch = { interfaces: new NodeInterfaces().read() };
const onRefused = () => {};

const ports = { server: 0, client: 0 };
beforeAll(async () => {
  for (const end of ["server", "client"] as const) {
    const socket = createSocket("udp4").bind();
    await once(socket, "listening");
    ports[end] = socket.address().port;
    socket.close();
  }
});

describeTransport("portable on loopback", traits, () => {
  const open = (port: number) =>
    openPortable4([{ address: LOOPBACK, ifindex }], { port, watch, broadcasts: true, onRefused });
  const toServer = { ifindex, source: LOOPBACK, address: LOOPBACK, port: ports.server };
  return {
    server: open(ports.server),
    client: open(ports.client),
    toServer,
    toClient: { ...toServer, port: ports.client },
    clientPort: ports.client,
    serverIfindex: ifindex,
    clientMac: undefined,
    unreachable: { ...toServer, port: 0 },
  };
});

const hasIpv6 = Object.values(networkInterfaces()).some((entries) => entries?.some(({ address }) => address === "::1"));
if (hasIpv6) {
  describeTransport("portable6 on loopback", traits, () => {
    const open = (port: number) => {
      const transport = openPortable6({ port, watch, onRefused });
      transport.claim({ name: watch.interfaces.get(ifindex)!.name, ifindex });
      return transport;
    };
    const toServer = { ifindex, source: LOOPBACK6, address: LOOPBACK6, port: ports.server };
    return {
      server: open(ports.server),
      client: open(ports.client),
      toServer,
      toClient: { ...toServer, port: ports.client },
      clientPort: ports.client,
      serverIfindex: ifindex,
      clientMac: undefined,
      unreachable: { ...toServer, port: 0 },
    };
  });
}
